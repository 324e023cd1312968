package io.zdmosc.engine.error;

/**
 * The migration failed on its way: a server error, a change of the source table, data that the
 * change cannot convert.
 */
public final class MigrationFailedException extends ZdmException {
  private static final long serialVersionUID = 1L;

  private final boolean passing;

  public MigrationFailedException(String message, String state, String next) {
    this(message, state, next, null);
  }

  public MigrationFailedException(String message, String state, String next, Throwable cause) {
    this(message, state, next, cause, false);
  }

  private MigrationFailedException(
      String message, String state, String next, Throwable cause, boolean passing) {
    super(ExitCode.FAILED, message, state, next, cause);
    this.passing = passing;
  }

  /**
   * A failure that the same work may not meet again in a moment: a lost connection, a server that
   * restarts, a deadlock. What was done durably is still there.
   */
  public static MigrationFailedException passing(
      String message, String state, String next, Throwable cause) {
    return new MigrationFailedException(message, state, next, cause, true);
  }

  /** True when it is worth while to try again. */
  public boolean isPassing() {
    return passing;
  }
}
