package io.zdmosc.engine.spi;

import io.zdmosc.engine.Retire;
import java.util.List;
import java.util.Optional;

/**
 * A migration whose shadow table exists and whose change stream is open on the server: everything
 * that the engine works with. The factory methods open a connection each, which the caller closes.
 */
public interface PreparedChange extends AutoCloseable {
  /** The name that the source table has after the swap. */
  String retiredTable();

  /** The chunks whose records are durable, in no order. */
  List<CopiedChunk> copied();

  /** Asks the server whether the new table serves: whether the swap has happened. */
  boolean isSwapped();

  /**
   * The same pair with source and target exchanged, where it was prepared for that: from the new
   * table, which serves once this change is swapped, to the retired one. Its {@link #isSwapped}
   * tells whether the old table serves again.
   */
  default Optional<PreparedChange> wayBack() {
    return Optional.empty();
  }

  /** Whether this carries rows from a new table back to a retired one. */
  default boolean isWayBack() {
    return false;
  }

  ChangeStream openStream();

  ChunkPlanner openPlanner();

  ChunkCopier openCopier();

  Flusher openFlusher();

  /**
   * Whether several flushers may be at work at once, each on keys of its own. Not where keys that
   * differ may name the same row, as texts of a collation that ignores case do: of two flushers
   * that have read it one after the other, the first could be the last to write it.
   */
  boolean flushesSideBySide();

  /**
   * The record of keys whose rows wait, where they may wait for long: on the way back. Elsewhere
   * they end the migration.
   */
  default Optional<WaitingKeys> openWaitingKeys() {
    return Optional.empty();
  }

  RangeVerifier openVerifier();

  CutOver openCutOver();

  SourceWatch openWatch();

  /**
   * The index by which the shadow's rows are found, where it can be left off during the copy: in
   * bulk it is built faster. Until it is there, copied keys cannot be flushed. Empty where the
   * shadow has it already.
   */
  Optional<BuildStep> keyIndex(long memoryBytes);

  /**
   * All other indexes and constraints that come after the copy and are not there yet, in the order
   * to build them: of those that can be built at the same time, the largest first.
   */
  List<BuildStep> builds(long memoryBytes);

  /**
   * What holds rows that are computed from the table, to be built from the shadow, as late as can
   * be. They may be built any number of times; of those that read each other, in this order. Empty
   * where there is nothing of the kind.
   */
  default List<BuildStep> lateBuilds(long memoryBytes) {
    return List.of();
  }

  /**
   * Gives the shadow table fresh statistics and whatever else spares the application a cold start.
   */
  void refreshStatistics();

  /**
   * What the table that serves now still lacks after the cut-over, such as constraints to validate.
   * Stream objects and retired table stay. Safe to call again.
   *
   * @return what could not be done, in words; empty when all is done
   */
  default List<String> complete() {
    return List.of();
  }

  /**
   * What remains to be done after the cut-over: constraints to validate, stream objects and, if
   * asked for, the retired table to drop.
   *
   * <p>Safe to call again when it broke off.
   *
   * @return what could not be done, in words; empty when all is done
   */
  List<String> finish(Retire retire);

  /**
   * Removes shadow table and stream objects and puts back what was arranged on the source. Safe to
   * call at any time before the swap, and again.
   *
   * @return what could not be removed, in words; empty when nothing is left behind
   */
  List<String> discard();

  @Override
  void close();
}
