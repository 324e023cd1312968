package io.zdmosc.engine.cutover;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Exponential backoff with full jitter: the wait before try n is drawn evenly from half to all of
 * {@code first * 2^n}, at most {@code longest}. Jitter keeps retries from falling into step with
 * the application's own timers.
 */
public final class Backoff {
  private final Duration first;
  private final Duration longest;
  private final RandomGenerator random;

  public Backoff(Duration first, Duration longest, RandomGenerator random) {
    this.first = first;
    this.longest = longest;
    this.random = random;
  }

  /** The wait after so many failed tries, counted from 1. */
  public Duration after(int failures) {
    int doublings = Math.min(20, Math.max(0, failures - 1));
    long ceiling = Math.min(longest.toMillis(), first.toMillis() << doublings);
    return Duration.ofMillis(ceiling / 2 + random.nextLong(ceiling / 2 + 1));
  }
}
