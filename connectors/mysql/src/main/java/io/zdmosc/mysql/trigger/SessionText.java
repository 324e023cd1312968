package io.zdmosc.mysql.trigger;

import io.zdmosc.mysql.sql.Failures;
import io.zdmosc.mysql.sql.Session;
import io.zdmosc.mysql.sql.Sql;
import java.sql.SQLException;

/** How a session reads and writes text, to be put back after a definition was read in its own. */
record SessionText(String statement) {

  static SessionText of(Session session) throws SQLException {
    return session
        .first(
            "SELECT @@SESSION.sql_mode, @@SESSION.character_set_client,"
                + " @@SESSION.collation_connection",
            row ->
                new SessionText(
                    "SET SESSION sql_mode = "
                        + Sql.literal(row.getString(1))
                        + ", character_set_client = "
                        + row.getString(2)
                        + ", collation_connection = "
                        + row.getString(3)))
        .orElseThrow();
  }

  /** Puts it back; a connection that is lost needs it no more. */
  void restore(Session session) throws SQLException {
    try {
      session.execute(statement);
    } catch (SQLException e) {
      if (!Failures.isConnectionLoss(e)) {
        throw e;
      }
    }
  }
}
