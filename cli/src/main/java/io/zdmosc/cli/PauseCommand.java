package io.zdmosc.cli;

import io.zdmosc.cli.config.Settings;
import picocli.CommandLine.Command;

/** Makes a migration rest. */
@Command(
    name = "pause",
    sortOptions = false,
    customSynopsis = "zdm-osc pause --url=URL [--table=TABLE | --id=N] [OPTIONS]",
    header = "Makes a migration rest until 'zdm-osc resume'.",
    description = {
      "%nThe copy stops after the chunks under way, and no later phase and no cut-over begins. The"
          + " change stream goes on, so the server need not keep more log. What has begun, an index"
          + " build or a verification, comes to its end first.%n"
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {ExitStatusHelp.DONE, ExitStatusHelp.INTERNAL, ExitStatusHelp.REFUSED})
final class PauseCommand extends SteeringCommand {
  PauseCommand(Context context) {
    super(context);
  }

  @Override
  Order order(Settings settings) {
    return (control, migration) -> {
      refuseIfSwapped(migration, "nothing is copied any more, and what is followed cannot rest");
      control.order(migration.id(), orders -> orders.toPause(true));
      return whoHears(
          migration, "pauses within seconds. Next: zdm-osc resume --id " + migration.id());
    };
  }
}
