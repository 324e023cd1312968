package io.zdmosc.postgres.shadow;

import static io.zdmosc.postgres.sql.Sql.name;

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
 * @param forth the source column itself where the way back converts it: the two are compared as
 *     values of the source, since a value may have more digits here than the way there has kept;
 *     null where they are compared as values of this column
 */
public record MappedColumn(
    ColumnInfo column,
    ColumnInfo source,
    String expression,
    boolean plain,
    boolean repeatable,
    String forth) {

  /** Compared as a value of its own. */
  public MappedColumn(
      ColumnInfo column, ColumnInfo source, String expression, boolean plain, boolean repeatable) {
    this(column, source, expression, plain, repeatable, null);
  }

  /** The same for the column of a table that was built again. */
  MappedColumn as(ColumnInfo rebuilt) {
    return new MappedColumn(rebuilt, source, expression, plain, repeatable, forth);
  }

  /** True when the copy writes it. */
  public boolean isWritten() {
    return expression != null && !column.isGenerated();
  }

  /** True when verification looks at it. */
  public boolean isCompared() {
    return isWritten() && repeatable;
  }

  /** The column as a value of whose type the two sides are compared. */
  public ColumnInfo comparedAs() {
    return forth == null ? column : source;
  }

  /** What the source has, to be compared. */
  public String comparedSource() {
    return forth == null ? typedExpression() : forth;
  }

  /** What the shadow has, to be compared. */
  public String comparedShadow(String alias) {
    String value = alias + "." + name(column.name());
    return forth == null ? value : "(" + value + ")::" + source.type();
  }

  /** The expression as a value of the column's own type, as the assignment gives it. */
  public String typedExpression() {
    return plain && source.type().equals(column.type())
        ? expression
        : "(" + expression + ")::" + column.type();
  }
}
