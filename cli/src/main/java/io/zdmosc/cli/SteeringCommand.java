package io.zdmosc.cli;

import io.zdmosc.cli.config.Settings;
import io.zdmosc.cli.output.OutputFormat;
import io.zdmosc.cli.output.SteeringReport;
import io.zdmosc.engine.error.ExitCode;
import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.engine.spi.ConnectionSettings;
import io.zdmosc.engine.spi.ControlStore;
import io.zdmosc.engine.spi.ControlStore.Unfinished;
import io.zdmosc.engine.spi.Database;
import java.util.Optional;
import picocli.CommandLine.Option;

/** A command that tells an unfinished migration what to do, from whatever machine. */
abstract class SteeringCommand extends ServerCommand {
  @Option(
      names = "--table",
      order = 10,
      paramLabel = "[SCHEMA.]TABLE",
      description = "Table whose migration is meant")
  String table;

  @Option(names = "--id", order = 11, paramLabel = "N", description = "The migration's number")
  String id;

  SteeringCommand(Context context) {
    super(context);
  }

  @Override
  final int execute(Settings settings, OutputFormat format) {
    Optional<ConnectionSettings> connection = connection(settings);
    MigrationChoice choice = MigrationChoice.read(settings);
    Order order = order(settings);
    settings.problems().refuseIfAny();

    try (Database database = open(connection.orElseThrow())) {
      ControlStore control = database.control();
      Unfinished meant = choice.among(control.unfinished());
      String answer = order.give(control, meant);
      new SteeringReport(context().out(), format).told(meant, answer);
    }
    return ExitCode.DONE.status();
  }

  /** What is to be done; problems with the settings are recorded. */
  abstract Order order(Settings settings);

  /** Tells the migration. */
  @FunctionalInterface
  interface Order {
    /** Returns what comes next, in words. */
    String give(ControlStore control, Unfinished migration);
  }

  /**
   * For what has a meaning only before the tables are exchanged.
   *
   * @throws RefusedException when they have been
   */
  static void refuseIfSwapped(Unfinished migration, String why) {
    if (migration.state().isBeyondTheSwap()) {
      throw RefusedException.of(
          "migration " + migration.id(),
          "has been swapped: " + why,
          "zdm-osc rollback --id "
              + migration.id()
              + " swaps back, zdm-osc contract --id "
              + migration.id()
              + " ends it.");
    }
  }

  /** What an order means for a migration that nobody drives. */
  static String whoHears(Unfinished migration, String alive) {
    return migration.alive()
        ? alive
        : "its process is gone, so this holds from when it goes on. Next: zdm-osc resume --id "
            + migration.id();
  }
}
