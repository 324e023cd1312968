package io.zdmosc.cli;

import io.zdmosc.cli.config.Numbers;
import io.zdmosc.cli.config.Settings;
import io.zdmosc.cli.output.OutputFormat;
import io.zdmosc.cli.output.ScheduleReport;
import io.zdmosc.engine.concurrent.RunControl;
import io.zdmosc.engine.durable.MigrationOrder;
import io.zdmosc.engine.error.ExitCode;
import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.engine.lifecycle.Lifecycle;
import io.zdmosc.engine.plan.Plan;
import io.zdmosc.engine.progress.MigrationListener;
import io.zdmosc.engine.schedule.NewEntry;
import io.zdmosc.engine.schedule.Schedule;
import io.zdmosc.engine.schedule.ScheduleEntry;
import io.zdmosc.engine.spi.ConnectionSettings;
import io.zdmosc.engine.spi.Database;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

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
final class ScheduleRetryCommand extends ServerCommand {
  @Option(
      names = "--id",
      order = 11,
      paramLabel = "N",
      description = "The number of the entry that has failed. Required")
  String id;

  ScheduleRetryCommand(Context context) {
    super(context);
  }

  @Override
  int execute(Settings settings, OutputFormat format) {
    Optional<ConnectionSettings> connection = connection(settings);
    settings.required("id", "Give the entry's number: zdm-osc schedule list");
    Optional<Integer> number = settings.parsed("id", Numbers::parse, Numbers.REMEDY);
    settings.problems().refuseIfAny();

    try (Database database = open(connection.orElseThrow())) {
      Schedule schedule = new Schedule(database::openSchedule);
      ScheduleEntry failed = schedule.failed(number.orElseThrow());
      MigrationOrder order = order(failed);
      Plan plan =
          new Lifecycle(database, MigrationListener.none(), new RunControl())
              .check(order.request(), order.options());
      NewEntry anew =
          new NewEntry(
              new MigrationOrder(order.request(), order.options(), plan),
              failed.priority(),
              failed.notBefore());
      new ScheduleReport(context().out(), format).added(schedule.replace(failed.id(), anew), plan);
    }
    return ExitCode.DONE.status();
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
