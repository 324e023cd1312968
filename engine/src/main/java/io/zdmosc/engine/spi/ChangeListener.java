package io.zdmosc.engine.spi;

/** Takes what the change stream delivers, on the stream's own thread, in the order of commits. */
public interface ChangeListener {
  /**
   * False while there is no room for more. The stream then waits without reading on, but keeps its
   * connection alive.
   */
  boolean ready();

  /** A row with this key was inserted, updated or deleted; an update of a key reports both keys. */
  void onChange(Key key, SourceTransaction transaction);

  /** Everything committed before this position has been delivered. */
  void onProgress(Position position);

  /** A fence came out of the stream: everything committed before it has been delivered. */
  void onFence(String token);

  /** The source table was truncated. */
  void onTruncate();

  /** The stream is lost and delivers nothing more. */
  void onFailure(RuntimeException failure);
}
