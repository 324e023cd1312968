package io.zdmosc.engine.spi;

import java.util.List;
import java.util.Optional;

/** Brings shadow rows to the source's present state. Has a connection of its own; one thread. */
public interface Flusher extends AutoCloseable {
  /** Which commits are visible by now. */
  Settlement settlement();

  /** Where each key lies, in the server's order of keys. */
  List<KeyLocation> locate(List<Key> keys, CopyLayout layout);

  /**
   * Makes the shadow rows of these keys equal to the transformed source rows, in one durable
   * transaction. The keys must be copied, and the commits that named them settled. No other flusher
   * of this change may be at work.
   *
   * @param check also compares what was written with the source, in the same snapshot
   */
  FlushResult flush(List<Key> keys, boolean check);

  /**
   * As {@link #flush}, while other flushers write other keys. It gives way to them rather than wait
   * for long, and leaves to {@link #flush} what may be in the way of rows that they write.
   *
   * @return empty when nothing was written
   */
  Optional<FlushResult> flushBeside(List<Key> keys, boolean check);

  /**
   * Removes those of these shadow rows that no source row leads to, in one durable transaction.
   *
   * @param shadowKeys as {@link Difference#key} names extra rows
   */
  void removeUnmatched(List<Key> shadowKeys);

  @Override
  void close();
}
