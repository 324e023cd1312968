package io.zdmosc.engine.throttle;

import java.util.function.LongFunction;
import java.util.function.LongSupplier;

/**
 * Pressure from a figure that has a limit: at half of it the copy slows down, at all of it stops.
 */
public final class LimitSignal implements ThrottleSignal {
  private final LongSupplier value;
  private final LongSupplier limit;
  private final LongFunction<String> words;

  /**
   * @param words names the figure, for people: {@code "change stream 4200 ms behind"}
   */
  public LimitSignal(LongSupplier value, long limit, LongFunction<String> words) {
    this(value, () -> limit, words);
    if (limit <= 0) {
      throw new IllegalArgumentException("limit must be positive");
    }
  }

  /**
   * With a limit that may change.
   *
   * @param limit is positive at any time
   */
  public LimitSignal(LongSupplier value, LongSupplier limit, LongFunction<String> words) {
    this.value = value;
    this.limit = limit;
    this.words = words;
  }

  @Override
  public double pressure() {
    return (double) value.getAsLong() / limit.getAsLong();
  }

  @Override
  public String reason() {
    return words.apply(value.getAsLong());
  }
}
