package io.zdmosc.mysql.catalog;

import io.zdmosc.mysql.sql.Sql;

/**
 * A table by the information schema.
 *
 * @param schema its database
 * @param type {@code BASE TABLE}, {@code VIEW}, {@code SYSTEM VERSIONED} and the like
 * @param engine its storage engine; empty for a view
 * @param created when it was made, by the server's words
 * @param autoIncrement the next value; empty without such a column
 * @param rows estimated
 * @param tableBytes its clustered index
 * @param indexBytes all other indexes
 */
public record TableInfo(
    String schema,
    String name,
    String type,
    String engine,
    String created,
    String autoIncrement,
    long rows,
    long tableBytes,
    long indexBytes) {

  /** The quoted, qualified name. */
  public String sqlName() {
    return Sql.name(schema, name);
  }
}
