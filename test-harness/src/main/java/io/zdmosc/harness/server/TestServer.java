package io.zdmosc.harness.server;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * A real database server that is ours alone. It listens on loopback, on a port that stays the same
 * until {@link #close()}, which deletes its data.
 */
public interface TestServer extends AutoCloseable {

  /** "PostgreSQL", "MySQL" or "MariaDB". */
  String product();

  /** "embedded" or "docker". */
  String kind();

  int port();

  /** Name of the superuser. */
  String user();

  String password();

  /** A URL without user and password. */
  String jdbcUrl(String database);

  /** Connects as superuser to a database that every such server has. */
  Connection connect() throws SQLException;

  /** Connects as superuser. */
  default Connection connect(String database) throws SQLException {
    return DriverManager.getConnection(jdbcUrl(database), user(), password());
  }

  /** Creates an empty database; fails where it exists. */
  TestDatabase createDatabase(String name) throws SQLException;

  /** Runs statements as superuser, each in a transaction of its own. */
  default void execute(String... statements) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** What the server says about itself, such as "18.1" or "11.4.5". */
  String version();

  /** Shuts down in order; connections are cut, transactions rolled back. Data stays. */
  void stop();

  /** Starts a stopped or killed server on its data and port, and waits until it answers. */
  void startAgain();

  /** {@link #stop()}, then {@link #startAgain()}. */
  default void restart() {
    stop();
    startAgain();
  }

  /** Ends the server at once without writing anything more: the next start is a recovery. */
  void killImmediately();

  /** Stops the server and deletes its data. */
  @Override
  void close();
}
