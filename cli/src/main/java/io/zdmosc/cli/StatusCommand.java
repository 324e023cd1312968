package io.zdmosc.cli;

import io.zdmosc.cli.config.Settings;
import io.zdmosc.cli.output.OutputFormat;
import io.zdmosc.cli.output.SteeringReport;
import io.zdmosc.engine.error.ExitCode;
import io.zdmosc.engine.spi.ConnectionSettings;
import io.zdmosc.engine.spi.Database;
import io.zdmosc.engine.spi.MigrationStatus;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Says how migrations stand. */
@Command(
    name = "status",
    sortOptions = false,
    customSynopsis = "zdm-osc status --url=URL [--table=TABLE | --id=N] [--watch] [OPTIONS]",
    header = "Says how migrations stand, and what comes next.",
    description = {
      "%nThose that are unfinished; with --all the latest that have ended, too. It reads the control"
          + " schema, so it works from any machine.%n"
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {ExitStatusHelp.DONE, ExitStatusHelp.INTERNAL, ExitStatusHelp.REFUSED},
    footerHeading = "%nExamples:%n",
    footer = {
      "  zdm-osc status --url jdbc:postgresql://db/shop --user app",
      "  zdm-osc status --url jdbc:postgresql://db/shop --user app --watch"
    })
final class StatusCommand extends ServerCommand {
  private static final long EVERY_MILLIS = 2_000;

  @Option(
      names = "--table",
      order = 10,
      paramLabel = "[SCHEMA.]TABLE",
      description = "Only the migrations of this table")
  String table;

  @Option(names = "--id", order = 11, paramLabel = "N", description = "Only this migration")
  String id;

  @Option(names = "--all", order = 12, description = "Those that have ended, too")
  boolean all;

  @Option(
      names = "--watch",
      order = 13,
      description = "Says it again every two seconds, until nothing is unfinished")
  boolean watch;

  StatusCommand(Context context) {
    super(context);
  }

  @Override
  int execute(Settings settings, OutputFormat format) {
    Optional<ConnectionSettings> connection = connection(settings);
    MigrationChoice choice = MigrationChoice.read(settings);
    settings.problems().refuseIfAny();

    SteeringReport report = new SteeringReport(context().out(), format);
    try (Database database = open(connection.orElseThrow())) {
      boolean again;
      do {
        List<MigrationStatus> meant =
            choice.latest(database.control()).stream()
                .filter(status -> all || choice.isNumber() || status.open())
                .toList();
        report.status(meant);
        if (meant.isEmpty()) {
          report.none("No " + choice.words() + " is unfinished. Next: zdm-osc status --all");
        }
        again = watch && meant.stream().anyMatch(MigrationStatus::open) && rested();
      } while (again);
    }
    return ExitCode.DONE.status();
  }

  /** False when the process is asked to end. */
  private static boolean rested() {
    try {
      Thread.sleep(EVERY_MILLIS);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
