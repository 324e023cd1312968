package io.zdmosc.mysql.control;

import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.durable.RecordedLease;
import io.zdmosc.engine.error.LeaseLostException;
import io.zdmosc.engine.spi.Orders;
import io.zdmosc.mysql.sql.Failures;
import io.zdmosc.mysql.sql.Session;
import io.zdmosc.mysql.sql.SessionFactory;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** A lease by a named lock of the server. */
public final class MySqlLease extends RecordedLease {
  private static final int DETAIL = 10_000;

  /** What of a migration's record is of no use once it has ended. */
  private static final List<String> WORKING =
      List.of("chunk", "log_position", "waiting_key", "fence", "progress", "commit_probe");

  private final SessionFactory sessions;
  private Session session;

  MySqlLease(SessionFactory sessions, Session session, long migrationId) {
    super(migrationId);
    this.sessions = sessions;
    this.session = session;
  }

  /** Sessions that work on the migration as long as this lease is the last one. */
  public SessionFactory sessions() {
    return sessions.guarded(new MigrationGuard(migrationId(), epoch()));
  }

  @Override
  protected boolean lock() throws SQLException {
    // for some seconds: a process that has just died may still have it
    return session.test("SELECT GET_LOCK(?, 3)", MigrationNames.lease(migrationId()));
  }

  @Override
  protected void reconnect() {
    session.close();
    session = sessions.openUncancelled("control");
  }

  @Override
  protected Optional<Taken> raiseEpoch(String owner) throws SQLException {
    session.update(
        "UPDATE zdm_osc.migration SET epoch = epoch + 1, owner = ? WHERE id = ?",
        owner,
        migrationId());
    return session.first(
        "SELECT epoch, state, requested FROM zdm_osc.migration WHERE id = ?",
        row -> new Taken(row.getLong(1), row.getString(2), row.getString(3)),
        migrationId());
  }

  @Override
  protected void endWorkers() throws SQLException {
    new Takeover(session, migrationId()).endWorkers();
  }

  /** A process that died behind the RENAME of the way back could not record it. */
  @Override
  protected MigrationState found(MigrationState recorded) throws SQLException {
    if (recorded != MigrationState.SWAPPED
        || !new Debris(sessions, session, migrationId()).isRolledBack()) {
      return recorded;
    }
    session.patientTransaction(
        () -> {
          StateRecord.writeOpen(
              session, migrationId(), MigrationState.ROLLED_BACK, "found by the tables' names");
          return null;
        });
    return MigrationState.ROLLED_BACK;
  }

  @Override
  protected boolean write(long presentEpoch, MigrationState next, String detail)
      throws SQLException {
    String words = detail.substring(0, Math.min(detail.length(), DETAIL));
    return session.patientTransaction(
        () -> {
          // locks the row: whoever takes over waits until this is written, or has come before
          long recorded =
              session
                  .first(
                      "SELECT epoch FROM zdm_osc.migration WHERE id = ? FOR UPDATE",
                      row -> row.getLong(1),
                      migrationId())
                  .orElse(0L);
          if (recorded != presentEpoch) {
            return false;
          }
          StateRecord.write(session, migrationId(), next, words);
          if (next.isTerminal()) {
            for (String table : WORKING) {
              session.update(
                  "DELETE FROM zdm_osc." + table + " WHERE migration_id = ?", migrationId());
            }
          }
          return true;
        });
  }

  @Override
  protected Orders readOrders() throws SQLException {
    boolean ours =
        session.test(
            "SELECT IS_USED_LOCK(?) <=> CONNECTION_ID()", MigrationNames.lease(migrationId()));
    if (!ours) {
      throw new LeaseLostException(migrationId());
    }
    return OrdersRecord.read(session, migrationId());
  }

  @Override
  protected void writeReport(String text) throws SQLException {
    session.update(
        "REPLACE INTO zdm_osc.progress (migration_id, report) VALUES (?, ?)", migrationId(), text);
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
    return Failures.failure(message + Failures.words(e), next, e);
  }

  @Override
  public synchronized void close() {
    session.close();
  }
}
