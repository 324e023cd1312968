package io.zdmosc.engine.throttle;

import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * Tells how old a place in a log is: the time since the log grew past it, as far as it was told of
 * that. Not thread-safe.
 */
public final class PositionClock {
  private final LongSupplier nanoTime;
  private final PlaceTimes<Long> times = new PlaceTimes<>();

  public PositionClock() {
    this(System::nanoTime);
  }

  /** By another clock, whose zero may be anywhere. */
  public PositionClock(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** The log's end is here now. */
  public void tick(long end) {
    times.put(end, nanoTime.getAsLong());
  }

  /** How long the log has been beyond this place, in milliseconds; 0 when it is not. */
  public long ageMillis(long place) {
    OptionalLong beyond = times.beyond(place);
    return beyond.isEmpty() ? 0 : (nanoTime.getAsLong() - beyond.getAsLong()) / 1_000_000;
  }
}
