package io.zdmosc.engine.error;

/** Another process drives the migration now: this one must not touch anything of it any more. */
public final class LeaseLostException extends ZdmException {
  private static final long serialVersionUID = 1L;

  public LeaseLostException(long migrationId) {
    super(
        ExitCode.FAILED,
        "Another process has taken over migration " + migrationId + ".",
        "It goes on there; nothing of it was touched here since.",
        "zdm-osc status",
        null);
  }
}
