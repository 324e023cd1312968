package io.zdmosc.cli;

import io.zdmosc.cli.config.Settings;
import io.zdmosc.cli.output.OutputFormat;
import io.zdmosc.engine.Migration;
import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.engine.spi.Orders.Ending;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Ends a held migration: the old table goes. */
@Command(
    name = "contract",
    sortOptions = false,
    customSynopsis = "zdm-osc contract --url=URL [--table=TABLE | --id=N] [--dump=FILE] [OPTIONS]",
    header = "Drops the old table and ends the way back.",
    description = {
      "%nFor a migration that was run with --hold, when everybody is content with the new table. After"
          + " this there is no rollback.%n"
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      ExitStatusHelp.DONE,
      ExitStatusHelp.INTERNAL,
      ExitStatusHelp.REFUSED,
      "3:It failed; the new table serves.",
      "7:The old table, or what belongs to it, could not be dropped."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  zdm-osc contract --url jdbc:postgresql://db/shop --user app --id 7",
      "  zdm-osc contract --url jdbc:postgresql://db/shop --user app --dump users-old.sql"
    })
final class ContractCommand extends HeldCommand {
  @Option(
      names = "--dump",
      order = 20,
      paramLabel = "FILE",
      description = {
        "First writes the old table as SQL into a new file: its definition and all its rows"
      })
  String dump;

  ContractCommand(Context context) {
    super(context);
  }

  @Override
  Work work(Settings settings, OutputFormat format) {
    Optional<Path> file = settings.text("dump").map(it -> context().directory().resolve(it));
    EndOrder order = new EndOrder(context(), settings, format);
    return (database, migration) -> {
      if (isRolledBack(migration)) {
        throw RefusedException.of(
            "migration " + migration.id(),
            "was rolled back: the old table serves",
            "zdm-osc rollback --id " + migration.id() + " finishes what is left of it.");
      }
      file.ifPresent(it -> new DumpFile(it).write(to -> database.dumpRetired(migration.id(), to)));
      return order.give(
          database,
          migration,
          Ending.CONTRACT,
          listener -> Migration.unfinished(database, migration.id(), false, listener));
    };
  }
}
