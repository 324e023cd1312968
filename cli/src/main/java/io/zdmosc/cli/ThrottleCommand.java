package io.zdmosc.cli;

import io.zdmosc.cli.config.Durations;
import io.zdmosc.cli.config.Numbers;
import io.zdmosc.cli.config.Settings;
import io.zdmosc.engine.RunOptions;
import io.zdmosc.engine.throttle.Limits;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Changes a running migration's limits. */
@Command(
    name = "throttle",
    sortOptions = false,
    customSynopsis =
        "zdm-osc throttle --url=URL [--table=TABLE | --id=N] [--threads=N] [--chunk-time=TIME]"
            + " [--max-lag=TIME] [OPTIONS]",
    header = "Changes the limits of a migration while it runs.",
    description = {"%nThey hold until they are changed again, or the migration ends.%n"},
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {ExitStatusHelp.DONE, ExitStatusHelp.INTERNAL, ExitStatusHelp.REFUSED})
final class ThrottleCommand extends SteeringCommand {
  private static final Duration SHORTEST_CHUNK = Duration.ofMillis(10);
  private static final Duration SHORTEST_LAG = Duration.ofMillis(100);

  private static final List<String> LIMITS =
      Stream.concat(Stream.of("threads", "chunk-time", "max-lag"), LimitOptions.NAMES.stream())
          .toList();

  @Mixin LimitOptions more;

  @Option(
      names = "--threads",
      order = 12,
      paramLabel = "N",
      description = "Connections that copy, build indexes and verify at the same time")
  String threads;

  @Option(
      names = "--chunk-time",
      order = 13,
      paramLabel = "TIME",
      description = "Time that one chunk should take; its size adapts")
  String chunkTime;

  @Option(
      names = "--max-lag",
      order = 14,
      paramLabel = "TIME",
      description = "The copy pauses while the change stream, or a replica, is further behind")
  String maxLag;

  ThrottleCommand(Context context) {
    super(context);
  }

  @Override
  Order order(Settings settings) {
    Optional<Integer> threads = threads(settings);
    Optional<Duration> chunk = atLeast(settings, "chunk-time", SHORTEST_CHUNK);
    Optional<Duration> lag = atLeast(settings, "max-lag", SHORTEST_LAG);
    Limits limits = LimitOptions.read(settings);
    if (LIMITS.stream().allMatch(name -> settings.get(name).isEmpty())) {
      settings
          .problems()
          .add("the command", "says no limit", "Give --" + String.join(", --", LIMITS) + ".");
    }
    return (control, migration) -> {
      control.order(migration.id(), orders -> orders.limited(threads, chunk, lag).limited(limits));
      return whoHears(migration, "keeps to the new limits within seconds. Next: zdm-osc status");
    };
  }

  private static Optional<Integer> threads(Settings settings) {
    return settings.parsed(
        "threads",
        text -> {
          int value = Numbers.parse(text);
          if (value < 1 || value > RunOptions.MAX_THREADS) {
            throw new IllegalArgumentException("must be from 1 to " + RunOptions.MAX_THREADS);
          }
          return value;
        },
        Numbers.REMEDY);
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
