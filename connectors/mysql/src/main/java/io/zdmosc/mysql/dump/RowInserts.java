package io.zdmosc.mysql.dump;

import io.zdmosc.mysql.sql.Sql;
import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/**
 * Writes rows as INSERT statements of many rows each. A statement ends with the row with which it
 * passes the limit, so none is longer than that and one row.
 */
final class RowInserts {
  /** Far below what a server or a client takes by default, which is 16 MiB and more. */
  static final int LIMIT_BYTES = 1 << 19;

  private final String insert;
  private final List<StoredColumn> columns;
  private final RestoreSettings settings;
  private final SqlOutput out;
  private long begun;
  private boolean open;
  private boolean lax;

  RowInserts(String table, List<StoredColumn> columns, RestoreSettings settings, SqlOutput out) {
    this.insert =
        "INSERT INTO "
            + Sql.name(table)
            + " ("
            + Sql.names(columns.stream().map(each -> each.column().name()).toList())
            + ") VALUES";
    this.columns = List.copyOf(columns);
    this.settings = settings;
    this.out = out;
  }

  void row(ResultSet row) throws SQLException, IOException {
    boolean invalid = isInvalid(row);
    if (open && (invalid != lax || out.bytes() - begun >= LIMIT_BYTES)) {
      end();
    }
    if (invalid != lax) {
      settings.invalidValues(invalid, out);
      lax = invalid;
    }
    if (open) {
      out.line(",");
    } else {
      begun = out.bytes();
      out.line(insert);
      open = true;
    }
    for (int i = 0; i < columns.size(); i++) {
      out.text(i == 0 ? "(" : ",");
      columns.get(i).write(row, i + 1, out);
    }
    out.text(")");
  }

  /** Ends the last statement. */
  void end() throws IOException {
    if (open) {
      out.line(";");
      open = false;
    }
  }

  private boolean isInvalid(ResultSet row) throws SQLException {
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).isInvalid(row, i + 1)) {
        return true;
      }
    }
    return false;
  }
}
