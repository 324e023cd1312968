package io.zdmosc.postgres.shadow;

import static io.zdmosc.postgres.sql.Sql.name;

import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.postgres.alter.AlterAction;
import io.zdmosc.postgres.alter.SqlLexer;
import io.zdmosc.postgres.alter.Stage;
import io.zdmosc.postgres.catalog.ColumnInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
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
  /** Types that an assignment refuses to cut a value down to, and a cast does not. */
  private static final Pattern CUTTING = Pattern.compile("(character|bit)( varying)?\\(.*");

  private final String tableName;
  private final AddedColumns added;
  private final Map<Integer, Value> values = new LinkedHashMap<>();
  private boolean pristine = true;

  /** One column's value: an expression over the source, and the type it has by now. */
  private record Value(ColumnInfo source, String expression, boolean plain, String type) {

    /** Whether it is what the source has, and nothing has been done to it. */
    boolean isUntouched() {
      return plain && source.type().equals(type);
    }

    /** As a value of the type that it has by now. */
    String typed() {
      return isUntouched() ? expression : "(" + expression + ")::" + type;
    }
  }

  /**
   * @param added knows the values of columns that earlier statements have added
   * @param templateColumns the template's columns before the clause; the n-th continues the n-th
   *     column of the source
   */
  TransformTracker(
      String tableName,
      List<ColumnInfo> sourceColumns,
      List<ColumnInfo> templateColumns,
      AddedColumns added) {
    this.tableName = tableName;
    this.added = added;
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
   * @throws RefusedException when a value is needed in between that only ALTER TABLE could give
   */
  void stage(Stage stage, List<ColumnInfo> before, List<ColumnInfo> after) {
    Map<Integer, ColumnInfo> present =
        after.stream().collect(Collectors.toMap(ColumnInfo::number, c -> c));
    Map<Integer, Value> changed = new HashMap<>();
    for (ColumnInfo column : before) {
      Optional<Value> value = value(column);
      ColumnInfo now = present.get(column.number());
      if (value.isPresent() && now != null && !now.type().equals(column.type())) {
        changed.put(column.number(), convertedAgain(column, value.get()));
      }
    }
    for (AlterAction action : stage.actions()) {
      if (action instanceof AlterAction.ChangeType change && change.using().isPresent()) {
        int number = number(before, change.column());
        Value old = values.get(number);
        ColumnInfo source = old == null ? null : old.source();
        changed.put(number, new Value(source, using(change.using().get(), before), false, ""));
      }
    }
    values.putAll(changed);
    values.keySet().retainAll(present.keySet());
    values.replaceAll(
        (number, value) ->
            new Value(
                value.source(), value.expression(), value.plain(), present.get(number).type()));
    pristine = pristine && stillPristine(before, after);
  }

  /** What a column has before a statement; empty where only the server can fill it in. */
  private Optional<Value> value(ColumnInfo column) {
    Value value = values.get(column.number());
    if (value != null) {
      return Optional.of(value);
    }
    return added
        .expression(column.number())
        .map(expression -> new Value(null, expression, false, column.type()));
  }

  /** A second conversion is one of what the first has made. */
  private Value convertedAgain(ColumnInfo column, Value value) {
    if (value.isUntouched()) {
      return value;
    }
    boolean converted = values.containsKey(column.number());
    if (converted && CUTTING.matcher(value.type()).matches()) {
      throw RefusedException.of(
          "column " + column.name(),
          "is converted to " + value.type() + ", and then to another type by the same clause",
          "Leave the first conversion out, or make the second one later.");
    }
    return new Value(value.source(), value.typed(), false, value.type());
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
    List<String> row = new ArrayList<>();
    for (ColumnInfo column : before) {
      Optional<Value> value = value(column);
      if (value.isPresent()) {
        row.add(value.get().typed() + " AS " + name(column.name()));
      } else if (mentions(expression, column)) {
        throw RefusedException.of(
            "column " + column.name(),
            "is added by the clause, the server fills it in, and an expression after USING reads it",
            "Add it in a change of its own first.");
      }
    }
    return "(SELECT ("
        + expression
        + ") FROM (SELECT "
        + String.join(", ", row)
        + ") AS "
        + name(tableName)
        + ")";
  }

  private static boolean mentions(String expression, ColumnInfo column) {
    return SqlLexer.tokens(expression).stream()
        .anyMatch(token -> token.isName() && token.text().equals(column.name()));
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
