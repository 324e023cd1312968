package io.zdmosc.engine.copy;

import java.time.Duration;
import java.util.Arrays;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Adapts the size of chunks, in rows, to a target time.
 *
 * <p>The controller looks at the 90th percentile of the last ten chunks, scaled to rows of the
 * present size. Below the target it grows by at most one half a chunk, above it shrinks in
 * proportion, to at least the minimum. So one slow chunk among ten changes little, and a server
 * that becomes slow is given smaller chunks at once. Thread-safe.
 */
public final class ChunkSizer {
  private static final int WINDOW = 10;
  private static final long MINIMUM = 100;

  private final Supplier<Duration> target;
  private final LongSupplier maximum;
  private final double[] nanosPerRow = new double[WINDOW];
  private int samples;
  private long rows;
  private long p90Millis;

  /**
   * @param target may change at any time
   * @param maximum of rows; may change too
   */
  public ChunkSizer(Supplier<Duration> target, long initialRows, LongSupplier maximum) {
    this.target = target;
    this.maximum = maximum;
    this.rows = clamp(initialRows);
  }

  /** The size of the next chunk, in rows. */
  public synchronized long rows() {
    return rows;
  }

  /** The 90th percentile of recent chunks, in milliseconds, at the present size. */
  public synchronized long p90Millis() {
    return p90Millis;
  }

  /** Hears how long a chunk took. */
  public synchronized void took(long copied, long nanos) {
    if (copied < rows / 4) {
      return; // a stump at the end of the table says nothing about the next chunk
    }
    nanosPerRow[samples++ % WINDOW] = (double) nanos / copied;
    double p90 = percentile90();
    p90Millis = Math.round(p90 * rows / 1e6);
    double factor = target.get().toNanos() / (p90 * rows);
    rows = clamp(Math.round(rows * Math.min(1.5, Math.max(0.2, factor))));
  }

  private double percentile90() {
    int count = Math.min(samples, WINDOW);
    double[] sorted = Arrays.copyOf(nanosPerRow, count);
    Arrays.sort(sorted);
    return sorted[Math.max(0, (int) Math.ceil(count * 0.9) - 1)];
  }

  private long clamp(long value) {
    return Math.max(MINIMUM, Math.min(maximum.getAsLong(), value));
  }
}
