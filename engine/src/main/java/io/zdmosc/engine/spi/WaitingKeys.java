package io.zdmosc.engine.spi;

import java.util.Collection;
import java.util.Map;

/**
 * The durable record of changed keys whose rows do not fit for the time being. A key that is in it
 * is read again by whoever goes on, so the log behind its change need not be kept for it. Has a
 * connection of its own; one thread.
 */
public interface WaitingKeys extends AutoCloseable {
  /** All of the migration, by their numbers. */
  Map<Long, Key> read();

  /** Adds keys under numbers that are not taken; durable when this returns. */
  void add(Map<Long, Key> keys);

  /** Removes those of these numbers. */
  void remove(Collection<Long> numbers);

  @Override
  void close();
}
