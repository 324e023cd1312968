package io.zdmosc.postgres.stream.debezium;

import io.debezium.jdbc.JdbcConfiguration;
import io.debezium.jdbc.JdbcConnection;
import io.zdmosc.engine.spi.ConnectionSettings;
import io.zdmosc.postgres.sql.SessionFactory;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

/**
 * Opens Debezium's connections exactly as all others are opened: by the user's URL, with its
 * properties and hosts, and with the session settings that fix how values are written. Debezium
 * creates it by its class name and hands it what {@link #describe} put into the configuration.
 */
public final class SessionConnectionFactory implements JdbcConnection.ConnectionFactory {
  private static final String PREFIX = "database.";
  private static final String URL = "zdm.url";
  private static final String USER = "zdm.user";
  private static final String PASSWORD = "zdm.password";
  private static final String PROPERTY = "zdm.property.";

  /** Adds to Debezium's configuration what {@link #connect} needs. */
  static void describe(ConnectionSettings settings, Properties configuration) {
    configuration.setProperty(
        PREFIX + JdbcConfiguration.CONNECTION_FACTORY_CLASS.name(),
        SessionConnectionFactory.class.getName());
    configuration.setProperty(PREFIX + URL, settings.url());
    if (settings.user() != null) {
      configuration.setProperty(PREFIX + USER, settings.user());
    }
    if (settings.password() != null) {
      configuration.setProperty(PREFIX + PASSWORD, settings.password());
    }
    settings
        .properties()
        .forEach((name, value) -> configuration.setProperty(PREFIX + PROPERTY + name, value));
  }

  @Override
  public Connection connect(JdbcConfiguration configuration) throws SQLException {
    Map<String, String> properties = new HashMap<>();
    for (String name : configuration.keys()) {
      if (name.startsWith(PROPERTY)) {
        properties.put(name.substring(PROPERTY.length()), configuration.getString(name));
      }
    }
    SessionFactory sessions =
        new SessionFactory(
            new ConnectionSettings(
                configuration.getString(URL),
                configuration.getString(USER),
                configuration.getString(PASSWORD),
                properties));
    return configuration.hasKey("replication")
        ? (Connection) sessions.openReplication("stream")
        : sessions.openOrThrow("stream catalog").connection();
  }
}
