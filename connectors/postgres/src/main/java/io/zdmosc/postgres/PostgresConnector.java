package io.zdmosc.postgres;

import io.zdmosc.engine.error.Problem;
import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.engine.spi.ConnectionSettings;
import io.zdmosc.engine.spi.Connector;
import io.zdmosc.engine.spi.Database;
import io.zdmosc.postgres.sql.Session;
import io.zdmosc.postgres.sql.SessionFactory;
import java.sql.SQLException;
import java.util.List;

/** Opens databases on PostgreSQL 14 and newer. */
public final class PostgresConnector implements Connector {
  @Override
  public boolean accepts(String jdbcUrl) {
    return jdbcUrl.startsWith("jdbc:postgresql:");
  }

  @Override
  public Database connect(ConnectionSettings settings) {
    SessionFactory sessions = new SessionFactory(settings);
    try (Session session = sessions.openOrThrow("connect")) {
      String description =
          session
              .text(
                  "SELECT 'PostgreSQL ' || current_setting('server_version') || ', database '"
                      + " || current_database()")
              .orElseThrow();
      return new PgDatabase(sessions, description);
    } catch (SQLException e) {
      throw new RefusedException(List.of(problem(settings, e)), e);
    }
  }

  private static Problem problem(ConnectionSettings settings, SQLException e) {
    String state = String.valueOf(e.getSQLState());
    String remedy =
        switch (state) {
          case "08004" ->
              "Give a password by PGPASSWORD, ~/.pgpass or --password-file, or check that the server"
                  + " takes more connections.";
          case "28P01", "28000" -> "Check user and password, and the server's pg_hba.conf.";
          case "3D000" -> "Check the database's name in the URL.";
          case "08001", "08006" -> "Check that the server runs, its host and port.";
          default -> "Check the URL, the user and the server's log.";
        };
    return new Problem(settings.url(), "cannot be connected to: " + e.getMessage(), remedy);
  }
}
