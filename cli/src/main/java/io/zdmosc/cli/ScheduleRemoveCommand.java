package io.zdmosc.cli;

import io.zdmosc.cli.config.Numbers;
import io.zdmosc.cli.config.Settings;
import io.zdmosc.cli.output.OutputFormat;
import io.zdmosc.cli.output.ScheduleReport;
import io.zdmosc.engine.error.ExitCode;
import io.zdmosc.engine.schedule.Schedule;
import io.zdmosc.engine.spi.ConnectionSettings;
import io.zdmosc.engine.spi.Database;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Takes an entry out of the schedule. */
@Command(
    name = "remove",
    sortOptions = false,
    customSynopsis = "zdm-osc schedule remove --url=URL --id=N [OPTIONS]",
    header = "Takes an entry out of the schedule, unless it is under way.",
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {ExitStatusHelp.DONE, ExitStatusHelp.INTERNAL, ExitStatusHelp.REFUSED},
    footerHeading = "%nExample:%n",
    footer = "  zdm-osc schedule remove --url jdbc:postgresql://db/shop --user app --id 3")
final class ScheduleRemoveCommand extends ServerCommand {
  @Option(
      names = "--id",
      order = 11,
      paramLabel = "N",
      description = "The entry's number. Required")
  String id;

  ScheduleRemoveCommand(Context context) {
    super(context);
  }

  @Override
  int execute(Settings settings, OutputFormat format) {
    Optional<ConnectionSettings> connection = connection(settings);
    settings.required("id", "Give the entry's number: zdm-osc schedule list");
    Optional<Integer> number = settings.parsed("id", Numbers::parse, Numbers.REMEDY);
    settings.problems().refuseIfAny();

    try (Database database = open(connection.orElseThrow())) {
      new ScheduleReport(context().out(), format)
          .removed(new Schedule(database::openSchedule).remove(number.orElseThrow()));
    }
    return ExitCode.DONE.status();
  }
}
