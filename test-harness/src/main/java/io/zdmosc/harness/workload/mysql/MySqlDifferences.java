package io.zdmosc.harness.workload.mysql;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The query that finds what differs between two tables; all names come quoted.
 *
 * <p>There is no full join, and a private table may be named only once in a query. So the rows of
 * both are put together and grouped by key: a group that has not one row of each, or whose two rows
 * differ, is a difference.
 */
final class MySqlDifferences {
  private MySqlDifferences() {}

  /** Rows of equal keys are numbered, so that a second row of a key finds no partner. */
  static String query(String expected, String actual, List<String> columns, List<String> identity) {
    List<String> groups = aliases("g", identity.size());
    List<String> keys = aliases("k", identity.size());
    List<String> values = aliases("v", columns.size());
    List<String> selected = new ArrayList<>();
    selected.add(
        "CASE WHEN max(of_actual) = 0 THEN 'MISSING' WHEN min(of_actual) = 1 THEN 'EXTRA'"
            + " ELSE 'DIFFERENT' END");
    keys.forEach(key -> selected.add("max(" + key + ")"));
    for (String value : values) {
      selected.add(differs(value));
      selected.add(of(value, 0));
      selected.add(of(value, 1));
    }
    String different =
        values.stream().map(MySqlDifferences::differs).collect(Collectors.joining(" OR "));
    return "SELECT "
        + String.join(", ", selected)
        + " FROM ("
        + rows(expected, 0, columns, identity)
        + " UNION ALL "
        + rows(actual, 1, columns, identity)
        + ") AS both_tables GROUP BY "
        + String.join(", ", groups)
        + ", n HAVING count(*) <> 2 OR "
        + different;
  }

  private static String rows(
      String table, int ofActual, List<String> columns, List<String> identity) {
    List<String> selected = new ArrayList<>();
    selected.add(ofActual + " AS of_actual");
    selected.add("row_number() OVER (PARTITION BY " + String.join(", ", identity) + ") AS n");
    for (int i = 0; i < identity.size(); i++) {
      selected.add(identity.get(i) + " AS g" + i);
      selected.add(text(identity.get(i)) + " AS k" + i);
    }
    for (int i = 0; i < columns.size(); i++) {
      selected.add(text(columns.get(i)) + " AS v" + i);
    }
    return "SELECT " + String.join(", ", selected) + " FROM " + table;
  }

  /** Byte for byte, which is stricter than any collation: trailing blanks and zeros count. */
  private static String text(String column) {
    return "CAST(" + column + " AS BINARY)";
  }

  private static String of(String value, int ofActual) {
    return "max(CASE WHEN of_actual = " + ofActual + " THEN " + value + " END)";
  }

  private static String differs(String value) {
    return "NOT (" + of(value, 0) + " <=> " + of(value, 1) + ")";
  }

  private static List<String> aliases(String prefix, int count) {
    return IntStream.range(0, count).mapToObj(i -> prefix + i).toList();
  }
}
