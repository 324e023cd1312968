package io.zdmosc.cli;

import io.zdmosc.cli.config.Settings;
import io.zdmosc.cli.output.OutputFormat;
import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.engine.spi.ConnectionSettings;
import io.zdmosc.engine.spi.ControlStore.Unfinished;
import io.zdmosc.engine.spi.Database;
import java.util.Optional;
import picocli.CommandLine.Option;

/** A command for a migration whose new table serves and whose old one is kept in step. */
abstract class HeldCommand extends ServerCommand {
  @Option(
      names = "--table",
      order = 10,
      paramLabel = "[SCHEMA.]TABLE",
      description = "Table whose migration is meant")
  String table;

  @Option(names = "--id", order = 11, paramLabel = "N", description = "The migration's number")
  String id;

  HeldCommand(Context context) {
    super(context);
  }

  @Override
  final int execute(Settings settings, OutputFormat format) {
    Optional<ConnectionSettings> connection = connection(settings);
    MigrationChoice choice = MigrationChoice.read(settings);
    Work work = work(settings, format);
    settings.problems().refuseIfAny();

    try (Database database = open(connection.orElseThrow())) {
      Unfinished meant = choice.among(database.control().unfinished());
      requireServing(meant);
      return work.on(database, meant);
    }
  }

  private static void requireServing(Unfinished migration) {
    if (!migration.state().isBeyondTheSwap()) {
      throw RefusedException.of(
          "migration " + migration.id(),
          "has not been swapped yet (" + migration.state().label() + ")",
          "zdm-osc status says what it is at, zdm-osc abort ends it.");
    }
  }

  /** What is to be done; problems with the settings are recorded. */
  abstract Work work(Settings settings, OutputFormat format);

  /** Does it; the exit status. */
  @FunctionalInterface
  interface Work {
    int on(Database database, Unfinished migration);
  }

  static boolean isRolledBack(Unfinished migration) {
    return migration.state() == MigrationState.ROLLED_BACK;
  }
}
