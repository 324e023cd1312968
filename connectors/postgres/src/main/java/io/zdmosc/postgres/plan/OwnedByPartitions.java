package io.zdmosc.postgres.plan;

import io.zdmosc.engine.error.Problem;
import io.zdmosc.postgres.catalog.TableInfo;
import io.zdmosc.postgres.sql.Session;
import java.sql.SQLException;
import java.util.List;

/**
 * What hangs on a single partition of the table, and not on the table: it would be lost, so it is
 * refused by name.
 */
final class OwnedByPartitions {
  private static final String QUERY =
      """
      WITH p AS (SELECT c.oid, c.reltype, c.relrowsecurity OR c.relforcerowsecurity AS secured,
                        format('%I.%I', n.nspname, c.relname) AS name
                   FROM pg_partition_tree(?::oid::regclass) t JOIN pg_class c ON c.oid = t.relid
                   JOIN pg_namespace n ON n.oid = c.relnamespace WHERE t.level > 0)
      SELECT DISTINCT p.name, pg_describe_object(d.classid, d.objid, d.objsubid)
        FROM p JOIN pg_depend d ON d.deptype IN ('n', 'a')
         AND (d.refclassid = 'pg_class'::regclass AND d.refobjid = p.oid
              OR d.refclassid = 'pg_type'::regclass AND d.refobjid IN (p.reltype,
                 (SELECT typarray FROM pg_type WHERE oid = p.reltype)))
       WHERE NOT (d.classid = 'pg_class'::regclass AND d.objid = p.oid)
         AND d.classid NOT IN ('pg_constraint'::regclass, 'pg_attrdef'::regclass)
         AND NOT (d.classid = 'pg_class'::regclass AND EXISTS (
               SELECT FROM pg_class o WHERE o.oid = d.objid
                  AND (o.relkind IN ('i', 'I', 'S', 't') OR o.relispartition AND EXISTS (
                       SELECT FROM pg_inherits h
                        WHERE h.inhrelid = o.oid AND h.inhparent = p.oid))))
         AND NOT (d.classid = 'pg_trigger'::regclass AND EXISTS (
               SELECT FROM pg_trigger g WHERE g.oid = d.objid
                  AND (g.tgisinternal OR g.tgparentid <> 0)))
         AND NOT (d.classid = 'pg_type'::regclass AND d.objid IN (p.reltype,
               (SELECT typarray FROM pg_type WHERE oid = p.reltype)))
      UNION ALL SELECT p.name, format('foreign key %I of %s', k.conname, k.conrelid::regclass)
        FROM p JOIN pg_constraint k ON k.confrelid = p.oid AND k.contype = 'f' AND k.conparentid = 0
      UNION ALL SELECT name, 'row-level security' FROM p WHERE secured
      UNION ALL SELECT p.name, 'security label of ' || l.provider
        FROM p JOIN pg_seclabel l ON l.classoid = 'pg_class'::regclass AND l.objoid = p.oid
      UNION ALL SELECT p.name, 'membership in extension ' || e.extname
        FROM p JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = p.oid
         AND d.deptype = 'e' AND d.refclassid = 'pg_extension'::regclass
        JOIN pg_extension e ON e.oid = d.refobjid
       ORDER BY 1, 2""";

  private OwnedByPartitions() {}

  static List<Problem> problems(Session session, TableInfo table) throws SQLException {
    return session.query(
        QUERY,
        row ->
            new Problem(
                "partition " + row.getString(1),
                "has " + row.getString(2) + " of its own, which cannot be carried over yet",
                "Drop it and create it again afterwards."),
        table.oid());
  }
}
