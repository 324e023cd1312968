package io.zdmosc.cli;

import io.zdmosc.cli.config.Moments;
import io.zdmosc.cli.config.Numbers;
import io.zdmosc.cli.config.Settings;
import io.zdmosc.cli.output.OutputFormat;
import io.zdmosc.cli.output.ScheduleReport;
import io.zdmosc.engine.ChangeRequest;
import io.zdmosc.engine.DryRun;
import io.zdmosc.engine.RunOptions;
import io.zdmosc.engine.concurrent.RunControl;
import io.zdmosc.engine.durable.MigrationOrder;
import io.zdmosc.engine.error.ExitCode;
import io.zdmosc.engine.lifecycle.Lifecycle;
import io.zdmosc.engine.plan.Plan;
import io.zdmosc.engine.progress.MigrationListener;
import io.zdmosc.engine.schedule.NewEntry;
import io.zdmosc.engine.schedule.Schedule;
import io.zdmosc.engine.spi.ConnectionSettings;
import io.zdmosc.engine.spi.Database;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Keeps a migration for later. */
@Command(
    name = "add",
    sortOptions = false,
    customSynopsis = "zdm-osc schedule add --url=URL --table=TABLE --alter=CLAUSE [OPTIONS]",
    header = "Keeps a migration for later.",
    description = {
      "%nThe change is planned at once, so that what stands in its way is said now. 'zdm-osc serve'"
          + " carries it out, with the options that are given here.%n"
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {ExitStatusHelp.DONE, ExitStatusHelp.INTERNAL, ExitStatusHelp.REFUSED},
    footerHeading = "%nExamples:%n",
    footer = {
      "  zdm-osc schedule add --url jdbc:postgresql://db/shop --user app --table users \\",
      "      --alter 'ADD COLUMN plan text' --window '01:00-05:00 Europe/Berlin'",
      "  zdm-osc schedule add --config users.yaml --not-before '2026-11-22 01:00 Europe/Berlin'"
    })
final class ScheduleAddCommand extends ServerCommand {
  @Mixin ChangeOptions changeOptions;

  @Option(
      names = "--not-before",
      order = 20,
      paramLabel = "TIME",
      description =
          "When it may begin at the earliest: 'YYYY-MM-DD HH:MM [ZONE]'. Default: at once")
  String notBefore;

  @Option(
      names = "--priority",
      order = 21,
      paramLabel = "N",
      description =
          "Of those that may begin, the one with the highest number comes first, then the one that"
              + " was added first. Default: 0")
  String priority;

  @Mixin RunTuning tuning;

  ScheduleAddCommand(Context context) {
    super(context);
  }

  @Override
  int execute(Settings settings, OutputFormat format) {
    Optional<ConnectionSettings> connection = connection(settings);
    Optional<ChangeRequest> request = new ChangeReader(settings, context().directory()).read();
    RunOptions options = new RunOptionsReader(settings, context().directory()).read();
    HoursReader hours = new HoursReader(settings);
    Optional<Instant> earliest =
        settings.parsed(
            "not-before", text -> Moments.parse(text, ZoneId.systemDefault()), Moments.REMEDY);
    int urgency = settings.parsed("priority", Numbers::parse, Numbers.REMEDY).orElse(0);
    if (options.dryRun() != DryRun.NONE) {
      settings.problems().add("--dry-run", "cannot be scheduled", "Run it now: zdm-osc run");
    }
    settings.problems().refuseIfAny();

    try (Database database = open(connection.orElseThrow())) {
      ChangeRequest asked = request.orElseThrow();
      RunOptions timed = hours.apply(options, database, asked.table(), context()::warn);
      Plan plan =
          new Lifecycle(database, MigrationListener.none(), new RunControl()).check(asked, timed);
      NewEntry entry = new NewEntry(new MigrationOrder(asked, timed, plan), urgency, earliest);
      new ScheduleReport(context().out(), format)
          .added(new Schedule(database::openSchedule).add(entry), plan);
    }
    return ExitCode.DONE.status();
  }
}
