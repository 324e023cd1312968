package io.zdmosc.cli.output;

import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.spi.ControlStore.Unfinished;
import io.zdmosc.engine.spi.MigrationStatus;
import io.zdmosc.engine.spi.Transition;
import java.io.PrintStream;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How migrations stand and what they were told, as text or as JSON events. */
public final class SteeringReport {
  /** Reports come every other second; one that is older is not of the present. */
  private static final long OLD_MILLIS = 10_000;

  private final PrintStream out;
  private final JsonLines json;

  public SteeringReport(PrintStream out, OutputFormat format) {
    this.out = out;
    this.json = format == OutputFormat.JSON ? new JsonLines(out, Clock.systemUTC()) : null;
  }

  /** A migration was told something. */
  public void told(Unfinished migration, String answer) {
    if (json != null) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("migration", migration.id());
      fields.put("table", migration.table());
      fields.put("state", migration.state().label());
      fields.put("alive", migration.alive());
      fields.put("answer", answer);
      json.write("told", fields);
      return;
    }
    out.println(
        "Migration "
            + migration.id()
            + " of "
            + migration.table()
            + " ("
            + migration.state().label()
            + "): "
            + answer);
  }

  /** There is none to tell of; as JSON, that is no event. */
  public void none(String words) {
    if (json == null) {
      out.println(words);
    }
  }

  /** What a migration that is watched has come to. */
  public void passed(Unfinished migration, List<Transition> transitions) {
    for (Transition each : transitions) {
      if (json == null) {
        out.println(
            each.at().truncatedTo(ChronoUnit.SECONDS)
                + " "
                + StateText.of(each.state(), each.detail()));
      } else {
        json.write("transition", fields(migration.id(), migration.table(), each));
      }
    }
  }

  private static Map<String, Object> fields(long id, String table, Transition transition) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("migration", id);
    fields.put("table", table);
    fields.put("at", transition.at().toString());
    fields.put("state", transition.state().label());
    fields.put("detail", transition.detail());
    return fields;
  }

  public void status(List<MigrationStatus> migrations) {
    if (json != null) {
      migrations.forEach(migration -> json.write("status", fields(migration)));
      return;
    }
    for (MigrationStatus migration : migrations) {
      out.println(title(migration) + progress(migration));
      out.println("  ALTER TABLE ... " + migration.alter());
      report(migration).forEach(line -> out.println("  " + line));
      out.println(
          "  since "
              + migration.changedAt().truncatedTo(ChronoUnit.SECONDS)
              + (migration.detail().isBlank() ? "" : ": " + migration.detail()));
      out.println("  " + next(migration));
    }
  }

  public void history(MigrationStatus migration, List<Transition> transitions) {
    if (json != null) {
      for (Transition transition : transitions) {
        json.write("transition", fields(migration.id(), migration.table(), transition));
      }
      return;
    }
    out.println(title(migration));
    transitions.forEach(
        each ->
            out.println(
                "  "
                    + each.at().truncatedTo(ChronoUnit.SECONDS)
                    + " "
                    + StateText.of(each.state(), each.detail())));
  }

  private static String title(MigrationStatus migration) {
    return "Migration "
        + migration.id()
        + " of "
        + migration.table()
        + ": "
        + migration.state().label();
  }

  private static String progress(MigrationStatus migration) {
    if (!migration.open() || migration.rowsCopied() == 0 || hasPresentReport(migration)) {
      return "";
    }
    long total = Math.max(migration.rowsTotal(), migration.rowsCopied());
    return ", "
        + Quantity.count(migration.rowsCopied(), "row")
        + " of about "
        + Quantity.count(total)
        + " copied";
  }

  /** True while the report tells of the state that the migration is in. */
  private static boolean hasPresentReport(MigrationStatus migration) {
    return migration.report().stream()
        .anyMatch(report -> report.progress().state() == migration.state());
  }

  private static List<String> report(MigrationStatus migration) {
    if (!hasPresentReport(migration)) {
      return List.of();
    }
    MigrationStatus.Report report = migration.report().orElseThrow();
    List<String> lines = new ArrayList<>();
    if (report.ageMillis() > OLD_MILLIS || !migration.alive()) {
      lines.add("as of " + Quantity.millis(report.ageMillis()) + " ago:");
    }
    String rows = String.join(", ", ProgressText.measure(report.progress()));
    if (!rows.isEmpty()) {
      lines.add(rows);
    }
    lines.add(String.join(", ", ProgressText.stream(report.progress())));
    lines.add(String.join(", ", ProgressText.work(report.progress())));
    return lines;
  }

  /** What comes next. */
  private static String next(MigrationStatus migration) {
    long id = migration.id();
    if (!migration.open()) {
      return "It has ended.";
    }
    if (migration.state().isBeyondTheSwap()) {
      return serving(migration);
    }
    if (!migration.alive()) {
      return "Its process ("
          + migration.owner()
          + ") is gone. Next: zdm-osc resume --id "
          + id
          + " goes on with it, zdm-osc abort --id "
          + id
          + " removes it";
    }
    if (migration.orders().abort()) {
      return migration.owner() + " is stopping and removes what it has built.";
    }
    if (migration.orders().pause()) {
      return "It pauses by order. Next: zdm-osc resume --id " + id;
    }
    if (migration.state() == MigrationState.READY && !migration.orders().cutOver()) {
      return "It is verified and waits for its cut-over. If no window is awaited, next: zdm-osc"
          + " cut-over --id "
          + id;
    }
    return migration.owner() + " drives it. Next: zdm-osc pause, throttle or abort --id " + id;
  }

  private static String serving(MigrationStatus migration) {
    String id = " --id " + migration.id();
    boolean held = migration.state() == MigrationState.SWAPPED;
    return (migration.alive()
            ? migration.owner() + " drives it."
            : "Its process ("
                + migration.owner()
                + ") is gone, and the server keeps log for it. Next: zdm-osc resume"
                + id
                + " goes on with it;")
        + (held
            ? " zdm-osc rollback" + id + " swaps back, zdm-osc contract" + id + " ends it"
            : "");
  }

  private static Map<String, Object> fields(MigrationStatus migration) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("migration", migration.id());
    fields.put("table", migration.table());
    fields.put("alter", migration.alter());
    fields.put("state", migration.state().label());
    fields.put("detail", migration.detail());
    fields.put("dry_run", migration.dryRun());
    fields.put("open", migration.open());
    fields.put("alive", migration.alive());
    fields.put("owner", migration.owner());
    fields.put("rows_copied", migration.rowsCopied());
    fields.put("rows_total", migration.rowsTotal());
    fields.put("progress", migration.report().map(SteeringReport::fields).orElse(null));
    fields.put("paused", migration.orders().pause());
    fields.put("begun_at", migration.begunAt().toString());
    fields.put("changed_at", migration.changedAt().toString());
    fields.put("next", next(migration));
    return fields;
  }

  private static Map<String, Object> fields(MigrationStatus.Report report) {
    Map<String, Object> fields = new LinkedHashMap<>(JsonShape.of(report.progress()));
    fields.put("age_ms", report.ageMillis());
    return fields;
  }
}
