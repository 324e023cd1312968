package io.zdmosc.mysql.sql;

/** The name of a table with its database. */
public record QualifiedName(String schema, String name) {
  /** Quoted. */
  public String sql() {
    return Sql.name(schema, name);
  }
}
