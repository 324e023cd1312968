package io.zdmosc.postgres.shadow;

import static io.zdmosc.postgres.sql.Sql.literal;

import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.postgres.catalog.ColumnInfo;
import io.zdmosc.postgres.sql.Session;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Values of columns that the clause adds.
 *
 * <p>As in the server's own ALTER TABLE, a default that is not volatile is evaluated once, so that
 * all existing rows get the same value, and a later change of the default does not matter to them.
 * A volatile default is evaluated by the server for each row that is written.
 */
final class AddedColumns {
  private final Session session;
  private final Map<Integer, Value> values = new HashMap<>();

  /** The expression, or null when the server fills the column in. */
  private record Value(String expression) {}

  AddedColumns(Session session) {
    this.session = session;
  }

  /** Takes in the columns that appeared in a statement, with the defaults that they have now. */
  void appeared(List<ColumnInfo> before, List<ColumnInfo> after) throws SQLException {
    for (ColumnInfo column : after) {
      boolean isNew = before.stream().noneMatch(old -> old.number() == column.number());
      if (isNew) {
        values.put(column.number(), value(column));
      }
    }
  }

  private Value value(ColumnInfo column) throws SQLException {
    if (column.isGenerated() || column.isIdentity()) {
      return new Value(null);
    }
    if (column.defaultExpression() == null) {
      return new Value("NULL::" + column.type());
    }
    if (column.volatileDefault()) {
      return new Value(null);
    }
    String text =
        session
            .text("SELECT ((" + column.defaultExpression() + ")::" + column.type() + ")::text")
            .orElse(null);
    return new Value((text == null ? "NULL" : literal(text)) + "::" + column.type());
  }

  /** What existing rows have in a column that has appeared; empty where the server fills it in. */
  Optional<String> expression(int number) {
    return Optional.ofNullable(values.get(number)).map(Value::expression);
  }

  MappedColumn map(ColumnInfo column) {
    Value value = values.get(column.number());
    String expression = value == null ? null : value.expression();
    boolean omitted = expression == null && !column.isGenerated();
    if (expression != null && expression.startsWith("NULL::") && column.notNull()) {
      throw RefusedException.of(
          "column " + column.name(),
          "is NOT NULL but has no default that existing rows could get",
          "Add it with a DEFAULT, or without NOT NULL.");
    }
    return new MappedColumn(column, null, expression, false, !omitted);
  }
}
