package io.zdmosc.engine.spi;

import java.time.Duration;

/** Looks at the server's load from the side. Has a connection of its own; one thread. */
public interface LoadWatch extends AutoCloseable {
  /**
   * How many statements the server works on now, without those of zdm-osc.
   *
   * @throws io.zdmosc.engine.error.ZdmException when they cannot be seen
   */
  long running();

  /**
   * Writes something small for the migration, as an ordinary session would; how long the commit
   * took. Not asked of a first look, for which there is no migration yet.
   */
  Duration commit();

  /**
   * The first column of the query's first row: a number, or 1 for true and 0 for false; 0 without a
   * row and for NULL.
   *
   * @throws io.zdmosc.engine.error.ZdmException when it fails or gives anything else
   */
  double query(String sql);

  @Override
  void close();
}
