package io.zdmosc.mysql.control;

import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.durable.RecordText;
import io.zdmosc.engine.error.BusyException;
import io.zdmosc.engine.error.LeaseLostException;
import io.zdmosc.engine.progress.Progress;
import io.zdmosc.engine.spi.ControlSession;
import io.zdmosc.engine.spi.Orders;
import io.zdmosc.mysql.sql.Failures;
import io.zdmosc.mysql.sql.Session;
import io.zdmosc.mysql.sql.SessionFactory;
import java.sql.SQLException;

/**
 * A lease: a named lock of the server, which ends with the connection, so a process that dies gives
 * it up. Thread-safe.
 */
public final class MySqlLease implements ControlSession.Taking {
  private static final int DETAIL = 10_000;

  private final SessionFactory sessions;
  private final long migrationId;
  private Session session;
  private long epoch = 1;
  private MigrationState state = MigrationState.PLANNED;
  private String order = "";

  MySqlLease(SessionFactory sessions, Session session, long migrationId) {
    this.sessions = sessions;
    this.session = session;
    this.migrationId = migrationId;
  }

  @Override
  public synchronized void take() throws SQLException {
    // for some seconds: a process that has just died may still have it
    if (!session.test("SELECT GET_LOCK(?, 3)", MigrationNames.lease(migrationId))) {
      throw BusyException.driven(migrationId);
    }
  }

  private record Taken(long epoch, String state, String order) {}

  @Override
  public synchronized void begin(String owner) throws SQLException {
    session.update(
        "UPDATE zdm_osc.migration SET epoch = epoch + 1, owner = ? WHERE id = ?",
        owner,
        migrationId);
    Taken taken =
        session
            .first(
                "SELECT epoch, state, requested FROM zdm_osc.migration WHERE id = ?",
                row -> new Taken(row.getLong(1), row.getString(2), row.getString(3)),
                migrationId)
            .orElseThrow(() -> new LeaseLostException(migrationId));
    epoch = taken.epoch();
    state = MigrationState.ofLabel(taken.state());
    order = String.valueOf(taken.order());
    new Takeover(session, migrationId).endWorkers();
    recordSwapBack();
  }

  /** A process that died behind the RENAME of the way back could not. */
  private void recordSwapBack() throws SQLException {
    if (state == MigrationState.SWAPPED
        && new Debris(sessions, session, migrationId).isRolledBack()) {
      state = MigrationState.ROLLED_BACK;
      session.patientTransaction(
          () -> {
            StateRecord.writeOpen(session, migrationId, state, "found by the tables' names");
            return null;
          });
    }
  }

  /** Sessions that work on the migration as long as this lease is the last one. */
  public SessionFactory sessions() {
    return sessions.guarded(new MigrationGuard(migrationId, epoch));
  }

  @Override
  public long migrationId() {
    return migrationId;
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
          // locks the row: whoever takes over waits until this is written, or has come before
          long present =
              session
                  .first(
                      "SELECT epoch FROM zdm_osc.migration WHERE id = ? FOR UPDATE",
                      row -> row.getLong(1),
                      migrationId)
                  .orElse(0L);
          if (present != epoch) {
            throw new LeaseLostException(migrationId);
          }
          StateRecord.write(session, migrationId, state, words);
          if (state.isTerminal()) {
            session.update("DELETE FROM zdm_osc.chunk WHERE migration_id = ?", migrationId);
            session.update("DELETE FROM zdm_osc.log_position WHERE migration_id = ?", migrationId);
            session.update("DELETE FROM zdm_osc.waiting_key WHERE migration_id = ?", migrationId);
            session.update("DELETE FROM zdm_osc.fence WHERE migration_id = ?", migrationId);
            session.update("DELETE FROM zdm_osc.progress WHERE migration_id = ?", migrationId);
            session.update("DELETE FROM zdm_osc.commit_probe WHERE migration_id = ?", migrationId);
          }
          return null;
        });
  }

  @Override
  public synchronized Orders check() {
    try {
      boolean ours =
          session.test(
              "SELECT IS_USED_LOCK(?) <=> CONNECTION_ID()", MigrationNames.lease(migrationId));
      if (!ours) {
        throw new LeaseLostException(migrationId);
      }
      return OrdersRecord.read(session, migrationId);
    } catch (SQLException e) {
      throw Failures.failure(
          "The lease of migration " + migrationId + " is lost: " + Failures.words(e),
          "zdm-osc cleanup, then run the migration again.",
          e);
    }
  }

  @Override
  public synchronized void report(Progress progress) {
    try {
      session.update(
          "REPLACE INTO zdm_osc.progress (migration_id, report) VALUES (?, ?)",
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
