package io.zdmosc.harness.stream;

import io.zdmosc.engine.spi.ConnectionSettings;
import io.zdmosc.harness.server.PostgresDatabase;
import io.zdmosc.harness.server.PostgresServer;
import io.zdmosc.harness.server.SharedServers;
import io.zdmosc.postgres.sql.Session;
import io.zdmosc.postgres.sql.SessionFactory;
import io.zdmosc.postgres.sql.Sql;
import io.zdmosc.postgres.stream.Lsn;
import io.zdmosc.postgres.stream.StreamSettings;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A database with one table, published as a migration publishes it, and a replication slot. The
 * publication carries the key only where the server and the replica identity allow it.
 */
final class StreamedTable implements AutoCloseable {
  private static final int COLUMN_LISTS = 15;

  private final PostgresDatabase database;
  private final SessionFactory sessions;
  private final Session session;
  private StreamSettings settings;

  private StreamedTable(PostgresDatabase database) {
    this.database = database;
    this.sessions =
        new SessionFactory(
            new ConnectionSettings(
                database.jdbcUrl(), database.user(), database.password(), Map.of()));
    this.session = sessions.open("test");
  }

  /** A new database on the shared server of this major, with nothing in it yet. */
  static StreamedTable inNewDatabase(int major) throws SQLException {
    return new StreamedTable(SharedServers.freshDatabase(major));
  }

  /** As {@link #inNewDatabase}, with {@code public.t(id bigint PRIMARY KEY, v text)} published. */
  static StreamedTable simple(int major) throws SQLException {
    StreamedTable table = inNewDatabase(major);
    table.execute("CREATE TABLE t (id bigint PRIMARY KEY, v text)");
    table.publish("public", "t", "id");
    return table;
  }

  /** Creates publication and slot for a table that exists. */
  void publish(String schema, String table, String... keyColumns) throws SQLException {
    boolean full =
        session.test(
            "SELECT relreplident = 'f' FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace"
                + " WHERE nspname = ?::name AND relname = ?::name",
            schema,
            table);
    List<String> columns = Arrays.asList(keyColumns);
    boolean keyOnly = server().major() >= COLUMN_LISTS && !full;
    execute(
        "CREATE PUBLICATION zdm_osc_1 FOR TABLE "
            + Sql.name(schema, table)
            + (keyOnly ? " (" + Sql.names(columns) + ")" : ""));
    String slot = "zdm_osc_" + database.name();
    session.text("SELECT pg_create_logical_replication_slot(?::name, 'pgoutput')::text", slot);
    List<String> types =
        session.query(
            "SELECT format_type(atttypid, atttypmod) FROM unnest(?::name[]) WITH ORDINALITY k(n, i)"
                + " JOIN pg_attribute ON attname = n AND attrelid = ?::regclass ORDER BY i",
            row -> row.getString(1),
            Sql.array(columns),
            Sql.name(schema, table));
    long oid =
        Long.parseLong(
            session.text("SELECT ?::regclass::oid::text", Sql.name(schema, table)).orElseThrow());
    settings = new StreamSettings(sessions, slot, "zdm_osc_1", schema, table, columns, types, oid);
  }

  StreamSettings settings() {
    return settings;
  }

  PostgresServer server() {
    return database.server();
  }

  PostgresDatabase database() {
    return database;
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

  /** What the slot has confirmed. */
  Lsn confirmed() throws SQLException {
    return Lsn.parse(slot("confirmed_flush_lsn"));
  }

  boolean slotIsActive() throws SQLException {
    return slot("active").equals("t");
  }

  /** Process id of the server process that reads the slot. */
  String reader() throws SQLException {
    return slot("active_pid");
  }

  private String slot(String column) throws SQLException {
    return session
        .text(
            "SELECT " + column + " FROM pg_replication_slots WHERE slot_name = ?", settings.slot())
        .orElse("");
  }

  /** Where the log ends now. */
  Lsn logEnd() throws SQLException {
    return Lsn.parse(session.text("SELECT pg_current_wal_insert_lsn()").orElseThrow());
  }

  @Override
  public void close() throws SQLException {
    session.close();
    database.close();
  }
}
