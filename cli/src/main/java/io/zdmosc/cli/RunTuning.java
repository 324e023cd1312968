package io.zdmosc.cli;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options that say how a migration is run. */
final class RunTuning {
  @Mixin LimitOptions limits;

  @Mixin ThrottleOptions throttling;

  @Mixin GuardOptions guards;

  @Mixin HookOptions hooks;

  @Option(
      names = "--threads",
      order = 30,
      paramLabel = "N",
      description =
          "Connections that copy, build indexes and verify at the same time, and that follow the"
              + " application's writes where one does not keep up. Default: 2")
  String threads;

  @Option(
      names = "--chunk-time",
      order = 31,
      paramLabel = "TIME",
      description = "Time that one chunk should take; its size adapts. Default: 500ms")
  String chunkTime;

  @Option(
      names = "--max-lag",
      order = 32,
      paramLabel = "TIME",
      description = "The copy pauses while the change stream is further behind. Default: 10s")
  String maxLag;

  @Option(
      names = "--cut-over-budget",
      order = 33,
      paramLabel = "TIME",
      description = "The longest that one attempt may hold the application. Default: 500ms")
  String cutOverBudget;

  @Option(
      names = "--cut-over-attempts",
      order = 34,
      paramLabel = "N",
      description = "Attempts at the cut-over, one after another. Default: 60")
  String cutOverAttempts;

  @Option(
      names = "--after-attempts",
      order = 34,
      paramLabel = "wait|discard",
      description = {
        "What happens when they are used up. wait: the migration stays ready until 'zdm-osc cut-over',"
            + " or the next window of the cut-over, lets it try again. discard: it is removed, and"
            + " the exit status is 4",
        "Default: wait"
      })
  String afterAttempts;

  @Option(
      names = "--retire",
      order = 35,
      paramLabel = "keep|drop",
      description = "What becomes of the old table after the cut-over. Default: keep")
  String retire;

  @Option(
      names = "--index-memory",
      order = 36,
      paramLabel = "SIZE",
      description = "Working memory of one index build. Default: 64MB")
  String indexMemory;

  @Option(
      names = "--retry-time",
      order = 37,
      paramLabel = "TIME",
      description = {
        "How long it is tried to go on after a lost connection or a restart of the server.",
        "Default: 10min"
      })
  String retryTime;

  @Option(
      names = "--postpone-cut-over",
      order = 38,
      description = "Waits with the cut-over until 'zdm-osc cut-over' lets it begin")
  boolean postponeCutOver;

  @Option(
      names = "--hold",
      order = 39,
      description = {
        "After the cut-over keeps the old table in step with the new one, until zdm-osc rollback"
            + " swaps back or zdm-osc contract ends it"
      })
  boolean hold;

  @Option(
      names = "--window",
      order = 40,
      paramLabel = "WINDOWS",
      description = {
        "When it may copy, build indexes and verify: weekdays, times and a time zone, or cron with a"
            + " duration; several with semicolons; auto for what zdm-osc traffic proposes. Changes"
            + " are followed always.",
        "Default: always"
      })
  String window;

  @Option(
      names = "--cut-over-window",
      order = 41,
      paramLabel = "WINDOWS",
      description = "When it may exchange the tables. Default: as --window")
  String cutOverWindow;

  @Option(
      names = "--dry-run",
      order = 39,
      paramLabel = "sample|full",
      arity = "0..1",
      fallbackValue = "sample",
      description = {
        "Changes nothing. sample: tries the change, copies and verifies parts of the table and"
            + " estimates the rest. full: does all but the cut-over.",
        "Default without a value: sample"
      })
  String dryRun;
}
