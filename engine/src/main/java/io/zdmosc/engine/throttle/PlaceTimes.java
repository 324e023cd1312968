package io.zdmosc.engine.throttle;

import java.util.Iterator;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Remembers when a log had grown to where. Coarse by the interval at which it is told, and coarser
 * for what is long ago. Not thread-safe.
 *
 * @param <P> a place in the log; the order is that of the log
 */
public final class PlaceTimes<P extends Comparable<? super P>> {
  private static final int REMEMBERED = 4_096;

  private final TreeMap<P, Long> times = new TreeMap<>();

  /** The log had grown to this place at that time; what is known of a place stays. */
  public void put(P end, long time) {
    times.putIfAbsent(end, time);
    if (times.size() > REMEMBERED) {
      thin();
    }
  }

  /** Every second one of the older half goes: what is old need not be known exactly. */
  private void thin() {
    Iterator<P> places = times.keySet().iterator();
    for (int i = 0; i < REMEMBERED / 2; i++) {
      places.next();
      if (i > 0 && i % 2 == 0) {
        places.remove();
      }
    }
  }

  /** When the log grew beyond this place; empty when it has not, as far as is known. */
  public OptionalLong beyond(P place) {
    Map.Entry<P, Long> beyond = times.higherEntry(place);
    return beyond == null ? OptionalLong.empty() : OptionalLong.of(beyond.getValue());
  }
}
