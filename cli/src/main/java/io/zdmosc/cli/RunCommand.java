package io.zdmosc.cli;

import io.zdmosc.cli.config.Settings;
import io.zdmosc.cli.output.OutputFormat;
import io.zdmosc.engine.ChangeRequest;
import io.zdmosc.engine.DryRun;
import io.zdmosc.engine.Migration;
import io.zdmosc.engine.RunOptions;
import io.zdmosc.engine.spi.ConnectionSettings;
import io.zdmosc.engine.spi.Database;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Changes a live table, from plan to cut-over. */
@Command(
    name = "run",
    sortOptions = false,
    customSynopsis = "zdm-osc run --url=URL --table=TABLE --alter=CLAUSE [OPTIONS]",
    header = "Changes the shape of a live table.",
    description = {
      "%nBuilds a table of the new shape beside the old one, copies all rows while the application"
          + " goes on writing, follows its changes, verifies every row and exchanges the two in a"
          + " moment.%n"
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
      "  zdm-osc run --url jdbc:postgresql://db/shop --user app --table users \\",
      "      --alter 'ALTER COLUMN id TYPE bigint, ADD COLUMN plan text' --dry-run",
      "  zdm-osc run --config users.yaml --output json --log-file users.log",
      "  PGHOST=db PGDATABASE=shop zdm-osc run --table users --alter '' \\",
      "      --window 'Mon-Fri 01:00-05:00 Europe/Berlin; Sat-Sun 00:00-24:00'",
      "",
      "Times are milliseconds, or have a unit: 500ms, 2s, 1min. Sizes too: 256MB, 1GB."
    })
final class RunCommand extends ServerCommand {
  @Mixin ChangeOptions changeOptions;

  @Mixin RunTuning tuning;

  @Mixin StopOptions stop;

  RunCommand(Context context) {
    super(context);
  }

  @Override
  int execute(Settings settings, OutputFormat format) {
    Optional<ConnectionSettings> connection = connection(settings);
    Optional<ChangeRequest> request = new ChangeReader(settings, context().directory()).read();
    RunOptions options = new RunOptionsReader(settings, context().directory()).read();
    OnStop onStop = OnStop.read(settings);
    HoursReader hours = new HoursReader(settings);
    settings.problems().refuseIfAny();

    try (Database database = open(connection.orElseThrow())) {
      RunOptions timed =
          hours.apply(options, database, request.orElseThrow().table(), context()::warn);
      return new DrivenMigration(context(), settings, format, onStop(onStop, options))
          .run(listener -> new Migration(database, request.orElseThrow(), timed, listener));
    }
  }

  /** A dry run cannot go on. */
  private static OnStop onStop(OnStop asked, RunOptions options) {
    return options.dryRun() == DryRun.NONE ? asked : OnStop.DISCARD;
  }
}
