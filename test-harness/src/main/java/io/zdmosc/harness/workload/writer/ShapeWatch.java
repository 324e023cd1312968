package io.zdmosc.harness.workload.writer;

import io.zdmosc.harness.workload.table.Change;
import io.zdmosc.harness.workload.table.ColumnMapping;
import io.zdmosc.harness.workload.table.SqlDialect;
import io.zdmosc.harness.workload.table.TableCase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Tells from the catalog which shape the table has at present. Immutable. */
final class ShapeWatch {
  /** What shape the table has. */
  enum Seen {
    BEFORE,
    AFTER,
    /** Neither the one nor the other. */
    NEITHER
  }

  private final TableCase tableCase;
  private final Map<String, String> before;

  /** Remembers the shape that the table has now. */
  ShapeWatch(Connection connection, TableCase tableCase) throws SQLException {
    this.tableCase = tableCase;
    this.before = tableCase.dialect().columns(connection, tableCase.table().name());
  }

  Seen look(Connection connection) throws SQLException {
    SqlDialect dialect = tableCase.dialect();
    Change change = tableCase.change();
    String source = tableCase.table().name();
    if (source.equals(change.targetTable()) && dialect.columns(connection, source).equals(before)) {
      return Seen.BEFORE;
    }
    Set<String> wanted =
        change.mapping().stream().map(ColumnMapping::target).collect(Collectors.toSet());
    Map<String, String> found = dialect.columns(connection, change.targetTable());
    if (found.keySet().equals(wanted)) {
      return Seen.AFTER;
    }
    return dialect.columns(connection, source).equals(before) ? Seen.BEFORE : Seen.NEITHER;
  }
}
