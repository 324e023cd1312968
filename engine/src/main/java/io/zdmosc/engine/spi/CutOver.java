package io.zdmosc.engine.spi;

import java.time.Duration;
import java.util.List;

/**
 * One attempt at the cut-over, on connections of its own; one thread. Call in this order: {@link
 * #obstacles}, {@link #approach}, {@link #lock}, then flush, {@link #swap} and {@link #commit}, or
 * at any point {@link #close}, which leaves everything as it was before.
 */
public interface CutOver extends AutoCloseable {
  /** What would make the lock wait now, in words that name it; empty when the way is free. */
  List<String> obstacles();

  /**
   * Keeps maintenance off the tables by locks that the application does not feel.
   *
   * @throws LockTimeoutException when they were not granted in time
   */
  void approach(Duration timeout);

  /**
   * Takes the lock that stops the application.
   *
   * @param timeout how long to wait for it
   * @param budget how long this and all steps up to the commit may take together; the one that
   *     takes longer is cancelled and throws {@link LockTimeoutException} too
   * @throws LockTimeoutException when it was not granted in time
   */
  void lock(Duration timeout, Duration budget);

  /** Flushes keys under the lock, on the connection that holds it. */
  FlushResult flush(List<Key> keys);

  /**
   * Exchanges the names, and all that belongs to them.
   *
   * @param timeout for whatever else it must lock
   * @throws LockTimeoutException when another table's lock was not granted in time
   */
  void swap(Duration timeout);

  /**
   * Ends the attempt: the new table serves.
   *
   * <p>When the connection is lost meanwhile, asks the server what became of it: returns normally
   * if the swap happened, throws if it did not.
   */
  void commit();

  @Override
  void close();
}
