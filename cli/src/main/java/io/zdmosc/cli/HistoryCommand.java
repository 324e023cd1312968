package io.zdmosc.cli;

import io.zdmosc.cli.config.Settings;
import io.zdmosc.cli.output.OutputFormat;
import io.zdmosc.cli.output.SteeringReport;
import io.zdmosc.engine.error.ExitCode;
import io.zdmosc.engine.spi.ConnectionSettings;
import io.zdmosc.engine.spi.ControlStore;
import io.zdmosc.engine.spi.Database;
import io.zdmosc.engine.spi.MigrationStatus;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Tells what migrations have gone through. */
@Command(
    name = "history",
    sortOptions = false,
    customSynopsis = "zdm-osc history --url=URL [--table=TABLE | --id=N] [OPTIONS]",
    header = "Tells what migrations have gone through.",
    description = {"%nEach change of state with its time, faults and new tries included.%n"},
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {ExitStatusHelp.DONE, ExitStatusHelp.INTERNAL, ExitStatusHelp.REFUSED})
final class HistoryCommand extends ServerCommand {
  @Option(
      names = "--table",
      order = 10,
      paramLabel = "[SCHEMA.]TABLE",
      description = "Only the migrations of this table")
  String table;

  @Option(names = "--id", order = 11, paramLabel = "N", description = "Only this migration")
  String id;

  HistoryCommand(Context context) {
    super(context);
  }

  @Override
  int execute(Settings settings, OutputFormat format) {
    Optional<ConnectionSettings> connection = connection(settings);
    MigrationChoice choice = MigrationChoice.read(settings);
    settings.problems().refuseIfAny();

    SteeringReport report = new SteeringReport(context().out(), format);
    try (Database database = open(connection.orElseThrow())) {
      ControlStore control = database.control();
      List<MigrationStatus> meant = choice.latest(control);
      if (meant.isEmpty()) {
        report.none("No " + choice.words() + " is recorded in this database.");
      }
      meant.forEach(status -> report.history(status, control.history(status.id())));
    }
    return ExitCode.DONE.status();
  }
}
