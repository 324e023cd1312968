package io.zdmosc.harness.workload;

import java.time.Instant;

/**
 * How long statements took.
 *
 * @param count how many statements
 * @param p50Millis half of them took no longer, in milliseconds
 * @param p99Millis 99 of 100 took no longer, in milliseconds
 * @param maxMillis the longest stall, in milliseconds
 * @param longestBegan when the longest began
 */
public record LatencySummary(
    long count, double p50Millis, double p99Millis, double maxMillis, Instant longestBegan) {
  @Override
  public String toString() {
    return String.format(
        "%d statements, p50 %.2f ms, p99 %.2f ms, max %.1f ms (at %s)",
        count, p50Millis, p99Millis, maxMillis, longestBegan);
  }
}
