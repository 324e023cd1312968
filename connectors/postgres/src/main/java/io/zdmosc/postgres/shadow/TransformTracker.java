package io.zdmosc.postgres.shadow;

import static io.zdmosc.postgres.sql.Sql.name;

import io.zdmosc.postgres.alter.AlterAction;
import io.zdmosc.postgres.alter.Stage;
import io.zdmosc.postgres.catalog.ColumnInfo;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Follows each column through the clause, by its {@code attnum}, which survives renames, and knows
 * its value in terms of the source row.
 *
 * <p>An expression after {@code USING} sees the row as it was before its statement, under the names
 * of that moment. While nothing has been renamed or converted yet, that row is the source row and
 * the expression can be taken as it is; later it is given a row of its own in a scalar subquery.
 */
final class TransformTracker {
  private final String tableName;
  private final Map<Integer, Value> values = new LinkedHashMap<>();
  private boolean pristine = true;

  /** One column's value: an expression over the source, and the type it has by now. */
  private record Value(ColumnInfo source, String expression, boolean plain, String type) {}

  /**
   * @param templateColumns the template's columns before the clause; the n-th continues the n-th
   *     column of the source
   */
  TransformTracker(
      String tableName, List<ColumnInfo> sourceColumns, List<ColumnInfo> templateColumns) {
    this.tableName = tableName;
    for (int i = 0; i < sourceColumns.size(); i++) {
      ColumnInfo source = sourceColumns.get(i);
      String expression = name(tableName) + "." + name(source.name());
      values.put(
          templateColumns.get(i).number(), new Value(source, expression, true, source.type()));
    }
  }

  /**
   * Takes in one statement of the clause.
   *
   * @param before the columns before it ran
   * @param after the columns after it ran
   */
  void stage(Stage stage, List<ColumnInfo> before, List<ColumnInfo> after) {
    Map<Integer, Value> changed = new HashMap<>();
    for (AlterAction action : stage.actions()) {
      if (action instanceof AlterAction.ChangeType change && change.using().isPresent()) {
        int number = number(before, change.column());
        Value old = values.get(number);
        ColumnInfo source = old == null ? null : old.source();
        changed.put(number, new Value(source, using(change.using().get(), before), false, ""));
      }
    }
    values.putAll(changed);
    Map<Integer, ColumnInfo> present =
        after.stream().collect(Collectors.toMap(ColumnInfo::number, c -> c));
    values.keySet().retainAll(present.keySet());
    values.replaceAll(
        (number, value) ->
            new Value(
                value.source(), value.expression(), value.plain(), present.get(number).type()));
    pristine = pristine && stillPristine(before, after);
  }

  private static int number(List<ColumnInfo> columns, String column) {
    return columns.stream()
        .filter(c -> c.name().equals(column))
        .findFirst()
        .map(ColumnInfo::number)
        .orElseThrow(() -> new IllegalStateException("no column " + column));
  }

  private String using(String expression, List<ColumnInfo> before) {
    if (pristine) {
      return "(" + expression + ")";
    }
    String row =
        before.stream()
            .map(column -> inRow(column) + " AS " + name(column.name()))
            .collect(Collectors.joining(", "));
    return "(SELECT (" + expression + ") FROM (SELECT " + row + ") AS " + name(tableName) + ")";
  }

  private String inRow(ColumnInfo column) {
    Value value = values.get(column.number());
    if (value == null) {
      return "NULL::" + column.type();
    }
    boolean same = value.plain() && value.source().type().equals(value.type());
    return same ? value.expression() : "(" + value.expression() + ")::" + value.type();
  }

  private static boolean stillPristine(List<ColumnInfo> before, List<ColumnInfo> after) {
    Map<Integer, ColumnInfo> present =
        after.stream().collect(Collectors.toMap(ColumnInfo::number, c -> c));
    return before.stream()
            .allMatch(
                column -> {
                  ColumnInfo now = present.get(column.number());
                  return now != null
                      && now.name().equals(column.name())
                      && now.type().equals(column.type());
                })
        && after.size() == before.size();
  }

  /**
   * The column as it came out; for a new one the caller says where its value comes from.
   *
   * @return null for a column that the clause added
   */
  MappedColumn continued(ColumnInfo column) {
    Value value = values.get(column.number());
    if (value == null) {
      return null;
    }
    return new MappedColumn(column, value.source(), value.expression(), value.plain(), true);
  }
}
