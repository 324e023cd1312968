package io.zdmosc.cli;

import io.zdmosc.cli.config.Durations;
import io.zdmosc.cli.config.Settings;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Changes a running migration's limits. */
@Command(
    name = "throttle",
    sortOptions = false,
    customSynopsis =
        "zdm-osc throttle --url=URL [--table=TABLE | --id=N] [--chunk-time=TIME] [--max-lag=TIME]",
    header = "Changes the limits of a migration while it runs.",
    description = {"%nThey hold until they are changed again, or the migration ends.%n"},
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {ExitStatusHelp.DONE, ExitStatusHelp.INTERNAL, ExitStatusHelp.REFUSED})
final class ThrottleCommand extends SteeringCommand {
  private static final Duration SHORTEST_CHUNK = Duration.ofMillis(10);
  private static final Duration SHORTEST_LAG = Duration.ofMillis(100);

  @Option(
      names = "--chunk-time",
      order = 20,
      paramLabel = "TIME",
      description = "Time that one chunk should take; its size adapts")
  String chunkTime;

  @Option(
      names = "--max-lag",
      order = 21,
      paramLabel = "TIME",
      description = "The copy pauses while the change stream, or a replica, is further behind")
  String maxLag;

  ThrottleCommand(Context context) {
    super(context);
  }

  @Override
  Order order(Settings settings) {
    Optional<Duration> chunk = atLeast(settings, "chunk-time", SHORTEST_CHUNK);
    Optional<Duration> lag = atLeast(settings, "max-lag", SHORTEST_LAG);
    if (settings.get("chunk-time").isEmpty() && settings.get("max-lag").isEmpty()) {
      settings
          .problems()
          .add("the command", "says no limit", "Give --chunk-time, --max-lag, or both.");
    }
    return (control, migration) -> {
      control.order(migration.id(), orders -> orders.limited(chunk, lag));
      return whoHears(migration, "keeps to the new limits within seconds. Next: zdm-osc status");
    };
  }

  private static Optional<Duration> atLeast(Settings settings, String name, Duration shortest) {
    return settings.parsed(
        name,
        text -> {
          Duration value = Durations.parse(text);
          if (value.compareTo(shortest) < 0) {
            throw new IllegalArgumentException("must be at least " + shortest.toMillis() + " ms");
          }
          return value;
        },
        Durations.REMEDY);
  }
}
