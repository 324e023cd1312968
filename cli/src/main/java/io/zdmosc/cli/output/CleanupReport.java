package io.zdmosc.cli.output;

import io.zdmosc.engine.spi.ControlStore.Unfinished;
import java.io.PrintStream;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a clean-up found and did, as text or as JSON events. */
public final class CleanupReport {
  private final PrintStream out;
  private final JsonLines json;

  public CleanupReport(PrintStream out, OutputFormat format) {
    this.out = out;
    this.json = format == OutputFormat.JSON ? new JsonLines(out, Clock.systemUTC()) : null;
  }

  /**
   * All that there is.
   *
   * @param migrations those without an end
   * @param strays what plans that were killed have left
   */
  public void found(List<Unfinished> migrations, List<String> strays) {
    if (json != null) {
      migrations.forEach(migration -> json.write("unfinished", fields(migration)));
      if (!strays.isEmpty()) {
        json.write("strays", new LinkedHashMap<>(Map.of("objects", strays)));
      }
      return;
    }
    if (migrations.isEmpty() && strays.isEmpty()) {
      out.println("Nothing is left behind.");
    }
    for (Unfinished migration : migrations) {
      out.println(
          title(migration)
              + (migration.alive() ? ": running, not touched" : ": its process is gone"));
      migration.objects().forEach(object -> out.println("  " + object));
    }
    if (!strays.isEmpty()) {
      out.println("left by plans whose processes are gone:");
      strays.forEach(object -> out.println("  " + object));
    }
  }

  /** What plans have left was removed, but for the failures. */
  public void removedStrays(List<String> strays, List<String> failures) {
    if (json != null) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("objects", strays);
      fields.put("failures", failures);
      json.write("removed_strays", fields);
    } else if (failures.isEmpty()) {
      out.println("Removed what plans had left.");
    }
  }

  /** One of them was removed, but for the failures. */
  public void removed(Unfinished migration, List<String> failures) {
    if (json != null) {
      Map<String, Object> fields = fields(migration);
      fields.put("failures", failures);
      json.write("removed", fields);
    } else if (failures.isEmpty()) {
      out.println("Removed " + title(migration) + ".");
    }
  }

  /** Nothing was removed. */
  public void kept() {
    if (json == null) {
      out.println("Nothing was removed. Next: run it again with --yes to remove what is dead.");
    }
  }

  private static String title(Unfinished migration) {
    return "migration "
        + migration.id()
        + " of "
        + migration.table()
        + " ("
        + migration.state().label()
        + ")";
  }

  private static Map<String, Object> fields(Unfinished migration) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("migration", migration.id());
    fields.put("table", migration.table());
    fields.put("state", migration.state().label());
    fields.put("alive", migration.alive());
    fields.put("objects", migration.objects());
    return fields;
  }
}
