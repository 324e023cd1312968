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
import picocli.CommandLine.Option;

/** What is done with one entry of the schedule, by its number. */
abstract class ScheduleEntryCommand extends ServerCommand {
  @Option(
      names = "--id",
      order = 11,
      paramLabel = "N",
      description = "The entry's number. Required")
  String id;

  ScheduleEntryCommand(Context context) {
    super(context);
  }

  /** Does it and tells it. */
  abstract void work(Database database, Schedule schedule, int entry, ScheduleReport report);

  @Override
  final int execute(Settings settings, OutputFormat format) {
    Optional<ConnectionSettings> connection = connection(settings);
    settings.required("id", "Give the entry's number: zdm-osc schedule list");
    Optional<Integer> number = settings.parsed("id", Numbers::parse, Numbers.REMEDY);
    settings.problems().refuseIfAny();

    try (Database database = open(connection.orElseThrow())) {
      work(
          database,
          new Schedule(database::openSchedule),
          number.orElseThrow(),
          new ScheduleReport(context().out(), format));
    }
    return ExitCode.DONE.status();
  }
}
