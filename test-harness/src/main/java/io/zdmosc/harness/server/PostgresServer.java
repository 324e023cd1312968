package io.zdmosc.harness.server;

import io.zdmosc.cli.server.ServerException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;

/** A real PostgreSQL server with {@code wal_level = logical}. */
public sealed interface PostgresServer extends TestServer
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
    return ServerChoice.start(
        "PostgreSQL " + spec.major(),
        () -> EmbeddedPostgresServer.start(spec),
        () -> DockerPostgresServer.start(spec));
  }

  int major();

  @Override
  default String product() {
    return "PostgreSQL";
  }

  @Override
  default String user() {
    return ServerSpec.USER;
  }

  @Override
  default String password() {
    return ServerSpec.PASSWORD;
  }

  @Override
  default String jdbcUrl(String database) {
    return "jdbc:postgresql://127.0.0.1:" + port() + "/" + database;
  }

  /** Connects to the database "postgres" as superuser. */
  @Override
  default Connection connect() throws SQLException {
    return connect("postgres");
  }

  @Override
  default PostgresDatabase createDatabase(String name) throws SQLException {
    execute("CREATE DATABASE \"" + name.replace("\"", "\"\"") + "\"");
    return new PostgresDatabase(this, name);
  }

  @Override
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

  /** Sends SIGQUIT: the next start is a recovery. */
  @Override
  void killImmediately();

  /** Freezes one server process (SIGSTOP), such as a walsender; not on Windows. */
  void pauseBackend(long pid);

  /** Lets a frozen server process go on (SIGCONT). */
  void resumeBackend(long pid);
}
