package io.zdmosc.postgres.control;

import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.durable.RecordText;
import io.zdmosc.engine.error.BusyException;
import io.zdmosc.engine.error.LeaseLostException;
import io.zdmosc.engine.progress.Progress;
import io.zdmosc.engine.spi.ControlSession;
import io.zdmosc.engine.spi.Orders;
import io.zdmosc.postgres.sql.Failures;
import io.zdmosc.postgres.sql.Session;
import io.zdmosc.postgres.sql.SessionFactory;
import java.sql.SQLException;
import java.util.concurrent.locks.LockSupport;

/**
 * A lease: a session-level advisory lock on the migration's number. It ends with the connection, so
 * a process that dies gives it up. Thread-safe.
 */
public final class PgLease implements ControlSession.Taking {
  private static final int TRIES = 30;

  private final SessionFactory sessions;
  private final long migrationId;
  private Session session;
  private long epoch = 1;
  private MigrationState state = MigrationState.PLANNED;
  private String order = "";

  PgLease(SessionFactory sessions, Session session, long migrationId) {
    this.sessions = sessions;
    this.session = session;
    this.migrationId = migrationId;
  }

  @Override
  public synchronized void take() throws SQLException {
    if (!tryTake()) {
      throw BusyException.driven(migrationId);
    }
  }

  /** A connection whose process has just died may need a moment to notice. */
  private boolean tryTake() throws SQLException {
    for (int attempt = 1; ; attempt++) {
      boolean taken =
          session.test(
              "SELECT pg_try_advisory_lock(?::int, ?::int)",
              ControlSchema.LOCK_CLASS,
              (int) migrationId);
      if (taken || attempt == TRIES) {
        return taken;
      }
      LockSupport.parkNanos(100_000_000);
    }
  }

  private record Taken(long epoch, String state, String order) {}

  @Override
  public synchronized void begin(String owner) throws SQLException {
    Taken taken =
        session
            .first(
                "UPDATE zdm_osc.migration SET epoch = epoch + 1, owner = ?::text WHERE id = ?::bigint"
                    + " RETURNING epoch, state, requested",
                row -> new Taken(row.getLong(1), row.getString(2), row.getString(3)),
                owner,
                migrationId)
            .orElseThrow(() -> new LeaseLostException(migrationId));
    epoch = taken.epoch();
    state = MigrationState.ofLabel(taken.state());
    order = String.valueOf(taken.order());
    new Takeover(session, migrationId).endWorkers();
  }

  /** Sessions that work on the migration as long as this lease is the last one. */
  public SessionFactory sessions() throws SQLException {
    return sessions.guarded(new MigrationGuard(migrationId, epoch));
  }

  @Override
  public MigrationState state() {
    return state;
  }

  @Override
  public String order() {
    return order;
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
          long rows =
              session.update(
                  "UPDATE zdm_osc.migration SET state = ?::text, detail = ?::text, is_open ="
                      + " ?::boolean, updated_at = clock_timestamp() WHERE id = ?::bigint AND"
                      + " epoch = ?::bigint",
                  state.label(),
                  detail,
                  !state.isTerminal(),
                  migrationId,
                  epoch);
          if (rows == 0) {
            throw new LeaseLostException(migrationId);
          }
          session.update(
              "INSERT INTO zdm_osc.transition (migration_id, state, detail)"
                  + " VALUES (?::bigint, ?::text, ?::text)",
              migrationId,
              state.label(),
              detail);
          if (state.isTerminal()) {
            session.update("DELETE FROM zdm_osc.chunk WHERE migration_id = ?::bigint", migrationId);
            session.update(
                "DELETE FROM zdm_osc.waiting_key WHERE migration_id = ?::bigint", migrationId);
            session.update(
                "DELETE FROM zdm_osc.progress WHERE migration_id = ?::bigint", migrationId);
            session.update(
                "DELETE FROM zdm_osc.commit_probe WHERE migration_id = ?::bigint", migrationId);
          }
          return null;
        });
  }

  @Override
  public synchronized Orders check() {
    try {
      return OrdersRecord.read(session, migrationId);
    } catch (SQLException e) {
      throw Failures.failure(
          "The lease of migration " + migrationId + " is lost: " + e.getMessage(),
          "zdm-osc cleanup, then run the migration again.",
          e);
    }
  }

  @Override
  public synchronized void report(Progress progress) {
    try {
      // the setting holds for this statement's own transaction
      session.update(
          "INSERT INTO zdm_osc.progress (migration_id, report) SELECT ?::bigint, ?::text"
              + " WHERE set_config('synchronous_commit', 'off', true) IS NOT NULL"
              + " ON CONFLICT (migration_id) DO UPDATE"
              + " SET report = excluded.report, at = clock_timestamp()",
          migrationId,
          RecordText.write(progress));
    } catch (SQLException e) {
      throw Failures.failed("writing down how migration " + migrationId + " stands", e);
    }
  }

  @Override
  public synchronized void close() {
    session.close();
  }
}
