package io.zdmosc.engine.error;

/** The process was told to end; the migration stays as it is, for another one to go on with. */
public final class SuspendedException extends ZdmException {
  private static final long serialVersionUID = 1L;

  public SuspendedException(long migrationId, Throwable cause) {
    super(
        ExitCode.ABORTED,
        "Migration " + migrationId + " was left where it is.",
        "It can go on there; until then the server keeps its log.",
        "zdm-osc serve or zdm-osc resume --id " + migrationId + " goes on with it.",
        cause);
  }
}
