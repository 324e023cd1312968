package io.zdmosc.harness.stream.mysql;

import io.zdmosc.engine.spi.ConnectionSettings;
import io.zdmosc.harness.server.mysql.MySqlRelease;
import io.zdmosc.harness.server.mysql.MySqlServer;
import io.zdmosc.harness.server.mysql.SharedMySqlServers;
import io.zdmosc.mysql.sql.Session;
import io.zdmosc.mysql.sql.SessionFactory;
import io.zdmosc.mysql.stream.FenceWriter;
import io.zdmosc.mysql.stream.LogStart;
import io.zdmosc.mysql.stream.StreamSettings;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** A database of its own with the control table for fences, and tables whose changes are read. */
final class LogTable implements AutoCloseable {
  private static final AtomicLong NUMBERS = new AtomicLong(System.currentTimeMillis());
  private static final String FENCES =
      "CREATE TABLE IF NOT EXISTS zdm_osc.fence (migration_id BIGINT UNSIGNED NOT NULL PRIMARY KEY,"
          + " token VARCHAR(64) NOT NULL,"
          + " written_at TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6))"
          + " ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin";

  private final MySqlServer server;
  private final long number = NUMBERS.incrementAndGet();
  private final String schema = "log_" + number;
  private final SessionFactory sessions;
  private Session session;
  private StreamSettings settings;

  private LogTable(MySqlServer server) throws SQLException {
    this.server = server;
    server.execute("CREATE DATABASE " + schema, "CREATE DATABASE IF NOT EXISTS zdm_osc", FENCES);
    this.sessions =
        new SessionFactory(
            new ConnectionSettings(
                server.jdbcUrl(schema), server.user(), server.password(), Map.of()));
    this.session = sessions.open("test");
  }

  /** A new database on a server, with nothing in it yet. */
  static LogTable on(MySqlServer server) throws SQLException {
    return new LogTable(server);
  }

  /** As {@link #on}, on the shared server of this release. */
  static LogTable empty(MySqlRelease release) throws SQLException {
    return on(SharedMySqlServers.of(release));
  }

  /** As {@link #on}, with {@code t(id BIGINT PRIMARY KEY, v TEXT)} to be read. */
  static LogTable simple(MySqlServer server) throws SQLException {
    LogTable table = on(server);
    table.execute("CREATE TABLE t (id BIGINT PRIMARY KEY, v TEXT)");
    table.read("t", "id");
    return table;
  }

  static LogTable simple(MySqlRelease release) throws SQLException {
    return simple(SharedMySqlServers.of(release));
  }

  /** Notes where the log stands: what comes from now on is to be read. */
  void read(String table, String... keyColumns) throws SQLException {
    settings = new StreamSettings(sessions, start(), number, schema, table, List.of(keyColumns));
  }

  private LogStart start() throws SQLException {
    try (FenceWriter fences = new FenceWriter(sessions, number)) {
      return LogStart.note(session, fences);
    }
  }

  StreamSettings settings() {
    return settings;
  }

  String schema() {
    return schema;
  }

  MySqlServer server() {
    return server;
  }

  boolean mariaDb() {
    return session.server().mariaDb();
  }

  SessionFactory sessions() {
    return sessions;
  }

  /** The session that {@link #execute} uses. */
  Session session() {
    return session;
  }

  /** Runs statements, each in a transaction of its own. */
  void execute(String... statements) throws SQLException {
    for (String sql : statements) {
      session.execute(sql);
    }
  }

  /** After a restart of the server. */
  void reconnect() {
    session = sessions.open("test");
  }

  /** The server's numbers of the connections that read its log. */
  List<String> readers() throws SQLException {
    return session.query(
        "SELECT ID FROM information_schema.PROCESSLIST WHERE COMMAND LIKE 'Binlog Dump%'",
        row -> row.getString(1));
  }

  /** Ends the connections that read the server's log, those that have not ended by themselves. */
  void killReaders() throws SQLException {
    for (String reader : readers()) {
      try {
        execute("KILL " + reader);
      } catch (SQLException e) {
        if (!e.getMessage().contains("Unknown thread")) {
          throw e;
        }
      }
    }
  }

  @Override
  public void close() throws SQLException {
    session.execute("SET SESSION lock_wait_timeout = 5");
    session.execute("DROP DATABASE " + schema);
    session.close();
  }
}
