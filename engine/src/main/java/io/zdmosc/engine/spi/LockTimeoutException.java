package io.zdmosc.engine.spi;

/** A lock was not granted, or a step under it not done, within its time. */
public final class LockTimeoutException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public LockTimeoutException(String message, Throwable cause) {
    super(message, cause);
  }
}
