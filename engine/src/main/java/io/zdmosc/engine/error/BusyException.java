package io.zdmosc.engine.error;

import io.zdmosc.engine.MigrationState;
import java.util.List;

/** Refused because of a migration that has not ended: later it may not stand in the way. */
public final class BusyException extends RefusedException {
  private static final long serialVersionUID = 1L;

  private BusyException(Problem problem, Throwable cause) {
    super(List.of(problem), cause);
  }

  /** Another migration of the table has begun earlier and has not ended. */
  public static BusyException unfinished(
      String table, long migrationId, MigrationState state, boolean alive) {
    String remedy =
        alive
            ? "Wait for it to end (zdm-osc status --id %d), or stop it: zdm-osc abort --id %d"
            : "Go on with it: zdm-osc resume --id %d, or remove it: zdm-osc abort --id %d";
    if (state.isBeyondTheSwap()) {
      remedy = "Swap back: zdm-osc rollback --id %d, or end it: zdm-osc contract --id %d";
    }
    return new BusyException(
        new Problem(
            "table " + table,
            "migration "
                + migrationId
                + " of it is unfinished (state "
                + state.label()
                + ", its process "
                + (alive ? "is alive)" : "is dead)"),
            String.format(remedy, migrationId, migrationId)),
        null);
  }

  /** Two migrations were begun at the same time, and this is the later one. */
  public static BusyException overtaken(String table, Throwable cause) {
    return new BusyException(
        new Problem(
            "table " + table,
            "another migration of it has begun at this moment",
            "Wait for it to end: zdm-osc status"),
        cause);
  }

  /** Another process holds the migration's lease. */
  public static BusyException driven(long migrationId) {
    return new BusyException(
        new Problem(
            "migration " + migrationId,
            "another process drives it",
            "Wait for it to end: zdm-osc status --id " + migrationId),
        null);
  }
}
