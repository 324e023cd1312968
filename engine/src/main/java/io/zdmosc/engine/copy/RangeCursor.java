package io.zdmosc.engine.copy;

import io.zdmosc.engine.spi.ChunkPlanner;
import io.zdmosc.engine.spi.Key;
import io.zdmosc.engine.spi.KeyRange;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Walks over the source table in ranges of about so many rows. The last range has no upper bound.
 * Thread-safe: several workers share one cursor.
 */
public final class RangeCursor {
  private final ChunkPlanner planner;
  private final LongSupplier rows;
  private Key last;
  private boolean complete;

  public RangeCursor(ChunkPlanner planner, LongSupplier rows) {
    this.planner = planner;
    this.rows = rows;
  }

  /** Goes on behind a key; empty for the first one. */
  public RangeCursor(ChunkPlanner planner, LongSupplier rows, Optional<Key> after) {
    this(planner, rows);
    this.last = after.orElse(null);
  }

  /** The next range; empty when the last one has been given. */
  public synchronized Optional<KeyRange> next() {
    if (complete) {
      return Optional.empty();
    }
    Optional<Key> upper =
        planner.boundaryAfter(Optional.ofNullable(last), rows.getAsLong(), Optional.empty());
    KeyRange range = new KeyRange(last, upper.orElse(null));
    last = upper.orElse(null);
    complete = upper.isEmpty();
    return Optional.of(range);
  }
}
