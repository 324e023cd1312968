package io.zdmosc.engine.spi;

import io.zdmosc.engine.guard.DiskSpace;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Watches server and source table from the side. Has a connection of its own; one thread. */
public interface SourceWatch extends AutoCloseable {
  /**
   * Compares the source's shape with the one that the migration began with.
   *
   * @return what has changed, in words; empty when it is the same
   */
  List<String> shapeChanges();

  /**
   * How much log has been written since the place up to which everything is flushed, in bytes.
   *
   * @throws io.zdmosc.engine.error.MigrationFailedException when the server has given the stream up
   */
  long retainedLogBytes();

  /** How much log the server really keeps because of the migration, in bytes: never less. */
  long keptLogBytes();

  /**
   * How much log the server keeps at most before it drops the stream; Long.MAX_VALUE if unlimited.
   */
  long retainedLogLimitBytes();

  /** After what time the server removes log, needed or not; empty where it does not. */
  Optional<Duration> logExpiry();

  /**
   * How old the oldest log is that is still needed, by the times that stand in it, as far as the
   * stream has read it: also what was written before this process began. Empty where that is not
   * known, or nothing is needed; of no use where log does not expire.
   */
  Optional<Duration> neededLogAge();

  /** The server's disks, as far as they can be seen from here; empty where none can. */
  List<DiskSpace> disks();

  /** How much log the server has written since its beginning, in bytes: a counter to subtract. */
  long writtenLogBytes();

  /** How much room the shadow table and its indexes take, in bytes. */
  long shadowBytes();

  /**
   * The replica that is furthest behind; empty without replicas, and where the server does not know
   * what its replicas have applied.
   */
  Optional<ReplicaLag> slowestReplica();

  /**
   * How far a replica is behind.
   *
   * @param name as the server knows it
   */
  record ReplicaLag(String name, long millis) {}

  @Override
  void close();
}
