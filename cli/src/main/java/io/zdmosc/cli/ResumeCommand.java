package io.zdmosc.cli;

import io.zdmosc.cli.config.Settings;
import io.zdmosc.cli.output.OutputFormat;
import io.zdmosc.cli.output.SteeringReport;
import io.zdmosc.engine.Migration;
import io.zdmosc.engine.error.ExitCode;
import io.zdmosc.engine.spi.ConnectionSettings;
import io.zdmosc.engine.spi.ControlStore;
import io.zdmosc.engine.spi.ControlStore.Unfinished;
import io.zdmosc.engine.spi.Database;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Goes on with a migration whose process has ended. */
@Command(
    name = "resume",
    sortOptions = false,
    customSynopsis = "zdm-osc resume --url=URL [--table=TABLE | --id=N] [OPTIONS]",
    header = "Goes on with a migration that was paused, or whose process has ended.",
    description = {
      "%nIt goes on where it stopped, with the options that it was begun with: what was copied and"
          + " built is kept. Verification begins anew. Without --table and --id the only unfinished"
          + " migration is meant.%n"
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      ExitStatusHelp.DONE,
      ExitStatusHelp.INTERNAL,
      ExitStatusHelp.REFUSED,
      ExitStatusHelp.FAILED,
      ExitStatusHelp.CUT_OVER_NOT_REACHED,
      ExitStatusHelp.DIVERGED,
      ExitStatusHelp.ABORTED,
      ExitStatusHelp.INCOMPLETE
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  zdm-osc resume --url jdbc:postgresql://db/shop --user app",
      "  zdm-osc resume --url jdbc:postgresql://db/shop --user app --id 7"
    })
final class ResumeCommand extends ServerCommand {
  private static final int LATEST = 1_000;

  @Option(
      names = "--table",
      order = 10,
      paramLabel = "[SCHEMA.]TABLE",
      description = "Table whose migration is to go on")
  String table;

  @Option(names = "--id", order = 11, paramLabel = "N", description = "The migration's number")
  String id;

  @Option(
      names = "--take-over",
      order = 12,
      description =
          "Ends the connections of a process that still drives it, and goes on in its place")
  boolean takeOver;

  @Mixin StopOptions stop;

  ResumeCommand(Context context) {
    super(context);
  }

  @Override
  int execute(Settings settings, OutputFormat format) {
    Optional<ConnectionSettings> connection = connection(settings);
    MigrationChoice choice = MigrationChoice.read(settings);
    OnStop onStop = OnStop.read(settings);
    settings.problems().refuseIfAny();

    try (Database database = open(connection.orElseThrow())) {
      Unfinished meant = choice.among(database.control().unfinished());
      boolean paused = isPaused(database.control(), meant);
      if (paused) {
        database.control().order(meant.id(), orders -> orders.toPause(false));
      }
      if (paused && meant.alive() && !takeOver) {
        new SteeringReport(context().out(), format)
            .told(meant, "goes on within seconds, in its own process. Next: zdm-osc status");
        return ExitCode.DONE.status();
      }
      return new DrivenMigration(context(), settings, format, onStop)
          .run(listener -> Migration.unfinished(database, meant.id(), takeOver, listener));
    }
  }

  private static boolean isPaused(ControlStore control, Unfinished migration) {
    return control.latest(LATEST).stream()
        .anyMatch(status -> status.id() == migration.id() && status.orders().pause());
  }
}
