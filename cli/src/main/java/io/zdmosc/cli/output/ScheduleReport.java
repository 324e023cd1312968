package io.zdmosc.cli.output;

import io.zdmosc.engine.plan.Plan;
import io.zdmosc.engine.schedule.EntryState;
import io.zdmosc.engine.schedule.ScheduleEntry;
import io.zdmosc.engine.schedule.ScheduleEntry.OwnMigration;
import io.zdmosc.engine.schedule.Turn;
import java.io.PrintStream;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The schedule, as text or as JSON events. */
public final class ScheduleReport {
  private final PrintStream out;
  private final JsonLines json;
  private final Clock clock = Clock.systemUTC();

  public ScheduleReport(PrintStream out, OutputFormat format) {
    this.out = out;
    this.json = format == OutputFormat.JSON ? new JsonLines(out, clock) : null;
  }

  /** An entry was added. */
  public void added(ScheduleEntry entry, Plan plan) {
    if (json != null) {
      json.write("plan", JsonShape.of(plan));
      json.write("added", fields(entry));
      return;
    }
    PlanText.brief(plan).forEach(out::println);
    out.println();
    print(entry);
    out.println(
        "Next: zdm-osc serve carries it out; zdm-osc schedule list shows how it stands; zdm-osc"
            + " schedule remove --id "
            + entry.id()
            + " takes it back");
  }

  public void list(List<ScheduleEntry> entries) {
    if (json != null) {
      entries.forEach(entry -> json.write("entry", fields(entry)));
      return;
    }
    if (entries.isEmpty()) {
      out.println("Nothing is scheduled. Next: zdm-osc schedule add --table=TABLE --alter=CLAUSE");
    }
    entries.forEach(this::print);
  }

  /** An entry was removed. */
  public void removed(ScheduleEntry entry) {
    if (json != null) {
      json.write("removed", fields(entry));
      return;
    }
    out.println("Removed entry " + entry.id() + " of " + entry.table() + " from the schedule.");
  }

  private void print(ScheduleEntry entry) {
    out.println("Entry " + entry.id() + " of " + entry.table() + ": " + entry.state().label());
    out.println("  ALTER TABLE ... " + entry.alter());
    out.println("  " + says(entry).replaceAll("\\R", "\n  "));
  }

  /** What there is to say in its state. */
  private String says(ScheduleEntry entry) {
    return switch (entry.state()) {
      case WAITING -> waiting(entry);
      case RUNNING -> running(entry);
      case DONE ->
          since(entry)
              + entry.migration().map(it -> ", migration " + it.id()).orElse("")
              + (entry.detail().isBlank() ? "" : ": " + entry.detail());
      case FAILED ->
          since(entry)
              + ": "
              + entry.detail()
              + (entry.isWorthAnother() ? "\nNext: zdm-osc schedule retry --id " + entry.id() : "");
    };
  }

  private String waiting(ScheduleEntry entry) {
    String obstacle = Turn.obstacle(entry, clock.instant());
    String priority = entry.priority() == 0 ? "" : "; priority " + entry.priority();
    return (obstacle.isEmpty() ? "for a process: zdm-osc serve" : obstacle) + priority;
  }

  private static String running(ScheduleEntry entry) {
    String migration =
        entry.migration().map(it -> "migration " + it.id() + ", " + it.state().label()).orElse("");
    boolean driven = entry.held() || entry.migration().filter(OwnMigration::alive).isPresent();
    String who =
        driven
            ? entry.owner() + " is at it"
            : "its process (" + entry.owner() + ") is gone; zdm-osc serve goes on with it";
    return (migration.isEmpty() ? "" : migration + "; ")
        + who
        + (entry.detail().isBlank() ? "" : "\n" + entry.detail());
  }

  private static String since(ScheduleEntry entry) {
    return "since " + entry.changedAt().truncatedTo(ChronoUnit.SECONDS);
  }

  private Map<String, Object> fields(ScheduleEntry entry) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("entry", entry.id());
    fields.put("table", entry.table());
    fields.put("alter", entry.alter());
    fields.put("state", entry.state().label());
    fields.put("detail", entry.detail());
    fields.put("priority", entry.priority());
    fields.put("not_before", entry.notBefore().map(Object::toString).orElse(null));
    boolean waits = entry.state() == EntryState.WAITING;
    fields.put("waits", waits ? Turn.obstacle(entry, clock.instant()) : null);
    fields.put("migration", entry.migration().map(OwnMigration::id).orElse(null));
    fields.put("migration_state", entry.migration().map(it -> it.state().label()).orElse(null));
    fields.put("held", entry.held());
    fields.put("owner", entry.owner());
    fields.put("added_at", entry.addedAt().toString());
    fields.put("changed_at", entry.changedAt().toString());
    return fields;
  }
}
