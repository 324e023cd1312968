package io.zdmosc.mysql.control;

import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.engine.spi.ControlStore;
import io.zdmosc.mysql.sql.Failures;
import io.zdmosc.mysql.sql.Session;
import io.zdmosc.mysql.sql.SessionFactory;
import java.sql.SQLException;

/**
 * A lease: a named lock of the server, which ends with the connection, so a process that dies gives
 * it up. Thread-safe.
 */
final class MySqlLease implements ControlStore.Lease {
  private static final int DETAIL = 10_000;

  private final SessionFactory sessions;
  private final long migrationId;
  private Session session;

  MySqlLease(SessionFactory sessions, Session session, long migrationId) {
    this.sessions = sessions;
    this.session = session;
    this.migrationId = migrationId;
  }

  /** Takes the lock; refuses when another process has it. */
  synchronized void take() throws SQLException {
    if (!session.test("SELECT GET_LOCK(?, 0)", MigrationNames.lease(migrationId))) {
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
    String words = detail.substring(0, Math.min(detail.length(), DETAIL));
    session.patientTransaction(
        () -> {
          StateRecord.write(session, migrationId, state, words);
          if (state.isTerminal()) {
            session.update("DELETE FROM zdm_osc.chunk WHERE migration_id = ?", migrationId);
            session.update("DELETE FROM zdm_osc.fence WHERE migration_id = ?", migrationId);
          }
          return null;
        });
  }

  @Override
  public synchronized void check() {
    try {
      boolean ours =
          session.test(
              "SELECT IS_USED_LOCK(?) <=> CONNECTION_ID()", MigrationNames.lease(migrationId));
      if (!ours) {
        throw lost("another connection has it", null);
      }
    } catch (SQLException e) {
      throw lost(Failures.words(e), e);
    }
  }

  private MigrationFailedException lost(String why, SQLException cause) {
    return new MigrationFailedException(
        "The lease of migration " + migrationId + " is lost: " + why,
        "The source table is untouched.",
        "zdm-osc cleanup, then run the migration again.",
        cause);
  }

  @Override
  public synchronized void close() {
    session.close();
  }
}
