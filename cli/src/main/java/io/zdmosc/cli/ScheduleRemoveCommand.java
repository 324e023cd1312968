package io.zdmosc.cli;

import io.zdmosc.cli.output.ScheduleReport;
import io.zdmosc.engine.schedule.Schedule;
import io.zdmosc.engine.spi.Database;
import picocli.CommandLine.Command;

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
final class ScheduleRemoveCommand extends ScheduleEntryCommand {
  ScheduleRemoveCommand(Context context) {
    super(context);
  }

  @Override
  void work(Database database, Schedule schedule, int entry, ScheduleReport report) {
    report.removed(schedule.remove(entry));
  }
}
