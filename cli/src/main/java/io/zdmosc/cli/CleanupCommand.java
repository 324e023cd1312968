package io.zdmosc.cli;

import io.zdmosc.cli.config.Settings;
import io.zdmosc.cli.output.CleanupReport;
import io.zdmosc.cli.output.OutputFormat;
import io.zdmosc.engine.error.ExitCode;
import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.engine.spi.ConnectionSettings;
import io.zdmosc.engine.spi.ControlStore;
import io.zdmosc.engine.spi.ControlStore.Unfinished;
import io.zdmosc.engine.spi.Database;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Removes what migrations left behind that ended without cleaning up. */
@Command(
    name = "cleanup",
    sortOptions = false,
    customSynopsis = "zdm-osc cleanup --url=URL [--yes] [OPTIONS]",
    header = "Shows and removes what dead migrations left behind.",
    description = {
      "%nA migration whose process was killed leaves its new table, its change stream and its"
          + " record on the server. Migrations that are running are shown, but never touched.%n"
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:Nothing is left behind, or it was removed, or only shown.",
      ExitStatusHelp.INTERNAL,
      ExitStatusHelp.REFUSED,
      "3:Something could not be removed."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  zdm-osc cleanup --url jdbc:postgresql://db/shop --user app",
      "  zdm-osc cleanup --url jdbc:postgresql://db/shop --user app --yes"
    })
final class CleanupCommand extends ServerCommand {
  @Option(
      names = "--yes",
      order = 1,
      description = "Removes without asking. Without it, and without a terminal, only shows.")
  boolean yes;

  CleanupCommand(Context context) {
    super(context);
  }

  @Override
  int execute(Settings settings, OutputFormat format) {
    Optional<ConnectionSettings> connection = connection(settings);
    settings.problems().refuseIfAny();

    CleanupReport report = new CleanupReport(context().out(), format);
    try (Database database = open(connection.orElseThrow())) {
      ControlStore control = database.control();
      List<Unfinished> found = control.unfinished();
      List<Unfinished> dead = found.stream().filter(it -> !it.alive()).toList();
      List<String> strays = control.strays();
      report.found(found, strays);
      if (dead.isEmpty() && strays.isEmpty()) {
        return ExitCode.DONE.status();
      }
      if (yes || (format == OutputFormat.TEXT && context().prompt().confirm("Remove all this?"))) {
        remove(control, dead, strays, report);
      } else {
        report.kept();
      }
    }
    return ExitCode.DONE.status();
  }

  private static void remove(
      ControlStore control, List<Unfinished> dead, List<String> strays, CleanupReport report) {
    List<String> remaining = new ArrayList<>();
    for (Unfinished migration : dead) {
      List<String> failures = control.remove(migration);
      report.removed(migration, failures);
      remaining.addAll(failures);
    }
    if (!strays.isEmpty()) {
      List<String> failures = control.removeStrays();
      report.removedStrays(strays, failures);
      remaining.addAll(failures);
    }
    if (!remaining.isEmpty()) {
      throw new MigrationFailedException(
          "not everything could be removed:\n  " + String.join("\n  ", remaining),
          "The rest is removed; the tables that serve are as they were.",
          "remove the cause, then run zdm-osc cleanup again.");
    }
  }
}
