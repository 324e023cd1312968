package io.zdmosc.engine.verify;

import io.zdmosc.engine.spi.Difference;
import io.zdmosc.engine.spi.Key;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Keys that differed when they were first compared. Thread-safe; bounded. */
final class Suspects {
  private final int limit;
  private final Map<Key, Difference> byKey = new LinkedHashMap<>();

  Suspects(int limit) {
    this.limit = limit;
  }

  synchronized void add(Collection<Difference> differences) {
    for (Difference difference : differences) {
      if (byKey.size() < limit) {
        byKey.put(difference.key(), difference);
      }
    }
  }

  synchronized List<Key> keys() {
    return List.copyOf(byKey.keySet());
  }

  synchronized boolean isFull() {
    return byKey.size() >= limit;
  }
}
