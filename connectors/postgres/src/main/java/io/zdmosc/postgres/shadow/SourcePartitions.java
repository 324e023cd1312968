package io.zdmosc.postgres.shadow;

import static io.zdmosc.postgres.sql.Sql.name;

import io.zdmosc.engine.error.Problem;
import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.postgres.catalog.Catalog;
import io.zdmosc.postgres.catalog.IndexPartsSql;
import io.zdmosc.postgres.catalog.TableInfo;
import io.zdmosc.postgres.partition.Partition;
import io.zdmosc.postgres.partition.PartitionLayout;
import io.zdmosc.postgres.sql.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads into what a partitioned table is cut, so that its template is cut in the same way. */
final class SourcePartitions {
  /**
   * What a partition may have of its own, without names that depend on the schema, and without its
   * grants, triggers and foreign keys.
   */
  private static final String OWN =
      """
      SELECT 'columns', md5(string_agg(ROW(a.attname,
               a.atttypid, a.atttypmod, a.attcollation, a.attnotnull, a.attidentity, a.attgenerated,
               a.attstorage, a.attcompression, nullif(a.attstattarget, -1), a.attoptions,
               pg_get_expr(d.adbin, d.adrelid), col_description(a.attrelid, a.attnum))::text, ','
               ORDER BY a.attname))
        FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
       WHERE a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
      UNION ALL SELECT 'indexes or settings of indexes', md5(string_agg(x::text, ',' ORDER BY x::text))
        FROM (SELECT substring(pg_get_indexdef(i.indexrelid) FROM ' USING .*'), i.indisunique,
                     i.indisprimary, i.indisvalid, i.indisclustered, i.indisreplident, c.reltablespace,
                     obj_description(c.oid, 'pg_class')
                FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
               WHERE i.indrelid = t.oid AND (i.indisvalid OR c.relkind = 'I')) AS x
      UNION ALL SELECT 'constraints', md5(string_agg(x::text, ',' ORDER BY x::text))
        FROM (SELECT CASE WHEN contype = 'c' OR contype = 'n' AND coninhcount = 0
                     THEN conname END, contype,
                     pg_get_constraintdef(oid), convalidated, obj_description(oid, 'pg_constraint')
                FROM pg_constraint
               WHERE conrelid = t.oid AND contype NOT IN ('t', 'f')) AS x
      """;

  /** The first version in which partitions have their table's identity columns. */
  private static final int IDENTITY_FROM_ABOVE = 170000;

  private final Session session;
  private final TableInfo table;

  SourcePartitions(Session session, TableInfo table) {
    this.session = session;
    this.table = table;
  }

  /**
   * The layout of the table.
   *
   * @throws RefusedException naming the partitions that cannot be carried over
   */
  PartitionLayout read() throws SQLException {
    Catalog catalog = new Catalog(session);
    List<Problem> problems = new ArrayList<>();
    List<Partition> partitions = new ArrayList<>();
    for (Partition bare : bounds()) {
      TableInfo info = catalog.table(bare.source()).orElseThrow();
      refusal(info, problems);
      partitions.add(
          new Partition(
              bare.name(),
              bare.bound(),
              storage(info),
              bare.source(),
              bare.parent(),
              bare.key(),
              bare.indexes(),
              info.schema()));
    }
    names(partitions, problems);
    rights(problems);
    if (!problems.isEmpty()) {
      throw new RefusedException(problems);
    }
    String key = session.text("SELECT pg_get_partkeydef(?::oid)", table.oid()).orElseThrow();
    return new PartitionLayout(key, partitions);
  }

  /** Of all levels, the higher ones first. */
  private List<Partition> bounds() throws SQLException {
    return session.query(
        """
        SELECT c.relname, pg_get_expr(c.relpartbound, c.oid), c.oid::bigint,
               CASE WHEN t.level > 1 THEN p.relname END,
               CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END,
               ARRAY(SELECT x.relname::text FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
                      WHERE i.indrelid = c.oid ORDER BY x.oid)
          FROM pg_partition_tree(?::oid::regclass) t
          JOIN pg_class c ON c.oid = t.relid JOIN pg_class p ON p.oid = t.parentrelid
         WHERE t.level > 0 ORDER BY t.level, c.oid""",
        row ->
            new Partition(
                row.getString(1),
                row.getString(2),
                "",
                row.getLong(3),
                row.getString(4),
                row.getString(5),
                List.of((String[]) row.getArray(6).getArray()),
                null),
        table.oid());
  }

  private void refusal(TableInfo info, List<Problem> problems) {
    String why = null;
    if (info.kind() == 'f') {
      why = "is a foreign table";
    } else if (info.persistence() != 'p') {
      why = "is not logged, so its changes cannot be streamed";
    }
    if (why != null) {
      problems.add(new Problem("partition " + info.sqlName(), why, "Change or detach it first."));
    }
  }

  /** On their way all of them stand in one schema, and so do their empty copies. */
  private void names(List<Partition> partitions, List<Problem> problems) throws SQLException {
    Set<String> known = new HashSet<>(Set.of(table.name()));
    for (Partition partition : partitions) {
      if (!known.add(partition.name())) {
        problems.add(
            new Problem(
                "partition " + name(partition.schema(), partition.name()),
                "has the name of its table or of another partition in another schema",
                "Rename it."));
      }
    }
    List<String> several =
        session.query(
            """
            SELECT c.relname FROM pg_partition_tree(?::oid::regclass) t
              JOIN pg_index i ON i.indrelid = t.relid JOIN pg_class c ON c.oid = i.indexrelid
             WHERE t.level = 0 OR %s GROUP BY c.relname HAVING count(*) > 1 ORDER BY 1"""
                .formatted(IndexPartsSql.IS_OWN),
            row -> row.getString(1),
            table.oid());
    for (String index : several) {
      problems.add(
          new Problem(
              "index " + index,
              "is the name of several indexes of the table and its partitions, in other schemas",
              "Rename all but one."));
    }
  }

  /** Each new partition goes where the old one stands. */
  private void rights(List<Problem> problems) throws SQLException {
    String role = session.text("SELECT current_user").orElseThrow();
    List<String> closed =
        session.query(
            """
            SELECT DISTINCT n.nspname FROM pg_partition_tree(?::oid::regclass) t
              JOIN pg_class c ON c.oid = t.relid JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE t.level > 0 AND NOT has_schema_privilege(n.oid, 'CREATE') ORDER BY 1""",
            row -> row.getString(1),
            table.oid());
    for (String schema : closed) {
      problems.add(
          new Problem(
              "role " + role,
              "may not create tables in schema " + schema + ", where partitions stand",
              "GRANT CREATE ON SCHEMA " + name(schema) + " TO " + name(role) + "."));
    }
  }

  static String storage(TableInfo info) {
    StringBuilder sql = new StringBuilder();
    if (!info.accessMethod().isEmpty()) {
      sql.append(" USING ").append(name(info.accessMethod()));
    }
    if (!info.options().isEmpty()) {
      sql.append(" WITH (").append(info.options()).append(")");
    }
    if (!info.tablespace().isEmpty()) {
      sql.append(" TABLESPACE ").append(name(info.tablespace()));
    }
    return sql.toString();
  }

  /**
   * What a partition still has beyond what its template has got would be lost.
   *
   * @param schema of the template, before the clause has run
   * @throws RefusedException naming what differs
   */
  void refuseOwn(PartitionLayout layout, String schema) throws SQLException {
    List<Problem> problems = new ArrayList<>();
    String aspects = aspects();
    for (Partition partition : layout.partitions()) {
      long made = new Catalog(session).resolve(name(schema, partition.name())).orElseThrow();
      List<String> differing =
          session.query(
              "SELECT a.aspect FROM (SELECT o.* FROM (SELECT ?::oid AS oid) AS t, LATERAL ("
                  + aspects
                  + ") AS o) AS a (aspect, hash), (SELECT o.* FROM (SELECT ?::oid AS oid) AS t,"
                  + " LATERAL ("
                  + aspects
                  + ") AS o) AS b (aspect, hash)"
                  + " WHERE a.aspect = b.aspect AND a.hash IS DISTINCT FROM b.hash",
              row -> row.getString(1),
              partition.source(),
              made);
      for (String aspect : differing) {
        problems.add(
            new Problem(
                "partition " + name(partition.schema(), partition.name()),
                "has " + aspect + " of its own in a way that cannot be carried over",
                "Make it like its table first, or change the partition by itself."));
      }
    }
    if (!problems.isEmpty()) {
      throw new RefusedException(problems);
    }
  }

  /**
   * What identity a table has from its own table comes to it, and its partitions, with the swap.
   */
  private String aspects() throws SQLException {
    boolean fromAbove =
        session.test(
            "SELECT relispartition AND current_setting('server_version_num')::int >= "
                + IDENTITY_FROM_ABOVE
                + " FROM pg_class WHERE oid = ?::oid",
            table.oid());
    return fromAbove ? OWN.replace("a.attidentity, ", "") : OWN;
  }
}
