package io.zdmosc.mysql.sql;

import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.engine.spi.ConnectionSettings;
import io.zdmosc.engine.spi.Parts;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Opens connections with the {@linkplain SessionSettings settings} that every part relies on.
 *
 * <p>Thread-safe.
 */
public final class SessionFactory {
  private final ConnectionSettings settings;
  private final Set<Session> open;
  private final Set<Long> ids;
  private final Guard guard;
  private final Consumer<Session> witness;

  public SessionFactory(ConnectionSettings settings) {
    this(
        settings,
        ConcurrentHashMap.newKeySet(),
        ConcurrentHashMap.newKeySet(),
        Guard.NONE,
        session -> {});
  }

  private SessionFactory(
      ConnectionSettings settings,
      Set<Session> open,
      Set<Long> ids,
      Guard guard,
      Consumer<Session> witness) {
    this.settings = settings;
    this.open = open;
    this.ids = ids;
    this.guard = guard;
    this.witness = witness;
  }

  /** Looks at each new connection before anything is done with it. */
  @FunctionalInterface
  public interface Guard {
    Guard NONE = session -> {};

    /** Throws when the connection must not be used. */
    void admit(Session session) throws SQLException;
  }

  /** The same, with a look at each connection first. What it opens is cancelled with the rest. */
  public SessionFactory guarded(Guard by) {
    return new SessionFactory(settings, open, ids, by, witness);
  }

  /** Makes something that opens sessions of its own. */
  @FunctionalInterface
  public interface Making<T> {
    T with(SessionFactory sessions) throws SQLException;
  }

  /** Makes it; where that breaks off half-way, the sessions that it has opened are closed. */
  public <T> T making(Making<T> making) throws SQLException {
    return Parts.<T, Session, SQLException>whole(
        opened -> making.with(witnessedBy(opened)), Session::close);
  }

  private SessionFactory witnessedBy(Consumer<Session> other) {
    return new SessionFactory(settings, open, ids, guard, other);
  }

  /**
   * Opens an ordinary session in autocommit mode.
   *
   * @param purpose shows among the connection's attributes
   */
  public Session open(String purpose) {
    try {
      return openOrThrow(purpose);
    } catch (SQLException e) {
      throw lost(e);
    }
  }

  /** As {@link #open}, for the first connection, where the reason matters. */
  public Session openOrThrow(String purpose) throws SQLException {
    return openOrThrow(purpose, Map.of());
  }

  /** The same, with further properties for the driver. */
  public Session openOrThrow(String purpose, Map<String, String> more) throws SQLException {
    Session session = connect(purpose, more);
    open.add(session);
    witness.accept(session);
    return session;
  }

  /** As {@link #open}, for clean-up and the durable record: {@link #cancelAll} leaves it alone. */
  public Session openUncancelled(String purpose) {
    try {
      return connect(purpose, Map.of());
    } catch (SQLException e) {
      throw lost(e);
    }
  }

  /**
   * As {@link #openUncancelled}, and it takes several statements at once, which the server carries
   * out to the end even if this process dies meanwhile.
   */
  public Session openForPackets(String purpose) {
    try {
      return connect(purpose, Map.of("allowMultiQueries", "true"));
    } catch (SQLException e) {
      throw lost(e);
    }
  }

  /** Cancels whatever runs on any session of this factory. */
  public void cancelAll() {
    open.forEach(Session::cancel);
  }

  public ConnectionSettings settings() {
    return settings;
  }

  /** The server's numbers of all connections that are open now. */
  public Set<Long> ids() {
    return Set.copyOf(ids);
  }

  void forget(Session session) {
    open.remove(session);
    ids.remove(session.id());
  }

  /** Cancels a session's statement by way of another connection: there is no other way here. */
  void kill(Session session) {
    try (Connection other = DriverManager.getConnection(settings.url(), properties("cancel"));
        var statement = other.createStatement()) {
      statement.execute("KILL QUERY " + session.id());
    } catch (SQLException e) {
      forget(session); // nothing to cancel on a connection, or a server, that is gone
    }
  }

  private Session connect(String purpose, Map<String, String> more) throws SQLException {
    Properties properties = properties(purpose);
    properties.setProperty("allowMultiQueries", "false");
    more.forEach(properties::setProperty);
    Connection connection = DriverManager.getConnection(settings.url(), properties);
    try {
      Session session = new Session(connection, this);
      guard.admit(session);
      SessionSettings.apply(session);
      ids.add(session.id());
      return session;
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  private static MigrationFailedException lost(SQLException e) {
    return Failures.failure(
        "Lost the way to the server: " + Failures.words(e),
        "When the server is back: zdm-osc cleanup, then run the migration again.",
        e);
  }

  private Properties properties(String purpose) {
    Properties properties = new Properties();
    if (settings.url().startsWith("jdbc:mariadb:")) {
      properties.setProperty("connectionAttributes", "program_name:zdm-osc " + purpose);
    } else {
      properties.setProperty("connectionAttributes", "program_name:zdm-osc " + purpose);
      // text as it comes: dates that Java does not know, booleans that are numbers
      properties.setProperty("tinyInt1isBit", "false");
      properties.setProperty("yearIsDateType", "false");
      properties.setProperty("zeroDateTimeBehavior", "CONVERT_TO_NULL");
      properties.setProperty("characterEncoding", "UTF-8");
      properties.setProperty("cacheServerConfiguration", "false");
    }
    properties.setProperty("tcpKeepAlive", "true");
    properties.setProperty("connectTimeout", "10000");
    settings.properties().forEach(properties::setProperty);
    if (settings.user() != null) {
      properties.setProperty("user", settings.user());
    }
    if (settings.password() != null) {
      properties.setProperty("password", settings.password());
    }
    return properties;
  }
}
