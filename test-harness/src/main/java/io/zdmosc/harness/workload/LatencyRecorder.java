package io.zdmosc.harness.workload;

import java.time.Instant;

/**
 * Counts how long statements took, in buckets a sixteenth wide. Written by one thread; any thread
 * may take a summary.
 */
public final class LatencyRecorder {
  private static final int SUB_BUCKETS = 16;

  private final long[] buckets = new long[64 * SUB_BUCKETS];
  private long count;
  private long maxNanos;
  private Instant longestBegan = Instant.EPOCH;

  /** Counts a statement that took so long. */
  public synchronized void record(long nanos) {
    buckets[bucket(nanos)]++;
    count++;
    if (nanos > maxNanos) {
      maxNanos = nanos;
      longestBegan = Instant.now().minusNanos(nanos);
    }
  }

  /** Adds everything that another one has counted. */
  public void add(LatencyRecorder other) {
    synchronized (other) {
      synchronized (this) {
        for (int i = 0; i < buckets.length; i++) {
          buckets[i] += other.buckets[i];
        }
        count += other.count;
        if (other.maxNanos > maxNanos) {
          maxNanos = other.maxNanos;
          longestBegan = other.longestBegan;
        }
      }
    }
  }

  public synchronized LatencySummary summary() {
    return new LatencySummary(
        count, millis(quantile(0.5)), millis(quantile(0.99)), millis(maxNanos), longestBegan);
  }

  private long quantile(double share) {
    long wanted = (long) Math.ceil(count * share);
    long seen = 0;
    for (int i = 0; i < buckets.length; i++) {
      seen += buckets[i];
      if (seen >= wanted && seen > 0) {
        return Math.min(upperBound(i), maxNanos);
      }
    }
    return 0;
  }

  private static int bucket(long nanos) {
    long value = Math.max(nanos, SUB_BUCKETS);
    int exponent = 63 - Long.numberOfLeadingZeros(value);
    int sub = (int) (value >>> (exponent - 4)) & (SUB_BUCKETS - 1);
    return exponent * SUB_BUCKETS + sub;
  }

  private static long upperBound(int bucket) {
    int exponent = bucket / SUB_BUCKETS;
    long sub = bucket % SUB_BUCKETS;
    return (SUB_BUCKETS + sub + 1) << Math.max(0, exponent - 4);
  }

  private static double millis(long nanos) {
    return nanos / 1e6;
  }
}
