package io.zdmosc.cli;

import io.zdmosc.cli.config.Settings;
import io.zdmosc.cli.output.OutputFormat;
import io.zdmosc.engine.Migration;
import io.zdmosc.engine.Retire;
import io.zdmosc.engine.spi.Orders.Ending;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Swaps back. */
@Command(
    name = "rollback",
    sortOptions = false,
    customSynopsis = "zdm-osc rollback --url=URL [--table=TABLE | --id=N] [OPTIONS]",
    header = "Swaps back to the old table, with every write made since.",
    description = {
      "%nFor a migration that was run with --hold. Both tables are compared, then exchanged as at the"
          + " cut-over. A process that follows does it and is watched; where there is none, it is done"
          + " from here.%n"
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      ExitStatusHelp.DONE,
      ExitStatusHelp.INTERNAL,
      ExitStatusHelp.REFUSED,
      "3:Not rolled back, for the rows or the reason that is named; the new table serves.",
      "6:Stopped by Ctrl-C, SIGTERM or SIGHUP; the new table serves.",
      "7:The old table serves, but something after the cut-over is left to be done by hand."
    },
    footerHeading = "%nExample:%n",
    footer = {"  zdm-osc rollback --url jdbc:postgresql://db/shop --user app --id 7"})
final class RollbackCommand extends HeldCommand {
  @Option(
      names = "--retire",
      order = 20,
      paramLabel = "keep|drop",
      description = "What becomes of the table of the new shape. Default: keep")
  String retire;

  RollbackCommand(Context context) {
    super(context);
  }

  @Override
  Work work(Settings settings, OutputFormat format) {
    Ending ending =
        settings.choice("retire", Retire.class).orElse(Retire.KEEP) == Retire.DROP
            ? Ending.ROLLBACK_AND_DROP
            : Ending.ROLLBACK;
    EndOrder order = new EndOrder(context(), settings, format);
    return (database, migration) ->
        order.give(
            database,
            migration,
            ending,
            listener -> Migration.rollback(database, migration.id(), listener));
  }
}
