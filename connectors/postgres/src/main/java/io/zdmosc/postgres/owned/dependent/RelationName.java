package io.zdmosc.postgres.owned.dependent;

import io.zdmosc.postgres.owned.TableName;
import io.zdmosc.postgres.sql.Sql;

/** A relation's name as the catalog has it. */
record RelationName(String schema, String name) {

  static RelationName of(TableName table) {
    return new RelationName(table.schema(), table.name());
  }

  /** Qualified and quoted. */
  String sql() {
    return Sql.name(schema, name);
  }
}
