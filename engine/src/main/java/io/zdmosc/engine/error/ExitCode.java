package io.zdmosc.engine.error;

/** The process's exit status for each way in which a command can end. */
public enum ExitCode {
  DONE(0),
  /** A bug of ours, or something nobody thought of. */
  INTERNAL(1),
  /** Bad input or failed checks: nothing was touched. */
  REFUSED(2),
  /** The migration failed on its way; the source table is as it was. */
  FAILED(3),
  /** Everything is copied and verified, but the cut-over found no opening. */
  CUT_OVER_NOT_REACHED(4),
  /** Source and shadow hold different rows. */
  DIVERGED(5),
  /** Stopped by its operator: Ctrl-C, SIGTERM or an order. */
  ABORTED(6),
  /** The new table serves, but something after the cut-over is left to be done by hand. */
  INCOMPLETE(7);

  private final int status;

  ExitCode(int status) {
    this.status = status;
  }

  public int status() {
    return status;
  }
}
