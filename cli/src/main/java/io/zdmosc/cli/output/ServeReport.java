package io.zdmosc.cli.output;

import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.progress.MigrationListener;
import io.zdmosc.engine.progress.Progress;
import io.zdmosc.engine.schedule.Daemon;
import io.zdmosc.engine.schedule.DaemonListener;
import io.zdmosc.engine.schedule.EntryOutcome;
import io.zdmosc.engine.schedule.EntryState;
import io.zdmosc.engine.schedule.ScheduleEntry;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What a daemon does, a line for each thing, as text or as JSON events. */
public final class ServeReport implements DaemonListener {
  private static final Duration BETWEEN_PROGRESS = Duration.ofMinutes(1);

  private final PrintStream out;
  private final Clock clock = Clock.systemUTC();
  private final JsonLines json;
  private final Optional<HealthFile> health;
  private List<ScheduleEntry> seen = List.of();
  private List<Long> inHand = List.of();
  private String trouble = "";

  public ServeReport(PrintStream out, OutputFormat format, Optional<HealthFile> health) {
    this.out = out;
    this.json = format == OutputFormat.JSON ? new JsonLines(out, clock) : null;
    this.health = health;
  }

  /** The daemon begins. */
  public void begins(String database, Daemon.Settings settings) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("database", database);
    fields.put("parallel", settings.parallel());
    fields.put("until", settings.until().name().toLowerCase(Locale.ROOT));
    write(
        "serve",
        fields,
        "serving the schedule of "
            + database
            + ", "
            + Quantity.count(settings.parallel(), "migration")
            + " at a time");
  }

  /** The daemon has ended. */
  public void ends(Daemon.Result result) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("done", result.done());
    fields.put("failed", result.failed());
    fields.put("left", result.left());
    fields.put("stopped", result.stopped());
    write(
        "served",
        fields,
        (result.stopped() ? "stopped: " : "ended: ")
            + result.done()
            + " done, "
            + result.failed()
            + " failed, "
            + result.left()
            + " to be gone on with");
  }

  /** Something about the process as a whole. */
  public void say(String words) {
    write("note", new LinkedHashMap<>(Map.of("message", words)), words);
  }

  @Override
  public synchronized void onLook(List<ScheduleEntry> entries, List<Long> hand) {
    seen = entries;
    inHand = hand;
    if (!trouble.isEmpty()) {
      say("the schedule can be read again");
    }
    trouble = "";
    writeHealth();
  }

  @Override
  public synchronized void onTrouble(RuntimeException e) {
    String words = String.valueOf(e.getMessage());
    if (!words.equals(trouble)) {
      say("the schedule cannot be read: " + words + "; trying again");
    }
    trouble = words;
    writeHealth();
  }

  private void writeHealth() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("time", clock.instant().truncatedTo(ChronoUnit.MILLIS).toString());
    fields.put("in_hand", inHand);
    fields.put("waiting", count(EntryState.WAITING));
    fields.put("running", count(EntryState.RUNNING));
    fields.put("failed", count(EntryState.FAILED));
    fields.put("trouble", trouble);
    health.ifPresent(file -> file.write(fields));
  }

  private long count(EntryState state) {
    return seen.stream().filter(entry -> entry.state() == state).count();
  }

  @Override
  public void onTaken(ScheduleEntry entry) {
    String how =
        entry.migration().map(it -> "goes on with migration " + it.id()).orElse("begins")
            + ": ALTER TABLE ... "
            + entry.alter();
    write("taken", fields(entry), words(entry, how));
  }

  @Override
  public void onOutcome(ScheduleEntry entry, EntryOutcome outcome) {
    String end = outcome.end().name().toLowerCase(Locale.ROOT);
    Map<String, Object> fields = fields(entry);
    fields.put("outcome", end);
    fields.put("detail", outcome.words());
    write(
        "outcome",
        fields,
        words(entry, end + (outcome.words().isBlank() ? "" : ": " + outcome.words())));
  }

  @Override
  public MigrationListener onMigration(ScheduleEntry entry) {
    Pace pace = new Pace(BETWEEN_PROGRESS);
    pace.isDue(); // the first one after a while
    return new MigrationListener() {
      @Override
      public void onState(MigrationState state, String detail) {
        Map<String, Object> fields = fields(entry);
        fields.putAll(JsonShape.of(state, detail));
        write("state", fields, words(entry, StateText.of(state, detail)));
      }

      @Override
      public void onNote(String note) {
        Map<String, Object> fields = fields(entry);
        fields.putAll(JsonShape.note(note));
        write("note", fields, words(entry, note));
      }

      @Override
      public void onProgress(Progress progress) {
        if (pace.isDue()) {
          Map<String, Object> fields = fields(entry);
          fields.putAll(JsonShape.of(progress));
          write("progress", fields, words(entry, ProgressText.line(progress)));
        }
      }
    };
  }

  private static Map<String, Object> fields(ScheduleEntry entry) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("entry", entry.id());
    fields.put("table", entry.table());
    return fields;
  }

  private static String words(ScheduleEntry entry, String words) {
    return "entry " + entry.id() + " of " + entry.table() + ": " + words;
  }

  private void write(String event, Map<String, Object> fields, String words) {
    if (json != null) {
      json.write(event, fields);
      return;
    }
    synchronized (out) {
      out.println(
          clock.instant().truncatedTo(ChronoUnit.SECONDS)
              + "  "
              + words.strip().replaceAll("\\s*\\R\\s*", "; "));
      out.flush();
    }
  }
}
