package io.zdmosc.mysql;

import io.zdmosc.engine.error.Problem;
import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.engine.spi.ConnectionSettings;
import io.zdmosc.engine.spi.Connector;
import io.zdmosc.engine.spi.Database;
import io.zdmosc.mysql.sql.Failures;
import io.zdmosc.mysql.sql.Session;
import io.zdmosc.mysql.sql.SessionFactory;
import java.sql.SQLException;
import java.util.List;

/**
 * Opens MySQL 8.0.13 and newer, and MariaDB 10.6 and newer. Which driver is used is said by the
 * URL, which server it is by the server.
 */
public final class MySqlConnector implements Connector {
  @Override
  public boolean accepts(String jdbcUrl) {
    return jdbcUrl.startsWith("jdbc:mysql:") || jdbcUrl.startsWith("jdbc:mariadb:");
  }

  @Override
  public Database connect(ConnectionSettings settings) {
    SessionFactory sessions = new SessionFactory(settings);
    try (Session session = sessions.openOrThrow("connect")) {
      String database =
          session.text("SELECT DATABASE()").map(name -> ", database " + name).orElse("");
      return new MySqlDatabase(sessions, session.server() + database);
    } catch (SQLException e) {
      throw new RefusedException(List.of(problem(settings, e)), e);
    }
  }

  private static Problem problem(ConnectionSettings settings, SQLException e) {
    String remedy =
        switch (e.getErrorCode()) {
          case 1044, 1045, 1698, 1251 ->
              "Give a password by MYSQL_PWD, ~/.my.cnf or --password-file; check user and host.";
          case 1049 -> "Check the database's name in the URL.";
          case 1040, 1203, 1226 -> "Check that the server takes more connections.";
          default -> "Check that the server runs, its host and port.";
        };
    return new Problem(settings.url(), "cannot be connected to: " + Failures.words(e), remedy);
  }
}
