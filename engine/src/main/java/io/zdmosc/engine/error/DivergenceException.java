package io.zdmosc.engine.error;

/** Source and shadow hold different rows, and flushing them again did not help. */
public final class DivergenceException extends ZdmException {
  private static final long serialVersionUID = 1L;

  public DivergenceException(String message, String state, String next) {
    this(message, state, next, null);
  }

  public DivergenceException(String message, String state, String next, Throwable cause) {
    super(ExitCode.DIVERGED, message, state, next, cause);
  }
}
