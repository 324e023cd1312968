package io.zdmosc.mysql.cutover;

import io.zdmosc.mysql.sql.Failures;
import io.zdmosc.mysql.sql.Session;
import io.zdmosc.mysql.sql.SessionFactory;
import java.sql.SQLException;
import java.util.concurrent.locks.LockSupport;

/**
 * Ends connections on the server. One that is lost for us need not be lost for the server: it may
 * hold its locks, and go on with its statement, until the server finds out.
 */
final class LostConnection {
  private static final int NO_SUCH_CONNECTION = 1094;
  private static final int TRIES = 1_200;

  private LostConnection() {}

  /** Returns when the server has ended it, with all that it held. */
  static void end(SessionFactory sessions, long id) {
    for (int attempt = 1; ; attempt++) {
      try (Session session = sessions.openUncancelled("cut-over end")) {
        if (isGone(session, id)) {
          return;
        }
      } catch (SQLException | RuntimeException e) {
        if (attempt >= TRIES) {
          throw e instanceof SQLException sql
              ? Failures.failed("ending connection " + id + " on the server", sql)
              : (RuntimeException) e;
        }
      }
      LockSupport.parkNanos(50_000_000);
    }
  }

  /** The list of connections would tell too, but MySQL's fails where a statement has an emoji. */
  private static boolean isGone(Session session, long id) throws SQLException {
    try {
      session.execute("KILL CONNECTION " + id);
      return false;
    } catch (SQLException e) {
      if (e.getErrorCode() == NO_SUCH_CONNECTION) {
        return true;
      }
      throw e;
    }
  }
}
