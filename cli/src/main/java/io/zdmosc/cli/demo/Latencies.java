package io.zdmosc.cli.demo;

import java.util.Arrays;

/** How long each statement of one writer took, and when. Not thread-safe. */
final class Latencies {
  private long[] starts = new long[1 << 12];
  private long[] durations = new long[1 << 12];
  private int size;

  void add(long startNanos, long durationNanos) {
    if (size == starts.length) {
      starts = Arrays.copyOf(starts, size * 2);
      durations = Arrays.copyOf(durations, size * 2);
    }
    starts[size] = startNanos;
    durations[size] = durationNanos;
    size++;
  }

  void addAll(Latencies other) {
    for (int i = 0; i < other.size; i++) {
      add(other.starts[i], other.durations[i]);
    }
  }

  /** The longest duration of those that overlap the time from one moment to another. */
  long longestBetween(long fromNanos, long toNanos) {
    long longest = 0;
    for (int i = 0; i < size; i++) {
      if (starts[i] - toNanos <= 0 && starts[i] + durations[i] - fromNanos >= 0) {
        longest = Math.max(longest, durations[i]);
      }
    }
    return longest;
  }

  /** The duration that the given share of all stays below. */
  long quantile(double share) {
    if (size == 0) {
      return 0;
    }
    long[] sorted = Arrays.copyOf(durations, size);
    Arrays.sort(sorted);
    return sorted[(int) Math.min(size - 1L, Math.round(share * (size - 1)))];
  }
}
