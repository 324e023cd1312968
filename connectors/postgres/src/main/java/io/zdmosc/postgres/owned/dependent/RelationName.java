package io.zdmosc.postgres.owned.dependent;

import io.zdmosc.postgres.sql.Sql;

/** A relation's name as the catalog has it. */
record RelationName(String schema, String name) {

  /** Qualified and quoted. */
  String sql() {
    return Sql.name(schema, name);
  }
}
