package io.zdmosc.engine.error;

/**
 * The migration failed on its way: a server error, a change of the source table, data that the
 * change cannot convert.
 */
public final class MigrationFailedException extends ZdmException {
  private static final long serialVersionUID = 1L;

  public MigrationFailedException(String message, String state, String next) {
    this(message, state, next, null);
  }

  public MigrationFailedException(String message, String state, String next, Throwable cause) {
    super(ExitCode.FAILED, message, state, next, cause);
  }
}
