package io.zdmosc.cli.output;

import java.time.Duration;
import java.util.function.LongSupplier;

/** Lets something happen at most once in a while. Thread-safe. */
final class Pace {
  private final long nanosBetween;
  private final LongSupplier clock;
  private long nextNanos;

  Pace(Duration between) {
    this(between, System::nanoTime);
  }

  Pace(Duration between, LongSupplier clock) {
    this.nanosBetween = between.toNanos();
    this.clock = clock;
    this.nextNanos = clock.getAsLong();
  }

  /** True when the last time was long enough ago; the time starts anew then. */
  synchronized boolean isDue() {
    long now = clock.getAsLong();
    if (now - nextNanos < 0) {
      return false;
    }
    nextNanos = now + nanosBetween;
    return true;
  }

  /** The next question gets a yes. */
  synchronized void reset() {
    nextNanos = clock.getAsLong();
  }
}
