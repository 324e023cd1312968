package io.zdmosc.engine.error;

/** The process was told to end; the migration stays as it is, for another one to go on with. */
public final class SuspendedException extends ZdmException {
  private static final long serialVersionUID = 1L;

  /** A migration whose tables were not swapped, as far as is known. */
  public SuspendedException(long migrationId, Throwable cause) {
    this(
        migrationId,
        "The application's table serves as before. What was copied and built stays, and the server"
            + " keeps log for it until it goes on or is removed.",
        "zdm-osc resume --id "
            + migrationId
            + " goes on with it, zdm-osc abort --id "
            + migrationId
            + " removes it. If it was scheduled, zdm-osc serve goes on with it too.",
        cause);
  }

  public SuspendedException(long migrationId, String state, String next, Throwable cause) {
    super(
        ExitCode.ABORTED, "Migration " + migrationId + " is kept where it is.", state, next, cause);
  }
}
