package io.zdmosc.engine.spi;

import io.zdmosc.engine.Retire;
import java.util.List;

/**
 * A migration whose shadow table exists and whose change stream is open on the server: everything
 * that the engine works with. The factory methods open a connection each, which the caller closes.
 */
public interface PreparedChange extends AutoCloseable {
  /** The name that the source table has after the swap. */
  String retiredTable();

  ChangeStream openStream();

  ChunkPlanner openPlanner();

  ChunkCopier openCopier();

  Flusher openFlusher();

  RangeVerifier openVerifier();

  CutOver openCutOver();

  SourceWatch openWatch();

  /** Indexes and constraints that come after the copy, in the order to build them. */
  List<BuildStep> builds(long memoryBytes);

  /**
   * Gives the shadow table fresh statistics and whatever else spares the application a cold start.
   */
  void refreshStatistics();

  /**
   * What remains to be done after the cut-over: constraints to validate, stream objects and, if
   * asked for, the retired table to drop.
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
