package io.zdmosc.harness.server;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * One database of a server. Closing drops it, with the replication slots in it and whoever is still
 * connected.
 */
public record TestDatabase(PostgresServer server, String name) implements AutoCloseable {

  /** A URL without user and password. */
  public String jdbcUrl() {
    return server.jdbcUrl(name);
  }

  public String user() {
    return server.user();
  }

  public String password() {
    return server.password();
  }

  public Connection connect() throws SQLException {
    return server.connect(name);
  }

  /** Runs statements, each in a transaction of its own. */
  public void execute(String... statements) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** The first column of the only row, as text. */
  public String queryText(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      if (!rows.next()) {
        throw new SQLException("no row: " + sql);
      }
      return rows.getString(1);
    }
  }

  /** Names of the replication slots in this database. */
  public List<String> replicationSlots() throws SQLException {
    try (Connection connection = server.connect();
        PreparedStatement query =
            connection.prepareStatement(
                "SELECT slot_name FROM pg_replication_slots WHERE database = ? ORDER BY 1")) {
      query.setString(1, name);
      try (ResultSet rows = query.executeQuery()) {
        List<String> names = new ArrayList<>();
        while (rows.next()) {
          names.add(rows.getString(1));
        }
        return names;
      }
    }
  }

  @Override
  public void close() throws SQLException {
    try (Connection connection = server.connect()) {
      for (String slot : replicationSlots()) {
        dropSlot(connection, slot);
      }
      try (Statement statement = connection.createStatement()) {
        statement.execute(
            "DROP DATABASE IF EXISTS \"" + name.replace("\"", "\"\"") + "\" WITH (FORCE)");
      }
    }
  }

  /** Ends the slot's walsender and waits for it: a slot in use cannot be dropped. */
  private static void dropSlot(Connection connection, String slot) throws SQLException {
    try (PreparedStatement end =
            connection.prepareStatement(
                "SELECT pg_terminate_backend(active_pid, 10000) FROM pg_replication_slots"
                    + " WHERE slot_name = ? AND active_pid IS NOT NULL");
        PreparedStatement drop =
            connection.prepareStatement("SELECT pg_drop_replication_slot(?)")) {
      end.setString(1, slot);
      end.execute();
      drop.setString(1, slot);
      drop.execute();
    }
  }
}
