package io.zdmosc.harness.server;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** One database of a server. Closing drops it, with what belongs to it elsewhere on the server. */
public interface TestDatabase extends AutoCloseable {

  TestServer server();

  String name();

  /** A URL without user and password. */
  default String jdbcUrl() {
    return server().jdbcUrl(name());
  }

  default String user() {
    return server().user();
  }

  default String password() {
    return server().password();
  }

  default Connection connect() throws SQLException {
    return server().connect(name());
  }

  /** Runs statements, each in a transaction of its own. */
  default void execute(String... statements) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** The first column of the only row, as text. */
  default String queryText(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      if (!rows.next()) {
        throw new SQLException("no row: " + sql);
      }
      return rows.getString(1);
    }
  }

  @Override
  void close() throws SQLException;
}
