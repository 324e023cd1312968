package io.zdmosc.postgres.shadow;

import static io.zdmosc.postgres.sql.Sql.name;

import io.zdmosc.engine.error.Problem;
import io.zdmosc.postgres.catalog.ColumnInfo;
import java.util.List;

/**
 * Tables whose replica identity is the whole row. From PostgreSQL 18 on the server refuses the
 * application's updates and deletions where such a table is published and one of its generated
 * columns is not; virtual ones cannot be.
 */
final class WholeRowIdentity {
  private final SourceTable source;

  WholeRowIdentity(SourceTable source) {
    this.source = source;
  }

  /** What stands in the way of a publication of a plain table. */
  List<Problem> problems() {
    return source.table().replicaIdentity() == 'f'
        ? virtual("table " + source.table().sqlName(), source.table().sqlName())
        : List.of();
  }

  /** The same for a partition that has this identity. */
  List<Problem> problems(String schema, String partition) {
    String table = name(schema, partition);
    return virtual("partition " + table, table);
  }

  private List<Problem> virtual(String object, String table) {
    List<String> columns =
        source.columns().stream().filter(ColumnInfo::isVirtual).map(ColumnInfo::name).toList();
    if (columns.isEmpty()) {
      return List.of();
    }
    return List.of(
        new Problem(
            object,
            "has the replica identity FULL and virtual columns ("
                + String.join(", ", columns)
                + "): the change stream needs a publication, and with one the server refuses the"
                + " application's updates and deletions",
            "ALTER TABLE "
                + table
                + " REPLICA IDENTITY DEFAULT, or USING INDEX ...; or drop these columns first."));
  }
}
