package io.zdmosc.mysql.dump;

import io.zdmosc.mysql.catalog.Catalog;
import io.zdmosc.mysql.sql.Session;
import io.zdmosc.mysql.sql.Sql;
import java.io.IOException;
import java.io.OutputStream;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Writes one table as SQL for the server's own client: its definition by the server's words, then
 * its rows, under its present name and without that of its database. It needs no program of the
 * server's, whose version would have to fit. Grants are not in it.
 */
public final class SqlDump {
  private SqlDump() {}

  /**
   * Writes the table as one snapshot shows it. The session is of no other use afterwards; closing
   * it ends the snapshot.
   */
  public static void write(Session session, String schema, String table, OutputStream to)
      throws SQLException, IOException {
    String sqlName = Sql.name(schema, table);
    session.execute("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ");
    session.execute("START TRANSACTION WITH CONSISTENT SNAPSHOT");
    // from here on nobody can change its shape
    session.read("SELECT 1 FROM " + sqlName + " LIMIT 1", row -> row.getInt(1));
    Catalog catalog = new Catalog(session);
    List<StoredColumn> columns =
        catalog.columns(schema, table).stream()
            .filter(column -> !column.isGenerated())
            .map(StoredColumn::of)
            .toList();
    SqlOutput out = new SqlOutput(to);
    RestoreSettings settings = RestoreSettings.of(session);
    out.line("-- One table of " + session.server() + ", written by zdm-osc.");
    out.line("-- Restore it into the database of your choice with its client.");
    settings.begin(out);
    out.line(catalog.createTable(schema, table) + ";");
    RowInserts inserts = new RowInserts(table, columns, settings, out);
    new RowStream(session).read(select(columns, sqlName), inserts::row);
    inserts.end();
    settings.end(out);
    out.line("-- The end.");
  }

  private static String select(List<StoredColumn> columns, String sqlName) {
    return columns.stream()
        .map(StoredColumn::expression)
        .collect(Collectors.joining(", ", "SELECT ", " FROM " + sqlName));
  }
}
