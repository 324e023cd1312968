package io.zdmosc.engine.spi;

import java.util.OptionalLong;

/** Asks a replica how it does. Has a connection of its own; one thread. */
public interface ReplicaWatch extends AutoCloseable {
  /**
   * How far it is behind, in milliseconds; empty when it does not replicate at present.
   *
   * @throws io.zdmosc.engine.error.ZdmException when it cannot be asked
   */
  OptionalLong lagMillis();

  @Override
  void close();
}
