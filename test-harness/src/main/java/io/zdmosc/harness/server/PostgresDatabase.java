package io.zdmosc.harness.server;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Closing drops the database, with the replication slots in it and whoever is still connected. */
public record PostgresDatabase(PostgresServer server, String name) implements TestDatabase {

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
