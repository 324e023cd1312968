package io.zdmosc.mysql.stream;

import io.zdmosc.engine.throttle.PlaceTimes;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/** When what stands in the log was committed, as far as it has been read. Thread-safe. */
final class CommitTimes {
  private static final long INTERVAL_MILLIS = 1_000;

  private final PlaceTimes<BinlogPosition> times = new PlaceTimes<>();
  private long latestMillis = Long.MIN_VALUE;

  /**
   * A transaction was read.
   *
   * @param end of it in the log
   */
  synchronized void committed(BinlogPosition end, Instant at) {
    long millis = at.toEpochMilli();
    if (millis >= latestMillis + INTERVAL_MILLIS || latestMillis == Long.MIN_VALUE) {
      latestMillis = millis;
      times.put(end, millis);
    }
  }

  /** When the first transaction that ends behind this place was committed; empty without one. */
  synchronized Optional<Instant> firstBehind(BinlogPosition place) {
    OptionalLong millis = times.beyond(place);
    return millis.isPresent()
        ? Optional.of(Instant.ofEpochMilli(millis.getAsLong()))
        : Optional.empty();
  }
}
