package io.zdmosc.engine.throttle;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * Remembers when a log had grown to where, so that a place in it has an age: the time since the log
 * grew past it. Coarse by the interval at which it is told. Not thread-safe.
 */
public final class PositionClock {
  private static final int REMEMBERED = 4_096;

  private final LongSupplier nanoTime;
  private final TreeMap<Long, Long> times = new TreeMap<>();

  public PositionClock() {
    this(System::nanoTime);
  }

  PositionClock(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** The log's end is here now. */
  public void tick(long end) {
    times.putIfAbsent(end, nanoTime.getAsLong());
    if (times.size() > REMEMBERED) {
      thin();
    }
  }

  /** Every second one of the older half goes: what is old need not be known to the second. */
  private void thin() {
    Long[] older = times.keySet().stream().limit(REMEMBERED / 2).toArray(Long[]::new);
    for (int i = 2; i < older.length; i += 2) {
      times.remove(older[i]);
    }
  }

  /** How long the log has been beyond this place, in milliseconds; 0 when it is not. */
  public long ageMillis(long place) {
    Map.Entry<Long, Long> beyond = times.higherEntry(place);
    return beyond == null ? 0 : (nanoTime.getAsLong() - beyond.getValue()) / 1_000_000;
  }
}
