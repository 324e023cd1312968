package io.zdmosc.cli;

import io.zdmosc.cli.config.Settings;
import picocli.CommandLine.Command;

/** Lets a postponed cut-over begin. */
@Command(
    name = "cut-over",
    sortOptions = false,
    customSynopsis = "zdm-osc cut-over --url=URL [--table=TABLE | --id=N] [OPTIONS]",
    header = "Lets a migration that waits with its cut-over cut over.",
    description = {
      "%nFor one that was run with --postpone-cut-over, or whose attempts are used up. It begins as"
          + " soon as the migration is ready, and ends a pause.%n"
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {ExitStatusHelp.DONE, ExitStatusHelp.INTERNAL, ExitStatusHelp.REFUSED})
final class CutOverCommand extends SteeringCommand {
  CutOverCommand(Context context) {
    super(context);
  }

  @Override
  Order order(Settings settings) {
    return (control, migration) -> {
      refuseIfSwapped(migration, "there is no cut-over any more");
      control.order(migration.id(), orders -> orders.toCutOver());
      return whoHears(migration, "cuts over as soon as it is ready. Next: zdm-osc status --watch");
    };
  }
}
