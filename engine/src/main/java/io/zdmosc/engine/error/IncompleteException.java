package io.zdmosc.engine.error;

/** The new table serves, but a step after the cut-over could not be finished. */
public final class IncompleteException extends ZdmException {
  private static final long serialVersionUID = 1L;

  public IncompleteException(String message, String state, String next) {
    this(message, state, next, null);
  }

  public IncompleteException(String message, String state, String next, Throwable cause) {
    super(ExitCode.INCOMPLETE, message, state, next, cause);
  }
}
