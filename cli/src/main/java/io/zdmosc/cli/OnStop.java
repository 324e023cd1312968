package io.zdmosc.cli;

import io.zdmosc.cli.config.Settings;
import io.zdmosc.engine.Migration;
import io.zdmosc.engine.error.AbortedException;

/** What becomes of a migration when its process is told to end by Ctrl-C, SIGTERM or SIGHUP. */
enum OnStop {
  /** It stays as it is, and can go on. */
  KEEP,
  /** It ends, and what it has built is removed. */
  DISCARD;

  /** As the settings say; problems are recorded. */
  static OnStop read(Settings settings) {
    return settings.choice("on-stop", OnStop.class).orElse(KEEP);
  }

  Interrupts.Work work(Migration migration) {
    return this == KEEP
        ? new Interrupts.Work(
            migration::suspend,
            "Stopping: the migration is kept as it is, and can go on. Press Ctrl-C again to end at"
                + " once.",
            new AbortedException(
                "before all connections were closed",
                "The migration is kept as it is; the server keeps log for it.",
                "zdm-osc resume goes on with it, zdm-osc abort removes it."))
        : new Interrupts.Work(
            migration::abort,
            "Stopping: what was built is removed, unless the new table serves. Press Ctrl-C again"
                + " to leave everything as it is.",
            new AbortedException(
                "before the migration's objects were removed",
                "They may still be on the server. The table is as it was, unless the new one"
                    + " serves.",
                "zdm-osc resume goes on with it, zdm-osc cleanup removes it."));
  }
}
