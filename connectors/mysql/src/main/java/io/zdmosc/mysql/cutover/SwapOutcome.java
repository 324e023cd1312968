package io.zdmosc.mysql.cutover;

import io.zdmosc.mysql.shadow.Working;
import io.zdmosc.mysql.sql.Failures;
import io.zdmosc.mysql.sql.Session;
import io.zdmosc.mysql.sql.SessionFactory;
import java.sql.SQLException;
import java.util.concurrent.locks.LockSupport;

/** Asks the server what became of a RENAME whose answer was lost. */
final class SwapOutcome {
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
        return !exists(session, working.names().shadowSchema(), working.names().shadow())
            && exists(session, working.names().retiredSchema(), working.names().retired())
            && exists(session, working.source().table().schema(), working.spec().finalName());
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

  private static boolean exists(Session session, String schema, String table) throws SQLException {
    return session.test(
        "SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?",
        schema,
        table);
  }
}
