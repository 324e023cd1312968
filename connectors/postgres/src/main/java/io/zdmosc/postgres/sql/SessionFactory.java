package io.zdmosc.postgres.sql;

import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.engine.spi.ConnectionSettings;
import io.zdmosc.engine.spi.Parts;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.postgresql.PGConnection;
import org.postgresql.PGProperty;

/**
 * Opens connections with the session settings that every part relies on.
 *
 * <p>Expressions of the user's clause are evaluated as an ordinary session of the role would do it
 * ({@link SessionDefaults}). Keys travel as text between sessions, so dates are always written in
 * ISO form and floats in full; for the rest all sessions, the stream's too, have the same defaults.
 * Time-outs that the role or the database may have set are lifted, since ours are bounded in their
 * own ways. Thread-safe.
 */
public final class SessionFactory {
  private static final String OPTIONS =
      "-c extra_float_digits=3 -c statement_timeout=0 -c lock_timeout=0 -c"
          + " idle_in_transaction_session_timeout=0 -c idle_session_timeout=0 -c row_security=off"
          + " -c synchronous_commit=local -c default_transaction_isolation=read\\ committed -c"
          + " default_transaction_read_only=off -c default_transaction_deferrable=off -c"
          + " client_min_messages=warning";

  private final ConnectionSettings settings;
  private final Set<Session> open;
  private final Guard guard;
  private final Consumer<Session> witness;
  private volatile SessionDefaults defaults;

  public SessionFactory(ConnectionSettings settings) {
    this(settings, ConcurrentHashMap.newKeySet(), Guard.NONE, session -> {}, null);
  }

  private SessionFactory(
      ConnectionSettings settings,
      Set<Session> open,
      Guard guard,
      Consumer<Session> witness,
      SessionDefaults defaults) {
    this.settings = settings;
    this.open = open;
    this.guard = guard;
    this.witness = witness;
    this.defaults = defaults;
  }

  /** Looks at each new connection before anything is done with it. */
  @FunctionalInterface
  public interface Guard {
    Guard NONE = statement -> {};

    /** Throws when the connection must not be used. */
    void admit(Statement statement) throws SQLException;
  }

  /** The same, with a look at each connection first. What it opens is cancelled with the rest. */
  public SessionFactory guarded(Guard by) throws SQLException {
    return new SessionFactory(settings, open, by, witness, defaults());
  }

  /** The same, with the settings that ordinary sessions had at another time. */
  public SessionFactory withDefaults(SessionDefaults other) {
    return new SessionFactory(settings, open, guard, witness, other);
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
    return new SessionFactory(settings, open, guard, other, defaults);
  }

  /**
   * Opens an ordinary session in autocommit mode.
   *
   * @param purpose shows in {@code pg_stat_activity.application_name}
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
    Session session = connect(purpose);
    open.add(session);
    witness.accept(session);
    return session;
  }

  /** As {@link #open}, for clean-up and the durable record: {@link #cancelAll} leaves it alone. */
  public Session openUncancelled(String purpose) {
    try {
      return connect(purpose);
    } catch (SQLException e) {
      throw lost(e);
    }
  }

  private Session connect(String purpose) throws SQLException {
    Connection connection = DriverManager.getConnection(settings.url(), properties(purpose));
    try {
      admit(connection);
      Session session = new Session(connection, open::remove);
      if (session.test("SELECT current_setting('server_version_num')::int >= 170000")) {
        session.execute("SET transaction_timeout = 0");
      }
      if (defaults == null) {
        defaults = SessionDefaults.read(session);
      }
      session.execute(defaults.statements());
      return session;
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  private void admit(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      guard.admit(statement);
    }
  }

  /** What an ordinary session would have. */
  public SessionDefaults defaults() throws SQLException {
    if (defaults == null) {
      connect("settings").close();
    }
    return defaults;
  }

  private static MigrationFailedException lost(SQLException e) {
    return Failures.failure(
        "Lost the way to the server: " + e.getMessage(),
        "When the server is back: zdm-osc cleanup, then run the migration again.",
        e);
  }

  /** Opens a connection that speaks the replication protocol. */
  public PGConnection openReplication(String purpose) throws SQLException {
    Properties properties = properties(purpose);
    PGProperty.REPLICATION.set(properties, "database");
    PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "14");
    PGProperty.PREFER_QUERY_MODE.set(properties, "simple");
    // Debezium reads no other form; every session reads this one
    String statements = defaults().statements() + "; SET bytea_output = hex";
    Connection connection = DriverManager.getConnection(settings.url(), properties);
    try {
      admit(connection);
      try (Statement statement = connection.createStatement()) {
        statement.execute(statements);
      }
      return connection.unwrap(PGConnection.class);
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  /** Cancels whatever runs on any session of this factory. */
  public void cancelAll() {
    open.forEach(Session::cancel);
  }

  public ConnectionSettings settings() {
    return settings;
  }

  private Properties properties(String purpose) {
    Properties properties = new Properties();
    settings.properties().forEach(properties::setProperty);
    if (settings.user() != null) {
      PGProperty.USER.set(properties, settings.user());
    }
    if (settings.password() != null) {
      PGProperty.PASSWORD.set(properties, settings.password());
    }
    PGProperty.APPLICATION_NAME.set(properties, "zdm-osc " + purpose);
    PGProperty.OPTIONS.set(properties, OPTIONS);
    PGProperty.TCP_KEEP_ALIVE.set(properties, true);
    if (PGProperty.CONNECT_TIMEOUT.getOrDefault(properties) == null) {
      PGProperty.CONNECT_TIMEOUT.set(properties, 10);
    }
    return properties;
  }
}
