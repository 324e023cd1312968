package io.zdmosc.postgres.catalog;

import io.zdmosc.postgres.sql.Sql;

/**
 * A table by the catalog.
 *
 * @param kind {@code pg_class.relkind}
 * @param persistence {@code pg_class.relpersistence}
 * @param replicaIdentity {@code pg_class.relreplident}
 * @param options storage options as in {@code WITH (...)}, those of the out-of-line table included;
 *     empty for none
 * @param tablespace empty for the database's default
 * @param comment null for none
 */
public record TableInfo(
    long oid,
    String schema,
    String name,
    char kind,
    char persistence,
    char replicaIdentity,
    String owner,
    String accessMethod,
    String options,
    String tablespace,
    String comment,
    long rows,
    long tableBytes,
    long indexBytes) {

  /** True for one that has no rows of its own, but partitions. */
  public boolean isPartitioned() {
    return kind == 'p';
  }

  /** The quoted, qualified name. */
  public String sqlName() {
    return Sql.name(schema, name);
  }
}
