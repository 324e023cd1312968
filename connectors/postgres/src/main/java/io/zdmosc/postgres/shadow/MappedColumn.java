package io.zdmosc.postgres.shadow;

import io.zdmosc.postgres.catalog.ColumnInfo;

/**
 * A column of the shadow table and where its values come from.
 *
 * @param column as it is in the shadow table
 * @param source the source column that it continues, or null for a new one
 * @param expression its value, in terms of the source table aliased by its own name; null when the
 *     server fills it in
 * @param plain true when the expression is nothing but the source column
 * @param repeatable false when the expression gives another value each time, or when the server
 *     fills the column in, so that it cannot be compared
 */
public record MappedColumn(
    ColumnInfo column, ColumnInfo source, String expression, boolean plain, boolean repeatable) {

  /** True when the copy writes it. */
  public boolean isWritten() {
    return expression != null && !column.isGenerated();
  }

  /** True when verification looks at it. */
  public boolean isCompared() {
    return isWritten() && repeatable;
  }

  /** The expression as a value of the column's own type, as the assignment gives it. */
  public String typedExpression() {
    return plain && source.type().equals(column.type())
        ? expression
        : "(" + expression + ")::" + column.type();
  }
}
