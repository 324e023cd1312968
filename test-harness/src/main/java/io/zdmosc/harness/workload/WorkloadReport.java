package io.zdmosc.harness.workload;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a workload did and saw.
 *
 * @param seed repeats the writers' decisions
 * @param operations how often each operation was done
 * @param errors the first things that an application would have seen go wrong
 * @param errorCount how many there were
 * @param shapeSwitches how many writers noticed by an error that the table has its new shape
 * @param replannings how many prepared statements had to be planned anew
 * @param deadlocks how many transactions the server gave up for another; they were tried again
 * @param lockWaits how many statements waited in vain for a lock; they were tried again
 * @param connectionLosses how many connections were lost, where that was expected
 * @param resolvedCommits how many commits without an answer were found out about
 * @param latency of all statements
 * @param latencyByWriter of each writer's statements
 */
public record WorkloadReport(
    long seed,
    Map<String, Long> operations,
    List<WorkloadError> errors,
    long errorCount,
    long shapeSwitches,
    long replannings,
    long deadlocks,
    long lockWaits,
    long connectionLosses,
    long resolvedCommits,
    LatencySummary latency,
    Map<String, LatencySummary> latencyByWriter) {
  /** Throws AssertionError with the errors, if there were any. */
  public void assertNoErrors() {
    if (errorCount > 0) {
      throw new AssertionError(toString());
    }
  }

  @Override
  public String toString() {
    return String.format(
        "seed %d: %s; %d errors, %d shape switches, %d replannings, %d deadlocks, %d lock waits,"
            + " %d connections lost, %d commits resolved; %s%n%s",
        seed,
        operations,
        errorCount,
        shapeSwitches,
        replannings,
        deadlocks,
        lockWaits,
        connectionLosses,
        resolvedCommits,
        latency,
        errors.stream().map(Object::toString).collect(Collectors.joining("\n")));
  }
}
