package io.zdmosc.harness.workload.check;

import io.zdmosc.harness.workload.check.Difference.Kind;
import io.zdmosc.harness.workload.check.Difference.Values;
import io.zdmosc.harness.workload.model.RowId;
import io.zdmosc.harness.workload.table.SqlDialect;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Joins the expected rows with those of the table, and reads what differs. Used once. */
final class Comparison {
  private final Connection connection;
  private final SqlDialect dialect;
  private final int maxDifferences;
  private final List<Difference> differences = new ArrayList<>();
  private long missing;
  private long extra;
  private long different;

  Comparison(Connection connection, SqlDialect dialect, int maxDifferences) {
    this.connection = connection;
    this.dialect = dialect;
    this.maxDifferences = maxDifferences;
  }

  CheckReport run(String table, List<String> columns, List<String> identity, Set<RowId> unresolved)
      throws SQLException {
    String sql = dialect.differences(Expectation.TABLE, table, columns, identity);
    try (Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      statement.setFetchSize(100);
      try (ResultSet rows = statement.executeQuery(sql)) {
        while (rows.next()) {
          read(rows, columns, identity.size());
        }
      }
    }
    return new CheckReport(
        count(Expectation.TABLE),
        count(table),
        List.of(),
        missing,
        extra,
        different,
        List.copyOf(differences),
        unresolved);
  }

  private void read(ResultSet rows, List<String> columns, int keyLength) throws SQLException {
    Kind kind = Kind.valueOf(rows.getString(1));
    switch (kind) {
      case MISSING -> missing++;
      case EXTRA -> extra++;
      case DIFFERENT -> different++;
    }
    if (differences.size() >= maxDifferences) {
      return;
    }
    List<String> key = new ArrayList<>();
    for (int i = 0; i < keyLength; i++) {
      key.add(rows.getString(2 + i));
    }
    Map<String, Values> values = new LinkedHashMap<>();
    if (kind == Kind.DIFFERENT) {
      int at = 2 + keyLength;
      for (String column : columns) {
        if (rows.getBoolean(at)) {
          values.put(column, new Values(rows.getString(at + 1), rows.getString(at + 2)));
        }
        at += 3;
      }
    }
    differences.add(new Difference(kind, key, values));
  }

  private long count(String table) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT count(*) FROM " + dialect.quote(table))) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
