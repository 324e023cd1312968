package io.zdmosc.harness.server;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;

/**
 * A real PostgreSQL server that is ours alone. It listens on loopback, on a port that stays the
 * same until {@link #close()}, with {@code wal_level = logical}. Closing it deletes its data.
 */
public sealed interface PostgresServer extends AutoCloseable
    permits EmbeddedPostgresServer, DockerPostgresServer {

  /** Every major that is supported, oldest first. */
  List<Integer> MAJORS = List.of(14, 15, 16, 17, 18);

  /** Starts a server with fsync off, as tests want it; {@code settings} win over the defaults. */
  static PostgresServer start(int major, Map<String, String> settings) {
    return start(ServerSpec.of(major).with(settings));
  }

  /**
   * Starts a server: in a container where Docker is available and has the image, else from the
   * binaries that the build fetched. {@code -Dzdm.servers=embedded} or {@code docker} decides it.
   * The first of each version is announced on standard output, where the CI looks for it.
   */
  static PostgresServer start(ServerSpec spec) {
    PostgresServer server = ServerChoice.fromSystemProperty().start(spec);
    ServerChoice.announce(server);
    return server;
  }

  int major();

  /** "embedded" or "docker". */
  String kind();

  int port();

  /** Name of the superuser. */
  default String user() {
    return ServerSpec.USER;
  }

  default String password() {
    return ServerSpec.PASSWORD;
  }

  /** A URL without user and password. */
  default String jdbcUrl(String database) {
    return "jdbc:postgresql://127.0.0.1:" + port() + "/" + database;
  }

  /** Connects to the database "postgres" as superuser. */
  default Connection connect() throws SQLException {
    return connect("postgres");
  }

  /** Connects as superuser. */
  default Connection connect(String database) throws SQLException {
    return DriverManager.getConnection(jdbcUrl(database), user(), password());
  }

  /** Creates an empty database; fails where it exists. */
  default TestDatabase createDatabase(String name) throws SQLException {
    execute("CREATE DATABASE \"" + name.replace("\"", "\"\"") + "\"");
    return new TestDatabase(this, name);
  }

  /** Runs one statement in the database "postgres". */
  default void execute(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** What the server says about itself, such as "18.1". */
  default String version() {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SHOW server_version")) {
      rows.next();
      return rows.getString(1).split(" ", 2)[0];
    } catch (SQLException e) {
      throw new ServerException("PostgreSQL " + major() + " does not answer", e);
    }
  }

  /** Shuts down in order; connections are cut, transactions rolled back. Data stays. */
  void stop();

  /** Starts a stopped or killed server on its data and port, and waits until it answers. */
  void startAgain();

  /** {@link #stop()}, then {@link #startAgain()}. */
  default void restart() {
    stop();
    startAgain();
  }

  /** Ends all processes at once without a checkpoint (SIGQUIT): the next start is a recovery. */
  void killImmediately();

  /** Freezes one server process (SIGSTOP), such as a walsender; not on Windows. */
  void pauseBackend(long pid);

  /** Lets a frozen server process go on (SIGCONT). */
  void resumeBackend(long pid);

  /** Stops the server and deletes its data. */
  @Override
  void close();
}
