package io.zdmosc.cli;

import io.zdmosc.cli.config.Settings;
import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.engine.spi.ControlStore;
import io.zdmosc.engine.spi.ControlStore.Unfinished;
import java.util.List;
import picocli.CommandLine.Command;

/** Ends a migration and removes what it has built. */
@Command(
    name = "abort",
    sortOptions = false,
    customSynopsis = "zdm-osc abort --url=URL [--table=TABLE | --id=N] [OPTIONS]",
    header = "Ends a migration and removes what it has built.",
    description = {
      "%nA process that drives it is told to stop and to remove it. Where there is none, everything is"
          + " removed from here. Once the new table serves, it is too late.%n"
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      ExitStatusHelp.DONE,
      ExitStatusHelp.INTERNAL,
      ExitStatusHelp.REFUSED,
      "3:Something could not be removed."
    })
final class AbortCommand extends SteeringCommand {
  AbortCommand(Context context) {
    super(context);
  }

  @Override
  Order order(Settings settings) {
    return (control, migration) -> {
      refuseIfSwapped(migration, "a table that serves is not removed");
      if (migration.alive()) {
        control.order(migration.id(), orders -> orders.toAbort());
        return "stops within seconds and removes what it has built. Next: zdm-osc status";
      }
      return removed(control, migration);
    };
  }

  private static String removed(ControlStore control, Unfinished migration) {
    List<String> remaining = control.remove(migration);
    if (!remaining.isEmpty()) {
      throw new MigrationFailedException(
          "not everything could be removed:\n  " + String.join("\n  ", remaining),
          "The rest is removed; the table that serves is as it was.",
          "remove the cause, then run zdm-osc abort again.");
    }
    return "its process was gone; what it had built is removed.";
  }
}
