package io.zdmosc.mysql;

import io.zdmosc.engine.error.Problem;
import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.engine.spi.ConnectionSettings;
import io.zdmosc.engine.spi.Connector;
import io.zdmosc.engine.spi.Database;
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
    return new Problem(
        settings.url(),
        "cannot be connected to: " + ConnectionRemedy.words(e),
        ConnectionRemedy.of(settings.url(), e));
  }
}
