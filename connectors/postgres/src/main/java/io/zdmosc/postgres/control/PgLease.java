package io.zdmosc.postgres.control;

import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.durable.RecordedLease;
import io.zdmosc.engine.spi.Orders;
import io.zdmosc.postgres.sql.Failures;
import io.zdmosc.postgres.sql.Session;
import io.zdmosc.postgres.sql.SessionFactory;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** A lease by a session-level advisory lock on the migration's number. */
public final class PgLease extends RecordedLease {
  private static final int TRIES = 30;

  /** What of a migration's record is of no use once it has ended. */
  private static final List<String> WORKING =
      List.of("chunk", "waiting_key", "progress", "commit_probe");

  private final SessionFactory sessions;
  private Session session;

  PgLease(SessionFactory sessions, Session session, long migrationId) {
    super(migrationId);
    this.sessions = sessions;
    this.session = session;
  }

  /** Sessions that work on the migration as long as this lease is the last one. */
  public SessionFactory sessions() throws SQLException {
    return sessions.guarded(new MigrationGuard(migrationId(), epoch()));
  }

  /** A connection whose process has just died may need a moment to notice. */
  @Override
  protected boolean lock() throws SQLException {
    for (int attempt = 1; ; attempt++) {
      boolean taken =
          session.test(
              "SELECT pg_try_advisory_lock(?::int, ?::int)",
              ControlSchema.LOCK_CLASS,
              (int) migrationId());
      if (taken || attempt == TRIES) {
        return taken;
      }
      LockSupport.parkNanos(100_000_000);
    }
  }

  @Override
  protected void reconnect() {
    session.close();
    session = sessions.openUncancelled("control");
  }

  @Override
  protected Optional<Taken> raiseEpoch(String owner) throws SQLException {
    return session.first(
        "UPDATE zdm_osc.migration SET epoch = epoch + 1, owner = ?::text WHERE id = ?::bigint"
            + " RETURNING epoch, state, requested",
        row -> new Taken(row.getLong(1), row.getString(2), row.getString(3)),
        owner,
        migrationId());
  }

  @Override
  protected void endWorkers() throws SQLException {
    new Takeover(session, migrationId()).endWorkers();
  }

  @Override
  protected boolean write(long presentEpoch, MigrationState next, String detail)
      throws SQLException {
    return session.transaction(
        () -> {
          long rows =
              session.update(
                  "UPDATE zdm_osc.migration SET state = ?::text, detail = ?::text, is_open ="
                      + " ?::boolean, updated_at = clock_timestamp() WHERE id = ?::bigint AND"
                      + " epoch = ?::bigint",
                  next.label(),
                  detail,
                  !next.isTerminal(),
                  migrationId(),
                  presentEpoch);
          if (rows == 0) {
            return false;
          }
          session.update(
              "INSERT INTO zdm_osc.transition (migration_id, state, detail)"
                  + " VALUES (?::bigint, ?::text, ?::text)",
              migrationId(),
              next.label(),
              detail);
          if (next.isTerminal()) {
            for (String table : WORKING) {
              session.update(
                  "DELETE FROM zdm_osc." + table + " WHERE migration_id = ?::bigint",
                  migrationId());
            }
          }
          return true;
        });
  }

  @Override
  protected Orders readOrders() throws SQLException {
    return OrdersRecord.read(session, migrationId());
  }

  @Override
  protected void writeReport(String text) throws SQLException {
    // the setting holds for this statement's own transaction
    session.update(
        "INSERT INTO zdm_osc.progress (migration_id, report) SELECT ?::bigint, ?::text"
            + " WHERE set_config('synchronous_commit', 'off', true) IS NOT NULL"
            + " ON CONFLICT (migration_id) DO UPDATE"
            + " SET report = excluded.report, at = clock_timestamp()",
        migrationId(),
        text);
  }

  @Override
  protected boolean isConnectionLoss(SQLException e) {
    return Failures.isConnectionLoss(e);
  }

  @Override
  protected RuntimeException failed(String doing, SQLException e) {
    return Failures.failed(doing, e);
  }

  @Override
  protected RuntimeException lost(String message, String next, SQLException e) {
    return Failures.failure(message + e.getMessage(), next, e);
  }

  @Override
  public synchronized void close() {
    session.close();
  }
}
