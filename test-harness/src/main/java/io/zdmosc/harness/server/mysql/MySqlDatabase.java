package io.zdmosc.harness.server.mysql;

import io.zdmosc.harness.server.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Closing drops the database, after ending the sessions that use it. */
public record MySqlDatabase(MySqlServer server, String name) implements TestDatabase {

  private static final int NO_SUCH_THREAD = 1094;

  /** The ids of the sessions whose default database this is. */
  public List<Long> sessions() throws SQLException {
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SHOW PROCESSLIST")) {
      List<Long> ids = new ArrayList<>();
      while (rows.next()) {
        if (name.equals(rows.getString("db"))) {
          ids.add(rows.getLong("Id"));
        }
      }
      return ids;
    }
  }

  /** Ends a session with whatever it holds; one that is gone is no error. */
  public void endSession(long id) throws SQLException {
    try {
      server.execute("KILL " + id);
    } catch (SQLException e) {
      if (e.getErrorCode() != NO_SUCH_THREAD) {
        throw e;
      }
    }
  }

  @Override
  public void close() throws SQLException {
    for (long session : sessions()) {
      endSession(session);
    }
    server.execute("DROP DATABASE IF EXISTS " + MySqlServer.quote(name));
  }
}
