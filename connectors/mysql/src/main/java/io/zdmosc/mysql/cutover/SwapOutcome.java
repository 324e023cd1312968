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
    for (int attempt = 1; ; attempt++) {
      try (Session session = sessions.openUncancelled("cut-over outcome")) {
        if (isGone(session, connectionId)) {
          return !exists(session, working.names().shadowSchema(), working.names().shadow())
              && exists(session, working.names().retiredSchema(), working.names().retired())
              && exists(session, working.source().table().schema(), working.spec().finalName());
        }
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

  /** Ends a connection, and waits until it is really gone. */
  static void end(SessionFactory sessions, long connectionId) throws SQLException {
    try (Session session = sessions.openUncancelled("cut-over end")) {
      for (int attempt = 1; !isGone(session, connectionId); attempt++) {
        if (attempt >= TRIES) {
          throw new SQLException("connection " + connectionId + " does not end");
        }
        LockSupport.parkNanos(100_000_000);
      }
    }
  }

  private static boolean isGone(Session session, long connectionId) throws SQLException {
    try {
      session.execute("KILL CONNECTION " + connectionId);
    } catch (SQLException e) {
      if (e.getErrorCode() != 1094) { // no such connection: it is gone already
        throw e;
      }
    }
    return !session.test(
        "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE ID = ?", connectionId);
  }

  private static boolean exists(Session session, String schema, String table) throws SQLException {
    return session.test(
        "SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?",
        schema,
        table);
  }
}
