package io.zdmosc.cli;

import io.zdmosc.cli.config.LimitText;
import io.zdmosc.cli.config.Settings;
import io.zdmosc.engine.throttle.Limits;
import java.util.List;
import picocli.CommandLine.Option;

/** Limits of the throttle's signals, which a running migration can be given too. */
final class LimitOptions {
  static final List<String> NAMES =
      List.of("max-replica-lag", "max-running", "max-commit-time", "throttle-query-limit");

  @Option(
      names = "--max-replica-lag",
      order = 50,
      paramLabel = "TIME",
      description = {
        "The copy pauses while a replica is further behind; SOFT:HARD slows it down from SOFT on.",
        "Default: as --max-lag"
      })
  String maxReplicaLag;

  @Option(
      names = "--max-running",
      order = 51,
      paramLabel = "N",
      description =
          "Copy and verification pause while the server works on so many statements at once, ours"
              + " not counted; or SOFT:HARD")
  String maxRunning;

  @Option(
      names = "--max-commit-time",
      order = 52,
      paramLabel = "TIME",
      description =
          "Copy and verification pause while the commit of a small transaction takes so long; or"
              + " SOFT:HARD")
  String maxCommitTime;

  @Option(
      names = "--throttle-query-limit",
      order = 53,
      paramLabel = "N",
      description =
          "The answer of --throttle-query that makes them pause; or SOFT:HARD. Default: more than 0")
  String throttleQueryLimit;

  /** Problems are recorded in the settings. */
  static Limits read(Settings settings) {
    return new Limits(
        settings.parsed("max-replica-lag", LimitText::time, LimitText.TIMES),
        settings.parsed("max-running", LimitText::number, LimitText.NUMBERS),
        settings.parsed("max-commit-time", LimitText::time, LimitText.TIMES),
        settings.parsed("throttle-query-limit", LimitText::number, LimitText.NUMBERS));
  }
}
