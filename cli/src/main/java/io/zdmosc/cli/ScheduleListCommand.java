package io.zdmosc.cli;

import io.zdmosc.cli.config.Settings;
import io.zdmosc.cli.output.OutputFormat;
import io.zdmosc.cli.output.ScheduleReport;
import io.zdmosc.engine.error.ExitCode;
import io.zdmosc.engine.schedule.Schedule;
import io.zdmosc.engine.spi.ConnectionSettings;
import io.zdmosc.engine.spi.Database;
import java.util.Optional;
import picocli.CommandLine.Command;

/** Shows the schedule. */
@Command(
    name = "list",
    sortOptions = false,
    customSynopsis = "zdm-osc schedule list --url=URL [OPTIONS]",
    header = "Shows what waits, what is under way, what is done and what has failed.",
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {ExitStatusHelp.DONE, ExitStatusHelp.INTERNAL, ExitStatusHelp.REFUSED},
    footerHeading = "%nExample:%n",
    footer = "  zdm-osc schedule list --url jdbc:postgresql://db/shop --user app")
final class ScheduleListCommand extends ServerCommand {
  ScheduleListCommand(Context context) {
    super(context);
  }

  @Override
  int execute(Settings settings, OutputFormat format) {
    Optional<ConnectionSettings> connection = connection(settings);
    settings.problems().refuseIfAny();

    try (Database database = open(connection.orElseThrow())) {
      new ScheduleReport(context().out(), format)
          .list(new Schedule(database::openSchedule).entries());
    }
    return ExitCode.DONE.status();
  }
}
