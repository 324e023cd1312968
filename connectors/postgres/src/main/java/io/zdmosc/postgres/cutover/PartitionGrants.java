package io.zdmosc.postgres.cutover;

import static io.zdmosc.postgres.sql.Sql.literal;
import static io.zdmosc.postgres.sql.Sql.name;

import io.zdmosc.postgres.catalog.Catalog;
import io.zdmosc.postgres.catalog.ColumnInfo;
import io.zdmosc.postgres.partition.Partition;
import io.zdmosc.postgres.shadow.Grants;
import io.zdmosc.postgres.shadow.MappedColumn;
import io.zdmosc.postgres.shadow.RetiredNames;
import io.zdmosc.postgres.shadow.Working;
import io.zdmosc.postgres.sql.Session;
import io.zdmosc.postgres.sql.Sql;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Privileges on partitions, and comments on them, may have changed since the swap; they go back
 * with the partitions. There may be hundreds, so one look finds those that differ.
 */
final class PartitionGrants {
  private static final String CHANGED =
      """
      SELECT a.oid::bigint, b.oid::bigint, p.old, obj_description(a.oid, 'pg_class')
        FROM unnest(?::text[], ?::text[]) AS p(served, old)
        JOIN pg_class a ON a.oid = to_regclass(p.served)
        JOIN pg_class b ON b.oid = to_regclass(p.old)
       WHERE ARRAY(SELECT x::text FROM unnest(coalesce(a.relacl, acldefault('r', a.relowner))) AS x
                    ORDER BY 1)
             <> ARRAY(SELECT x::text FROM unnest(coalesce(b.relacl, acldefault('r', b.relowner))) AS x
                       ORDER BY 1)
          OR obj_description(a.oid, 'pg_class') IS DISTINCT FROM obj_description(b.oid, 'pg_class')
          OR EXISTS (SELECT FROM unnest(?::text[], ?::text[]) AS c(served, old)
                       JOIN pg_attribute x ON x.attrelid = a.oid AND x.attname = c.served
                       JOIN pg_attribute y ON y.attrelid = b.oid AND y.attname = c.old
                      WHERE ARRAY(SELECT i::text FROM unnest(x.attacl) AS i ORDER BY 1)
                            <> ARRAY(SELECT i::text FROM unnest(y.attacl) AS i ORDER BY 1))\
      """;

  private final Session session;
  private final Working forth;

  PartitionGrants(Session session, Working forth) {
    this.session = session;
    this.forth = forth;
  }

  /** A partition on which something was said or granted since. */
  private record Changed(long served, long old, String oldSql, String comment) {}

  /** Before the old ones have their names again. */
  void carryBack() throws SQLException {
    RetiredNames names = new RetiredNames(forth);
    List<String> served = new ArrayList<>();
    List<String> old = new ArrayList<>();
    for (Partition partition : forth.spec().partitions()) {
      if (partition.goesOn()) {
        served.add(forth.servedPartition(partition));
        String schema = forth.isApart() ? forth.retiredSchema() : partition.schema();
        old.add(name(schema, names.partition(partition)));
      }
    }
    if (served.isEmpty()) {
      return;
    }
    Map<String, String> columns = columns();
    List<Changed> changed =
        session.query(
            CHANGED,
            row -> new Changed(row.getLong(1), row.getLong(2), row.getString(3), row.getString(4)),
            Sql.array(served),
            Sql.array(old),
            Sql.array(List.copyOf(columns.values())),
            Sql.array(List.copyOf(columns.keySet())));
    for (Changed each : changed) {
      carryBack(each, columns);
    }
  }

  /** The names of columns that the old table has, with those that they have in the new one. */
  private Map<String, String> columns() {
    Map<String, String> columns = new LinkedHashMap<>();
    for (ColumnInfo column : forth.source().columns()) {
      forth
          .spec()
          .continuing(column.number())
          .map(MappedColumn::column)
          .ifPresent(now -> columns.put(column.name(), now.name()));
    }
    return columns;
  }

  private void carryBack(Changed partition, Map<String, String> columns) throws SQLException {
    Grants grants = new Grants(session);
    grants.copyRelation(partition.served(), partition.old(), "TABLE", partition.oldSql());
    Catalog catalog = new Catalog(session);
    Map<String, Integer> numbers = new LinkedHashMap<>();
    catalog
        .columns(partition.served())
        .forEach(column -> numbers.put(column.name(), column.number()));
    for (ColumnInfo column : catalog.columns(partition.old())) {
      String served = columns.get(column.name());
      if (served != null) {
        grants.revokeColumn(partition.old(), column.number(), partition.oldSql(), column.name());
        grants.copyColumn(
            partition.served(), numbers.get(served), partition.oldSql(), column.name());
      }
    }
    session.execute(
        "COMMENT ON TABLE "
            + partition.oldSql()
            + " IS "
            + (partition.comment() == null ? "NULL" : literal(partition.comment())));
  }
}
