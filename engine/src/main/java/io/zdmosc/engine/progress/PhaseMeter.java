package io.zdmosc.engine.progress;

import java.util.concurrent.atomic.AtomicLong;

/** Counts the rows of one phase and knows their rate. Thread-safe. */
public final class PhaseMeter {
  private static final double WEIGHT_PER_SECOND = 0.2;

  private final AtomicLong done = new AtomicLong();
  private volatile long total;
  private long sampledAt = System.nanoTime();
  private long sampled;
  private double rate;

  public PhaseMeter(long total) {
    this.total = total;
  }

  public void add(long rows) {
    done.addAndGet(rows);
  }

  /** So many rows were done before; they do not count as speed. */
  public synchronized void goOnFrom(long rows) {
    done.addAndGet(rows);
    sampled += rows;
  }

  public long done() {
    return done.get();
  }

  /** The rows to be done: an estimate, never below what is done already. */
  public long total() {
    return Math.max(total, done.get());
  }

  public void total(long rows) {
    total = rows;
  }

  /** Rows per second, an exponentially weighted moving average over some five seconds. */
  public synchronized long rowsPerSecond() {
    long now = System.nanoTime();
    double seconds = (now - sampledAt) / 1e9;
    if (seconds >= 0.5) {
      double present = (done.get() - sampled) / seconds;
      double weight = Math.min(1, WEIGHT_PER_SECOND * seconds);
      rate = rate == 0 ? present : rate + weight * (present - rate);
      sampled = done.get();
      sampledAt = now;
    }
    return Math.round(rate);
  }

  /** Seconds until the phase is done; -1 while unknown. */
  public long etaSeconds() {
    long speed = rowsPerSecond();
    return speed <= 0 || total <= 0 ? -1 : (total() - done.get()) / speed;
  }
}
