package io.zdmosc.engine.spi;

/** Rows of the shadow table violate a unique or exclusion constraint that is being built. */
public final class UniqueConflictException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public UniqueConflictException(String message, Throwable cause) {
    super(message, cause);
  }
}
