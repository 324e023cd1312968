package io.zdmosc.harness.benchmark;

/**
 * The application's transactions in a span of time.
 *
 * @param sortedMicros their latencies, ascending
 * @param seconds the span
 */
record LoadFigures(long[] sortedMicros, double seconds) {
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
}
