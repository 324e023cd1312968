package io.zdmosc.postgres.control;

import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.engine.spi.ControlStore;
import io.zdmosc.postgres.sql.Failures;
import io.zdmosc.postgres.sql.Session;
import io.zdmosc.postgres.sql.SessionFactory;
import java.sql.SQLException;

/**
 * A lease: a session-level advisory lock on the migration's number. It ends with the connection, so
 * a process that dies gives it up. Thread-safe.
 */
final class PgLease implements ControlStore.Lease {
  private final SessionFactory sessions;
  private final long migrationId;
  private Session session;

  PgLease(SessionFactory sessions, Session session, long migrationId) {
    this.sessions = sessions;
    this.session = session;
    this.migrationId = migrationId;
  }

  /** Takes the lock; refuses when another process has it. */
  synchronized void take() throws SQLException {
    boolean taken =
        session.test(
            "SELECT pg_try_advisory_lock(?::int, ?::int)",
            ControlSchema.LOCK_CLASS,
            (int) migrationId);
    if (!taken) {
      throw RefusedException.of(
          "migration " + migrationId, "another process drives it", "Wait for it to end.");
    }
  }

  @Override
  public long migrationId() {
    return migrationId;
  }

  @Override
  public synchronized void transition(MigrationState state, String detail) {
    try {
      try {
        write(state, detail);
      } catch (SQLException e) {
        if (!state.isTerminal() || !Failures.isConnectionLoss(e)) {
          throw e;
        }
        reconnect();
        write(state, detail);
      }
    } catch (SQLException e) {
      throw Failures.failed("recording state " + state.label(), e);
    }
  }

  /** Another process may have the lock by now: then it has the last word. */
  private void reconnect() throws SQLException {
    session.close();
    session = sessions.openUncancelled("control");
    take();
  }

  private void write(MigrationState state, String detail) throws SQLException {
    session.transaction(
        () -> {
          session.update(
              "UPDATE zdm_osc.migration SET state = ?::text, detail = ?::text, is_open ="
                  + " ?::boolean, updated_at = clock_timestamp() WHERE id = ?::bigint",
              state.label(),
              detail,
              !state.isTerminal(),
              migrationId);
          session.update(
              "INSERT INTO zdm_osc.transition (migration_id, state, detail)"
                  + " VALUES (?::bigint, ?::text, ?::text)",
              migrationId,
              state.label(),
              detail);
          if (state.isTerminal()) {
            session.update("DELETE FROM zdm_osc.chunk WHERE migration_id = ?::bigint", migrationId);
          }
          return null;
        });
  }

  @Override
  public synchronized void check() {
    try {
      session.text("SELECT 1");
    } catch (SQLException e) {
      throw new MigrationFailedException(
          "The lease of migration " + migrationId + " is lost: " + e.getMessage(),
          "The source table is untouched.",
          "zdm-osc cleanup, then run the migration again.",
          e);
    }
  }

  @Override
  public synchronized void close() {
    session.close();
  }
}
