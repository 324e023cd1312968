package io.zdmosc.mysql.shadow;

import io.zdmosc.mysql.catalog.ColumnInfo;
import io.zdmosc.mysql.sql.Sql;

/**
 * A column of the shadow table and where its values come from.
 *
 * @param column as it is in the shadow table
 * @param source the source column that it continues, or null for a new one
 * @param literal the value that all existing rows get in a new column, as SQL; on the way back, an
 *     expression over a row of the source. Null when the value is the source column itself, or when
 *     the server fills it in for each row
 */
public record MappedColumn(ColumnInfo column, ColumnInfo source, String literal) {

  /** True when the copy writes it. */
  public boolean isWritten() {
    return !column.isGenerated() && (source != null || literal != null);
  }

  /** Its value in terms of a row of the source. */
  public String expression(String sourceAlias) {
    return literal != null ? literal : sourceAlias + "." + Sql.name(source.name());
  }

  /** Definition of a column of this type for a temporary table, which takes NULL in any case. */
  public String nullable(String name) {
    return name + " " + column.definition() + " NULL DEFAULT NULL";
  }

  /** True when the assignment to the shadow converts between points in time and local times. */
  public boolean convertsTimestamp() {
    return isWritten() && source != null && source.isTimestamp() != column.isTimestamp();
  }

  /** True when a date of the source is converted to another type. */
  public boolean convertsDate() {
    return isWritten() && source != null && column.isTemporal() && !column.sameType(source);
  }
}
