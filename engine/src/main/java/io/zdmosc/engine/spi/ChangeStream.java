package io.zdmosc.engine.spi;

/**
 * The ordered stream of changed keys of one table.
 *
 * <p>It delivers every commit after the position at which it was opened, in order, at least once.
 */
public interface ChangeStream extends AutoCloseable {
  /** Begins to deliver. Called once. */
  void start(ChangeListener listener);

  /**
   * Tells the server that everything committed before this position is applied and durable and need
   * not be kept. Returns at once; the server hears of it within seconds.
   */
  void acknowledge(Position position);

  /**
   * Writes a marker into the log that comes out of the stream as {@link ChangeListener#onFence}.
   */
  void writeFence(String token);

  /** Stops to deliver; no listener method is called after this has returned. */
  @Override
  void close();
}
