package io.zdmosc.engine.spi;

/** A lock was not granted within its time. Nothing is held any more. */
public final class LockTimeoutException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public LockTimeoutException(String message, Throwable cause) {
    super(message, cause);
  }
}
