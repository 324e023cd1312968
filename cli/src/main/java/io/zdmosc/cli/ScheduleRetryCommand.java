package io.zdmosc.cli;

import io.zdmosc.cli.output.ScheduleReport;
import io.zdmosc.engine.concurrent.RunControl;
import io.zdmosc.engine.durable.MigrationOrder;
import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.engine.lifecycle.Lifecycle;
import io.zdmosc.engine.plan.Plan;
import io.zdmosc.engine.progress.MigrationListener;
import io.zdmosc.engine.schedule.NewEntry;
import io.zdmosc.engine.schedule.Schedule;
import io.zdmosc.engine.schedule.ScheduleEntry;
import io.zdmosc.engine.spi.Database;
import picocli.CommandLine.Command;

/** Adds what has failed once more. */
@Command(
    name = "retry",
    sortOptions = false,
    customSynopsis = "zdm-osc schedule retry --url=URL --id=N [OPTIONS]",
    header = "Adds an entry that has failed once more, in its place.",
    description = {
      "%nWith the change and the options of the one that has failed, and a new number. The change is"
          + " planned at once, so that what still stands in its way is said now.%n"
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {ExitStatusHelp.DONE, ExitStatusHelp.INTERNAL, ExitStatusHelp.REFUSED},
    footerHeading = "%nExample:%n",
    footer = "  zdm-osc schedule retry --url jdbc:postgresql://db/shop --user app --id 3")
final class ScheduleRetryCommand extends ScheduleEntryCommand {
  ScheduleRetryCommand(Context context) {
    super(context);
  }

  @Override
  void work(Database database, Schedule schedule, int entry, ScheduleReport report) {
    ScheduleEntry failed = schedule.failed(entry);
    MigrationOrder order = order(failed);
    Plan plan =
        new Lifecycle(database, MigrationListener.none(), new RunControl())
            .check(order.request(), order.options());
    NewEntry anew =
        new NewEntry(
            new MigrationOrder(order.request(), order.options(), plan),
            failed.priority(),
            failed.notBefore());
    report.added(schedule.replace(failed.id(), anew), plan);
  }

  private static MigrationOrder order(ScheduleEntry failed) {
    try {
      return failed.order();
    } catch (IllegalArgumentException e) {
      throw RefusedException.of(
          "entry " + failed.id(),
          "was added by another version of zdm-osc (" + e.getMessage() + ")",
          "zdm-osc schedule remove --id " + failed.id() + ", then zdm-osc schedule add");
    }
  }
}
