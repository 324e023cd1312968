package io.zdmosc.engine.spi;

import java.util.Collection;
import java.util.List;

/** Compares source and shadow. Has a connection of its own; one thread. */
public interface RangeVerifier extends AutoCloseable {
  /** Compares a range by counts and checksums. */
  RangeComparison compare(KeyRange range);

  /**
   * The keys that differ in a range, row by row, at most {@code limit} of them. A missing row
   * counts as different here.
   */
  List<Difference> differences(KeyRange range, int limit);

  /** Which of these keys of the source differ now. */
  List<Difference> differences(Collection<Key> keys);

  /**
   * Rows of the shadow that no range can show, because the change alters the order of keys; empty
   * where ranges cover both tables.
   */
  List<Difference> unmatched(int limit);

  /** Which of these rows of the shadow, named by its own keys, no source row leads to now. */
  List<Difference> unmatched(Collection<Key> shadowKeys);

  /** Which of these keys of the source are equal, for the server, to one of the others. */
  List<Key> sameRows(List<Key> keys, Collection<Key> others);

  @Override
  void close();
}
