package io.zdmosc.harness.benchmark;

import java.util.Arrays;

/**
 * The application's transactions in a span of time.
 *
 * @param sortedMicros their latencies, ascending
 * @param seconds the span
 * @param errors that the application saw, but for deadlocks
 */
record LoadFigures(long[] sortedMicros, double seconds, int errors) {
  double perSecond() {
    return sortedMicros.length / seconds;
  }

  /** A percentile in milliseconds. */
  double millis(double percentile) {
    if (sortedMicros.length == 0) {
      return Double.NaN;
    }
    int index = (int) Math.ceil(sortedMicros.length * percentile / 100) - 1;
    return sortedMicros[Math.max(0, index)] / 1e3;
  }

  double maxMillis() {
    return millis(100);
  }

  /** Collects the transactions of a span of time. */
  static final class Collector {
    private final long from;
    private final long to;
    private long[] latencies = new long[1 << 16];
    private int count;
    private int errors;

    /**
     * @param from in microseconds since 1970
     * @param to in microseconds since 1970
     */
    Collector(long from, long to) {
      this.from = from;
      this.to = to;
    }

    /** Takes a transaction if it ended in the span. */
    void add(long end, long latencyMicros) {
      if (end < from || end >= to) {
        return;
      }
      if (count == latencies.length) {
        latencies = Arrays.copyOf(latencies, count * 2);
      }
      latencies[count++] = latencyMicros;
    }

    /** Takes an error of the application if it came in the span. */
    void addError(long when) {
      if (when >= from && when < to) {
        errors++;
      }
    }

    LoadFigures figures() {
      long[] sorted = Arrays.copyOf(latencies, count);
      Arrays.sort(sorted);
      return new LoadFigures(sorted, (to - from) / 1e6, errors);
    }
  }
}
