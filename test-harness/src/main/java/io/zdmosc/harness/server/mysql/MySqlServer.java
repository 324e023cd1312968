package io.zdmosc.harness.server.mysql;

import io.zdmosc.cli.server.ServerException;
import io.zdmosc.harness.server.ServerChoice;
import io.zdmosc.harness.server.TestServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** A real MySQL or MariaDB server. */
public sealed interface MySqlServer extends TestServer
    permits EmbeddedMySqlServer, DockerMySqlServer {

  /** Starts a server as tests want it. */
  static MySqlServer start(MySqlRelease release) {
    return start(MySqlSpec.of(release));
  }

  /**
   * Starts a server: in a container where Docker is available and has the image, else, if the
   * release is embeddable, from programs of this machine. {@code -Dzdm.servers=embedded} or {@code
   * docker} decides it. The first of each version is announced on standard output, where the CI
   * looks for it.
   */
  static MySqlServer start(MySqlSpec spec) {
    return ServerChoice.start(
        spec.release().toString(),
        () -> EmbeddedMySqlServer.start(spec),
        () -> DockerMySqlServer.start(spec));
  }

  /** What the server was started with. */
  MySqlSpec spec();

  @Override
  default String product() {
    return spec().release().product().title();
  }

  @Override
  default String user() {
    return MySqlSpec.USER;
  }

  @Override
  default String password() {
    return MySqlSpec.PASSWORD;
  }

  @Override
  default String jdbcUrl(String database) {
    return "jdbc:" + spec().release().product().id() + "://127.0.0.1:" + port() + "/" + database;
  }

  /** Connects to the database "mysql" as superuser. */
  @Override
  default Connection connect() throws SQLException {
    return connect("mysql");
  }

  @Override
  default MySqlDatabase createDatabase(String name) throws SQLException {
    execute("CREATE DATABASE " + quote(name));
    return new MySqlDatabase(this, name);
  }

  /**
   * Creates a user who may connect from anywhere.
   *
   * @param privileges what follows GRANT up to the user, such as {@code SELECT ON d.*}
   */
  default void createUser(String name, String password, String... privileges) throws SQLException {
    String user = "'" + name.replace("'", "''") + "'@'%'";
    execute("CREATE USER " + user + " IDENTIFIED BY '" + password.replace("'", "''") + "'");
    for (String privilege : privileges) {
      execute("GRANT " + privilege + " TO " + user);
    }
  }

  /** The server's own version, such as "9.7.4" or "11.4.5". */
  @Override
  default String version() {
    try {
      return variable("version").split("-", 2)[0];
    } catch (SQLException e) {
      throw new ServerException(spec().release() + " does not answer", e);
    }
  }

  /** The value of a global variable, as text. */
  default String variable(String name) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT @@GLOBAL." + name)) {
      rows.next();
      return rows.getString(1);
    }
  }

  /**
   * Lets the server know a named time zone, such as Europe/Berlin; then sessions may set it, and
   * {@code SET GLOBAL time_zone} makes it everybody's. Once per zone and server.
   */
  default void addTimeZone(String name) throws SQLException {
    try (Connection connection = connect()) {
      TimeZoneTables.add(connection, name);
    }
  }

  /** Freezes the whole server (SIGSTOP, or Docker's pause): it takes no packet and answers none. */
  void pause();

  /** Lets a frozen server go on. */
  void resume();

  /** Sends SIGKILL: the next start is a recovery. */
  @Override
  void killImmediately();

  /** Returns an identifier in backticks. */
  static String quote(String identifier) {
    return "`" + identifier.replace("`", "``") + "`";
  }
}
