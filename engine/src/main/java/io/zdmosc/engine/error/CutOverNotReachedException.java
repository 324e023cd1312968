package io.zdmosc.engine.error;

/** Every attempt at the cut-over ran out of time or found its way blocked. */
public final class CutOverNotReachedException extends ZdmException {
  private static final long serialVersionUID = 1L;

  public CutOverNotReachedException(String message, String state, String next) {
    this(message, state, next, null);
  }

  public CutOverNotReachedException(String message, String state, String next, Throwable cause) {
    super(ExitCode.CUT_OVER_NOT_REACHED, message, state, next, cause);
  }
}
