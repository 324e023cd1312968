package io.zdmosc.cli;

import io.zdmosc.cli.config.Settings;
import io.zdmosc.cli.output.JsonLines;
import io.zdmosc.cli.output.JsonShape;
import io.zdmosc.cli.output.OutputFormat;
import io.zdmosc.cli.output.PlanText;
import io.zdmosc.engine.ChangeRequest;
import io.zdmosc.engine.error.ExitCode;
import io.zdmosc.engine.plan.Plan;
import io.zdmosc.engine.spi.ConnectionSettings;
import io.zdmosc.engine.spi.Database;
import java.time.Clock;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows what a run would do. */
@Command(
    name = "plan",
    sortOptions = false,
    customSynopsis = "zdm-osc plan --url=URL --table=TABLE --alter=CLAUSE [OPTIONS]",
    header = "Checks a change and shows what a run would do. Touches nothing.",
    description = {
      "%nShows how each column of the new table comes about, each step with its lock and how long it"
          + " is held, and what the change is refused for.%n"
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {ExitStatusHelp.DONE, ExitStatusHelp.INTERNAL, ExitStatusHelp.REFUSED},
    footerHeading = "%nExample:%n",
    footer = {
      "  zdm-osc plan --url jdbc:postgresql://db/shop --user app --table users \\",
      "      --alter 'ALTER COLUMN id TYPE bigint, ADD COLUMN plan text'"
    })
final class PlanCommand extends ServerCommand {
  @Mixin ChangeOptions changeOptions;

  PlanCommand(Context context) {
    super(context);
  }

  @Override
  int execute(Settings settings, OutputFormat format) {
    Optional<ConnectionSettings> connection = connection(settings);
    Optional<ChangeRequest> request = new ChangeReader(settings, context().directory()).read();
    settings.problems().refuseIfAny();

    try (Database database = open(connection.orElseThrow())) {
      Plan plan = database.plan(request.orElseThrow()).plan();
      if (format == OutputFormat.JSON) {
        new JsonLines(context().out(), Clock.systemUTC()).write("plan", JsonShape.of(plan));
      } else {
        PlanText.full(plan).forEach(context().out()::println);
      }
    }
    return ExitCode.DONE.status();
  }
}
