package io.zdmosc.harness.server.mysql;

import io.zdmosc.harness.server.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Closing drops the database, after ending the sessions that use it. */
public record MySqlDatabase(MySqlServer server, String name) implements TestDatabase {

  /** Ends every other session whose default database this is, with whatever it holds. */
  public void endSessions() throws SQLException {
    try (Connection connection = server.connect()) {
      for (long session : sessions(connection)) {
        try (Statement statement = connection.createStatement()) {
          statement.execute("KILL " + session);
        } catch (SQLException e) {
          if (e.getErrorCode() != NO_SUCH_THREAD) {
            throw e;
          }
        }
      }
    }
  }

  private static final int NO_SUCH_THREAD = 1094;

  private List<Long> sessions(Connection connection) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement("SELECT id FROM information_schema.processlist WHERE db = ?")) {
      query.setString(1, name);
      try (ResultSet rows = query.executeQuery()) {
        List<Long> ids = new ArrayList<>();
        while (rows.next()) {
          ids.add(rows.getLong(1));
        }
        return ids;
      }
    }
  }

  @Override
  public void close() throws SQLException {
    endSessions();
    server.execute("DROP DATABASE IF EXISTS " + MySqlServer.quote(name));
  }
}
