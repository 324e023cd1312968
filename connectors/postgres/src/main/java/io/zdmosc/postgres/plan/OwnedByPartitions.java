package io.zdmosc.postgres.plan;

import io.zdmosc.engine.error.Problem;
import io.zdmosc.postgres.catalog.TableInfo;
import io.zdmosc.postgres.sql.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * What hangs on a single partition of the table, and not on the table: it would be lost, so it is
 * refused by name.
 */
final class OwnedByPartitions {
  private static final String QUERY =
      """
      WITH p AS (SELECT c.oid, c.reltype, format('%I.%I', n.nspname, c.relname) AS name
                   FROM pg_partition_tree(?::oid::regclass) t JOIN pg_class c ON c.oid = t.relid
                   JOIN pg_namespace n ON n.oid = c.relnamespace
                  WHERE t.level > 0)
      SELECT DISTINCT p.name, pg_describe_object(d.classid, d.objid, d.objsubid)
        FROM p JOIN pg_depend d ON d.deptype IN ('n', 'a')
         AND (d.refclassid = 'pg_class'::regclass AND d.refobjid = p.oid
              OR d.refclassid = 'pg_type'::regclass AND d.refobjid IN (p.reltype,
                 (SELECT typarray FROM pg_type WHERE oid = p.reltype)))
       WHERE NOT (d.classid = 'pg_class'::regclass
                  AND (d.objid = p.oid OR d.refclassid = 'pg_type'::regclass AND d.objsubid > 0))
         AND d.classid NOT IN ('pg_constraint'::regclass, 'pg_attrdef'::regclass,
               'pg_publication_rel'::regclass, 'pg_statistic_ext'::regclass, 'pg_rewrite'::regclass,
               'pg_policy'::regclass, 'pg_proc'::regclass, 'pg_trigger'::regclass)
         AND NOT (d.classid = 'pg_class'::regclass AND EXISTS (
               SELECT FROM pg_class o WHERE o.oid = d.objid
                  AND (o.relkind IN ('i', 'I', 'S', 't') OR o.relispartition AND EXISTS (
                       SELECT FROM pg_inherits h
                        WHERE h.inhrelid = o.oid AND h.inhparent = p.oid))))
         AND NOT (d.classid = 'pg_type'::regclass AND d.objid IN (p.reltype,
               (SELECT typarray FROM pg_type WHERE oid = p.reltype)))
      UNION ALL SELECT p.name, 'membership in extension ' || e.extname
        FROM p JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = p.oid
         AND d.deptype = 'e' AND d.refclassid = 'pg_extension'::regclass
        JOIN pg_extension e ON e.oid = d.refobjid
       ORDER BY 1, 2""";

  private static final String OF_ROW_TYPE =
      """
      SELECT DISTINCT t.relid::regclass::text, pg_describe_object(d.classid, d.objid, d.objsubid)
        FROM pg_partition_tree(?::oid::regclass) t
        JOIN pg_class c ON c.oid = t.relid JOIN pg_type y ON y.oid = c.reltype
        JOIN pg_depend d ON d.refclassid = 'pg_type'::regclass AND d.refobjid IN (y.oid, y.typarray)
       WHERE t.level > 0 AND d.classid = 'pg_class'::regclass AND d.objsubid > 0
         AND d.deptype IN ('n', 'a')
       ORDER BY 1, 2""";

  private OwnedByPartitions() {}

  static List<Problem> problems(Session session, TableInfo table) throws SQLException {
    List<Problem> problems = new ArrayList<>(ofRowType(session, table));
    problems.addAll(others(session, table));
    return problems;
  }

  /** As the table's own, which are refused elsewhere. */
  private static List<Problem> ofRowType(Session session, TableInfo table) throws SQLException {
    return session.query(
        OF_ROW_TYPE,
        row ->
            new Problem(
                "partition " + row.getString(1),
                "has values of its row type in " + row.getString(2),
                "They are of the old partition's type, and would hold it fast. Change the column's"
                    + " type first, as by ALTER COLUMN ... TYPE jsonb USING to_jsonb(...)."),
        table.oid());
  }

  private static List<Problem> others(Session session, TableInfo table) throws SQLException {
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
