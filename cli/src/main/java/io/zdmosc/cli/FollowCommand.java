package io.zdmosc.cli;

import io.zdmosc.cli.config.Settings;
import io.zdmosc.cli.output.OutputFormat;
import io.zdmosc.engine.Migration;
import picocli.CommandLine.Command;

/** Goes on keeping an old table in step. */
@Command(
    name = "follow",
    sortOptions = false,
    customSynopsis = "zdm-osc follow --url=URL [--table=TABLE | --id=N] [OPTIONS]",
    header = "Goes on keeping the old table in step with the new one.",
    description = {
      "%nFor a migration that was run with --hold, and whose process has ended. It stays until zdm-osc"
          + " rollback or zdm-osc contract is ordered, or until it is stopped.%n"
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      ExitStatusHelp.DONE,
      ExitStatusHelp.INTERNAL,
      ExitStatusHelp.REFUSED,
      "3:Following failed; the new table serves.",
      "6:Stopped by Ctrl-C, SIGTERM or SIGHUP; it can be followed on."
    },
    footerHeading = "%nExample:%n",
    footer = {"  zdm-osc follow --url jdbc:postgresql://db/shop --user app --id 7"})
final class FollowCommand extends HeldCommand {
  FollowCommand(Context context) {
    super(context);
  }

  @Override
  Work work(Settings settings, OutputFormat format) {
    return (database, migration) ->
        new DrivenMigration(context(), settings, format, OnStop.KEEP)
            .run(listener -> Migration.unfinished(database, migration.id(), false, listener));
  }
}
