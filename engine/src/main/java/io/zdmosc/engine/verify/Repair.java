package io.zdmosc.engine.verify;

import io.zdmosc.engine.spi.Difference;
import io.zdmosc.engine.spi.FlushResult;
import io.zdmosc.engine.spi.Flusher;
import io.zdmosc.engine.spi.Key;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Makes rows that differ equal again: by a flush, and extra rows by removing them. */
public final class Repair {
  private static final int BATCH = 1_000;

  private final Flusher flusher;

  public Repair(Flusher flusher) {
    this.flusher = flusher;
  }

  /** Repairs; nobody else may flush meanwhile. Returns what could not be repaired, and why. */
  public List<FlushResult.Conflict> of(Collection<Difference> differences) {
    List<Key> extra = new ArrayList<>();
    List<Key> others = new ArrayList<>();
    for (Difference difference : differences) {
      (difference.kind() == Difference.Kind.EXTRA ? extra : others).add(difference.key());
    }
    // extra rows first: they may hold values that the others need
    for (int from = 0; from < extra.size(); from += BATCH) {
      flusher.removeUnmatched(extra.subList(from, Math.min(extra.size(), from + BATCH)));
    }
    List<FlushResult.Conflict> conflicts = new ArrayList<>();
    for (int from = 0; from < others.size(); from += BATCH) {
      List<Key> batch = others.subList(from, Math.min(others.size(), from + BATCH));
      conflicts.addAll(flusher.flush(batch, true).conflicts());
    }
    return conflicts;
  }
}
