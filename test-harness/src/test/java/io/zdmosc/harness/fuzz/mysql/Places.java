package io.zdmosc.harness.fuzz.mysql;

import io.zdmosc.harness.server.mysql.MySqlDatabase;
import io.zdmosc.harness.server.mysql.MySqlRelease;
import io.zdmosc.harness.server.mysql.SharedMySqlServers;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The database whose table is migrated, the one whose table the server changes itself, and a third
 * one to try things in.
 */
record Places(MySqlDatabase source, MySqlDatabase twin, MySqlDatabase trial)
    implements AutoCloseable {
  /** As an application that is careful with its values. */
  static final String STRICT =
      "SET SESSION time_zone = '+00:00', sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION'";

  static Places open(MySqlRelease release) throws SQLException {
    return new Places(
        SharedMySqlServers.freshDatabase(release),
        SharedMySqlServers.freshDatabase(release),
        SharedMySqlServers.freshDatabase(release));
  }

  /**
   * Runs a definition in both.
   *
   * @return false when the server does not take it
   */
  boolean both(String statement) throws SQLException {
    try {
      defined(source, statement);
    } catch (SQLException e) {
      return false;
    }
    defined(twin, statement);
    return true;
  }

  /** Runs a definition under the server's own settings, made strict, as a migration does. */
  static void defined(MySqlDatabase database, String... statements) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("SET SESSION sql_mode = CONCAT(@@GLOBAL.sql_mode, ',STRICT_ALL_TABLES')");
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  @Override
  public void close() throws SQLException {
    source.close();
    twin.close();
    trial.close();
  }
}
