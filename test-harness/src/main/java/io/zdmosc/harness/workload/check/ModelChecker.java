package io.zdmosc.harness.workload.check;

import static java.util.Objects.requireNonNull;

import io.zdmosc.harness.workload.model.Model;
import io.zdmosc.harness.workload.table.ColumnMapping;
import io.zdmosc.harness.workload.table.TableCase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Compares a table with the model.
 *
 * <p>The server does the work: the model's rows are loaded into a private table of the source's
 * shape, the change's expressions are evaluated over it into a second one with the types and
 * collations of the table that is checked, and the two are joined by key. Values are equal if their
 * texts are the same byte for byte, so NULL is not the empty text, 1.0 is not 1.00, and a
 * collation's opinion does not matter. A second row of the same key is extra.
 *
 * <p>Nobody may write while a check runs. Stateless and thread-safe.
 */
public final class ModelChecker {
  private static final int MAX_DIFFERENCES = 50;

  private ModelChecker() {}

  /** Checks the table before the change: it must hold the model's rows as they are. */
  public static CheckReport checkSource(Connection connection, TableCase tableCase, Model model)
      throws SQLException {
    List<ColumnMapping> mapping = Expectation.unchanged(tableCase);
    List<String> identity =
        tableCase.table().keyIds().stream().map(id -> tableCase.table().column(id).name()).toList();
    return check(connection, tableCase.table().name(), tableCase, model, mapping, identity);
  }

  /** Checks the table after the change: it must hold the change's view of the model's rows. */
  public static CheckReport check(
      Connection connection, String table, TableCase tableCase, Model model) throws SQLException {
    return check(
        connection,
        table,
        tableCase,
        model,
        tableCase.change().mapping(),
        tableCase.change().identity());
  }

  private static CheckReport check(
      Connection connection,
      String table,
      TableCase tableCase,
      Model model,
      List<ColumnMapping> mapping,
      List<String> identity)
      throws SQLException {
    requireNonNull(connection, "connection is null");
    List<String> problems = shapeProblems(connection, table, tableCase, mapping);
    if (!problems.isEmpty()) {
      return new CheckReport(model.size(), -1, problems, 0, 0, 0, List.of(), model.unresolved());
    }
    boolean autoCommit = connection.getAutoCommit();
    connection.setAutoCommit(false);
    try {
      Expectation expectation = new Expectation(connection, tableCase, mapping);
      expectation.load(table, model.rows().values());
      Comparison comparison = new Comparison(connection, tableCase.dialect(), MAX_DIFFERENCES);
      return comparison.run(table, expectation.comparedColumns(), identity, model.unresolved());
    } finally {
      connection.rollback();
      connection.setAutoCommit(autoCommit);
    }
  }

  private static List<String> shapeProblems(
      Connection connection, String table, TableCase tableCase, List<ColumnMapping> mapping)
      throws SQLException {
    Set<String> actual =
        new LinkedHashSet<>(tableCase.dialect().columns(connection, table).keySet());
    if (actual.isEmpty()) {
      return List.of("there is no table " + table);
    }
    List<String> problems = new ArrayList<>();
    for (ColumnMapping column : mapping) {
      if (!actual.remove(column.target())) {
        problems.add("column " + column.target() + " is absent");
      }
    }
    actual.forEach(name -> problems.add("column " + name + " should not be there"));
    return problems;
  }
}
