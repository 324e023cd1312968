package io.zdmosc.engine.spi;

import java.util.List;
import java.util.OptionalLong;

/** Watches server and source table from the side. Has a connection of its own; one thread. */
public interface SourceWatch extends AutoCloseable {
  /**
   * Compares the source's shape with the one that the migration began with.
   *
   * @return what has changed, in words; empty when it is the same
   */
  List<String> shapeChanges();

  /** How much log the migration makes the server keep, in bytes. */
  long retainedLogBytes();

  /**
   * How much log the server keeps at most before it drops the stream; Long.MAX_VALUE if unlimited.
   */
  long retainedLogLimitBytes();

  /** How much log the server has written since its beginning, in bytes: a counter to subtract. */
  long writtenLogBytes();

  /** How much room the shadow table and its indexes take, in bytes. */
  long shadowBytes();

  /**
   * How far the server's replicas are behind, in milliseconds; 0 without replicas, and empty where
   * the server does not know.
   */
  OptionalLong replicaLagMillis();

  @Override
  void close();
}
