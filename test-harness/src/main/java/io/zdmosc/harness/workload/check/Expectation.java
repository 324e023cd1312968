package io.zdmosc.harness.workload.check;

import io.zdmosc.harness.workload.model.Row;
import io.zdmosc.harness.workload.table.Column;
import io.zdmosc.harness.workload.table.ColumnMapping;
import io.zdmosc.harness.workload.table.Shape;
import io.zdmosc.harness.workload.table.SqlDialect;
import io.zdmosc.harness.workload.table.TableCase;
import io.zdmosc.harness.workload.table.TableSpec;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Makes the rows that a table must hold, as a private table of the open transaction. */
final class Expectation {
  /** The name of the private table with the expected rows. */
  static final String TABLE = "zdm_expected";

  private static final String SOURCE = "zdm_model";
  private static final int ROWS_PER_INSERT = 200;

  private final Connection connection;
  private final TableCase tableCase;
  private final List<ColumnMapping> compared;

  Expectation(Connection connection, TableCase tableCase, List<ColumnMapping> mapping) {
    this.connection = connection;
    this.tableCase = tableCase;
    this.compared = mapping.stream().filter(column -> column.expression().isPresent()).toList();
  }

  /** The mapping of a table that was not changed. */
  static List<ColumnMapping> unchanged(TableCase tableCase) {
    return tableCase.table().columns().stream()
        .map(
            column ->
                new ColumnMapping(
                    column.name(),
                    Optional.of(tableCase.dialect().quote(column.name())),
                    Optional.of(column.id())))
        .toList();
  }

  /** Returns the names of the columns that are compared. */
  List<String> comparedColumns() {
    return compared.stream().map(ColumnMapping::target).toList();
  }

  /** Makes the private table, with types and collations like those of the table to check. */
  void load(String table, Collection<Row> rows) throws SQLException {
    SqlDialect dialect = tableCase.dialect();
    loadSource(rows);
    String names =
        compared.stream().map(c -> dialect.quote(c.target())).collect(Collectors.joining(", "));
    String expressions =
        compared.stream().map(c -> c.expression().get()).collect(Collectors.joining(", "));
    drop(TABLE);
    execute(
        "CREATE TEMPORARY TABLE "
            + TABLE
            + " AS SELECT "
            + names
            + " FROM "
            + dialect.quote(table)
            + " WHERE 1 = 0");
    execute("INSERT INTO " + TABLE + " (" + names + ") SELECT " + expressions + " FROM " + SOURCE);
  }

  private void loadSource(Collection<Row> rows) throws SQLException {
    TableSpec spec = tableCase.table();
    SqlDialect dialect = tableCase.dialect();
    drop(SOURCE);
    execute(dialect.createCopyOfShape(SOURCE, spec));
    Shape shape = new Shape(SOURCE, Shape.before(spec).names());
    List<Column> written = spec.written();
    List<String> ids = written.stream().map(Column::id).toList();
    List<List<String>> batch = new ArrayList<>();
    for (Row row : rows) {
      List<String> literals = new ArrayList<>();
      for (int i = 0; i < written.size(); i++) {
        literals.add(dialect.literal(written.get(i), row.get(i)));
      }
      batch.add(literals);
      if (batch.size() == ROWS_PER_INSERT) {
        execute(dialect.insert(shape, spec, ids, batch));
        batch.clear();
      }
    }
    if (!batch.isEmpty()) {
      execute(dialect.insert(shape, spec, ids, batch));
    }
  }

  private void drop(String table) throws SQLException {
    Optional<String> sql = tableCase.dialect().dropPrivate(table);
    if (sql.isPresent()) {
      execute(sql.get());
    }
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      statement.execute(sql);
    }
  }
}
