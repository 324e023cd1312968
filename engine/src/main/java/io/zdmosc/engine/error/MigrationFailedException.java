package io.zdmosc.engine.error;

/**
 * The migration failed on its way: a server error, a change of the source table, data that the
 * change cannot convert.
 */
public final class MigrationFailedException extends ZdmException {
  private static final long serialVersionUID = 1L;

  /** What is to be thought of another try. */
  private enum Kind {
    PASSING,
    CHANGES_LOST,
    OTHER
  }

  private final Kind kind;

  public MigrationFailedException(String message, String state, String next) {
    this(message, state, next, null);
  }

  public MigrationFailedException(String message, String state, String next, Throwable cause) {
    this(message, state, next, cause, Kind.OTHER);
  }

  private MigrationFailedException(
      String message, String state, String next, Throwable cause, Kind kind) {
    super(ExitCode.FAILED, message, state, next, cause);
    this.kind = kind;
  }

  /**
   * A failure that the same work may not meet again in a moment: a lost connection, a server that
   * restarts, a deadlock. What was done durably is still there.
   */
  public static MigrationFailedException passing(
      String message, String state, String next, Throwable cause) {
    return new MigrationFailedException(message, state, next, cause, Kind.PASSING);
  }

  /**
   * A failure after which the change stream cannot be read on by anybody: what was changed from
   * there on is not to be had any more. Its log is gone, or on another server, or does not say it.
   */
  public static MigrationFailedException changesLost(String message, String state, String next) {
    return changesLost(message, state, next, null);
  }

  /** The same, with its cause. */
  public static MigrationFailedException changesLost(
      String message, String state, String next, Throwable cause) {
    return new MigrationFailedException(message, state, next, cause, Kind.CHANGES_LOST);
  }

  /** True when it is worth while to try again. */
  public boolean isPassing() {
    return kind == Kind.PASSING;
  }

  /** True when no process can ever go on with the change stream from where it was. */
  public boolean hasLostChanges() {
    return kind == Kind.CHANGES_LOST;
  }
}
