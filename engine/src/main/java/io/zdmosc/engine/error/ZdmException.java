package io.zdmosc.engine.error;

import static java.util.Objects.requireNonNull;

/**
 * Everything that zdm-osc reports as an error: what happened and to which object (the message), the
 * state that everything is in now, and the next command to run.
 */
public abstract class ZdmException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ExitCode exitCode;
  private final String state;
  private final String next;

  protected ZdmException(
      ExitCode exitCode, String message, String state, String next, Throwable cause) {
    super(requireNonNull(message, "message is null"), cause);
    this.exitCode = requireNonNull(exitCode, "exitCode is null");
    this.state = requireNonNull(state, "state is null");
    this.next = requireNonNull(next, "next is null");
  }

  public ExitCode exitCode() {
    return exitCode;
  }

  /** What holds now: which objects exist, whether the source table was touched. May be empty. */
  public String state() {
    return state;
  }

  /** What to do or run next. May be empty. */
  public String next() {
    return next;
  }
}
