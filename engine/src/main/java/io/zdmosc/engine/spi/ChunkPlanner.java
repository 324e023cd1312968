package io.zdmosc.engine.spi;

import java.util.List;
import java.util.Optional;

/** Finds the bounds of key ranges on the source table. Has a connection of its own. */
public interface ChunkPlanner extends AutoCloseable {
  /**
   * The key of the {@code rows}-th row after {@code lower}; empty when fewer rows remain.
   *
   * @param lower exclusive; empty for the first key on
   * @param limit the last key to consider; empty for no limit
   */
  Optional<Key> boundaryAfter(Optional<Key> lower, long rows, Optional<Key> limit);

  /** About {@code count} keys spread over the table, in order, without duplicates. */
  List<Key> sample(int count);

  /**
   * The most rows that a chunk should have, so that its transaction stays small in bytes, when so
   * many threads copy at the same time.
   */
  long maxRows(int threads);

  @Override
  void close();
}
