package io.zdmosc.cli.connect;

import static java.util.Objects.requireNonNull;

import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.engine.spi.ConnectionSettings;
import io.zdmosc.engine.spi.Connector;
import io.zdmosc.engine.spi.Database;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Connects, and asks for a password when the server wants one that was not given. */
public final class DatabaseOpener {
  private final List<Connector> connectors;
  private final Prompt prompt;

  public DatabaseOpener(List<Connector> connectors, Prompt prompt) {
    this.connectors = List.copyOf(connectors);
    this.prompt = requireNonNull(prompt, "prompt is null");
  }

  /**
   * Connects.
   *
   * @throws RefusedException when no connector serves the URL, or the server does not let us in
   */
  public Database open(ConnectionSettings settings) {
    Connector connector =
        connectors.stream()
            .filter(candidate -> candidate.accepts(settings.url()))
            .findFirst()
            .orElseThrow(() -> unknown(settings));
    try {
      return connector.connect(settings);
    } catch (RefusedException e) {
      if (settings.password() != null || !prompt.available() || !wantsPassword(e)) {
        throw e;
      }
      String user = settings.user() == null ? System.getProperty("user.name") : settings.user();
      Optional<String> password =
          prompt.password("Password of " + user + " for " + new JdbcUrl(settings.url()) + ":");
      if (password.isEmpty()) {
        throw e;
      }
      return connector.connect(
          new ConnectionSettings(
              settings.url(), settings.user(), password.get(), settings.properties()));
    }
  }

  private static RefusedException unknown(ConnectionSettings settings) {
    return RefusedException.of(
        new JdbcUrl(settings.url()).toString(),
        "no such database is supported",
        "Use a URL like jdbc:postgresql://host:5432/database, jdbc:mysql://host:3306/database or"
            + " jdbc:mariadb://host:3306/database.");
  }

  /** SQLSTATE class 28 is about authorization; 08004 means that the server rejected us. */
  private static boolean wantsPassword(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException refusal) {
        String state = refusal.getSQLState();
        if (state != null && (state.startsWith("28") || state.equals("08004"))) {
          return true;
        }
      }
    }
    return false;
  }
}
