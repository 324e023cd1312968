package io.zdmosc.mysql.dump;

import io.zdmosc.mysql.sql.Session;
import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Reads the rows of a query as they come, never many of them at once. */
final class RowStream {
  /** MySQL's driver reads row by row when told this, and everything at once otherwise. */
  private static final int MYSQL_ROW_BY_ROW = Integer.MIN_VALUE;

  private static final int MARIADB_ROWS = 100;

  private final Session session;

  RowStream(Session session) {
    this.session = session;
  }

  /** Takes one row. */
  @FunctionalInterface
  interface Sink {
    void row(ResultSet row) throws SQLException, IOException;
  }

  /** Hands over each row. Where that fails, the query is cancelled. */
  void read(String sql, Sink sink) throws SQLException, IOException {
    boolean mariaDbDriver = session.connection().getMetaData().getURL().startsWith("jdbc:mariadb:");
    try (Statement statement = session.connection().createStatement()) {
      statement.setEscapeProcessing(false);
      statement.setFetchSize(mariaDbDriver ? MARIADB_ROWS : MYSQL_ROW_BY_ROW);
      try (ResultSet rows = statement.executeQuery(sql)) {
        drain(rows, sink);
      }
    }
  }

  private void drain(ResultSet rows, Sink sink) throws SQLException, IOException {
    boolean done = false;
    try {
      while (rows.next()) {
        sink.row(rows);
      }
      done = true;
    } finally {
      if (!done) {
        session.cancel(); // else closing it would read the rest of the table
      }
    }
  }
}
