package io.zdmosc.engine.error;

/** The operator stopped the migration. */
public final class AbortedException extends ZdmException {
  private static final long serialVersionUID = 1L;

  public AbortedException(String message, String state, String next) {
    this(message, state, next, null);
  }

  public AbortedException(String message, String state, String next, Throwable cause) {
    super(ExitCode.ABORTED, message, state, next, cause);
  }
}
