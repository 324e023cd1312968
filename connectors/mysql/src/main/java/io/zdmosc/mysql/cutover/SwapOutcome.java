package io.zdmosc.mysql.cutover;

import io.zdmosc.engine.MigrationState;
import io.zdmosc.mysql.control.Sentry;
import io.zdmosc.mysql.control.StateRecord;
import io.zdmosc.mysql.shadow.Working;
import io.zdmosc.mysql.sql.Failures;
import io.zdmosc.mysql.sql.Session;
import io.zdmosc.mysql.sql.SessionFactory;
import java.sql.SQLException;
import java.util.concurrent.locks.LockSupport;

/** Asks the server what became of a RENAME whose answer was lost. */
public final class SwapOutcome {
  private static final int TRIES = 120;

  private SwapOutcome() {}

  /**
   * True when the tables have exchanged their names. Ends the old connection first, and waits until
   * it is really gone.
   */
  static boolean isServed(SessionFactory sessions, Working working, long connectionId) {
    LostConnection.end(sessions, connectionId);
    for (int attempt = 1; ; attempt++) {
      try (Session session = sessions.openUncancelled("cut-over outcome")) {
        return haveTheirNames(session, working);
      } catch (SQLException | RuntimeException e) {
        if (attempt >= TRIES) {
          throw e instanceof SQLException sql
              ? Failures.failed(
                  "asking whether the swap of " + working.sourceSql() + " was carried out", sql)
              : (RuntimeException) e;
        }
      }
      LockSupport.parkNanos(500_000_000);
    }
  }

  /**
   * The same, asked by another process, after all connections of the earlier one have ended.
   * Records a swap that only the names tell of, before the retired table can be dropped.
   */
  public static boolean isServed(Session session, Working working) throws SQLException {
    long id = working.migrationId();
    MigrationState swapped = working.swappedState();
    String state = session.text("SELECT state FROM zdm_osc.migration WHERE id = ?", id).orElse("");
    if (state.equals(swapped.label())) {
      return true;
    }
    // before the way there was gone, the names are those that the way back leads to
    boolean possible =
        working.back()
            ? state.equals(MigrationState.SWAPPED.label())
            : !state.equals(MigrationState.ROLLED_BACK.label());
    if (!possible || !haveTheirNames(session, working)) {
      return false;
    }
    session.patientTransaction(
        () -> {
          StateRecord.writeOpen(session, id, swapped, "found by the tables' names");
          return null;
        });
    return true;
  }

  /** True when the tables have the names that this direction's exchange gives them. */
  public static boolean haveTheirNames(Session session, Working working) throws SQLException {
    Working.Names names = working.names();
    return !exists(session, names.shadowSchema(), names.shadow())
        && exists(session, names.retiredSchema(), names.retired())
        && !Sentry.exists(session, names.retiredSchema(), names.retired())
        && exists(session, working.source().table().schema(), working.spec().finalName());
  }

  private static boolean exists(Session session, String schema, String table) throws SQLException {
    return session.test(
        "SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?",
        schema,
        table);
  }
}
