package io.zdmosc.engine.verify;

import io.zdmosc.engine.spi.Difference;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Differences that were seen when rows were first compared. Thread-safe; bounded. */
final class Suspects {
  private final int limit;
  private final List<Difference> all = new ArrayList<>();

  Suspects(int limit) {
    this.limit = limit;
  }

  /** False when there is no room for all of them; then none is added. */
  synchronized boolean add(Collection<Difference> differences) {
    if (all.size() + differences.size() > limit) {
      return false;
    }
    all.addAll(differences);
    return true;
  }

  synchronized List<Difference> all() {
    return List.copyOf(all);
  }
}
