package io.zdmosc.postgres.plan.checks;

import io.zdmosc.engine.error.Problem;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * What the table has and the swap cannot carry over yet is refused by name, so that nothing is ever
 * lost silently. The last query catches whatever depends on the table in a way that none of the
 * others knows.
 */
public final class OwnedObjectsCheck implements Check {
  private static final String REMEDY =
      "This version cannot carry it over; drop it and create it again afterwards, or wait for a"
          + " version that can.";

  /** Name of the kind, a query for the names, which takes the table's oid, and what to do. */
  private record Kind(String words, int sinceVersion, String query, String remedy) {
    Kind(String words, int sinceVersion, String query) {
      this(words, sinceVersion, query, REMEDY);
    }
  }

  private static final List<Kind> KINDS =
      List.of(
          new Kind(
              "subscription",
              0,
              """
              SELECT s.subname FROM pg_subscription_rel r JOIN pg_subscription s ON s.oid = r.srsubid
               WHERE r.srrelid = ?::oid""",
              "The subscription knows the table by its number and would pass over the new one. Run"
                  + " the change with ALTER TABLE; or take the table out of the subscription first"
                  + " (ALTER PUBLICATION ... DROP TABLE on the publisher, then ALTER SUBSCRIPTION"
                  + " ... REFRESH PUBLICATION), and back into it afterwards."),
          new Kind(
              "inheritance",
              0,
              "SELECT 'child ' || inhrelid::regclass FROM pg_inherits"
                  + " JOIN pg_class c ON c.oid = inhrelid"
                  + " WHERE inhparent = ?::oid AND NOT c.relispartition",
              "Reading the table reads its children too, and they would have to be changed in the same"
                  + " moment. Take the child out for the time: ALTER TABLE ... NO INHERIT on it, the"
                  + " same change on both, and afterwards INHERIT."),
          new Kind(
              "type of the table",
              0,
              "SELECT reloftype::regtype::text FROM pg_class WHERE oid = ?::oid AND reloftype <> 0",
              "Its columns are those of the type, which only ALTER TYPE changes. To change them here,"
                  + " free it first: ALTER TABLE ... NOT OF."),
          new Kind(
              "membership in extension",
              0,
              """
              SELECT e.extname FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid
               WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e'
                 AND d.classid = 'pg_class'::regclass AND d.objid = ?::oid""",
              "The table belongs to the extension, which would go on owning the old one. Take it out:"
                  + " ALTER EXTENSION ... DROP TABLE, and afterwards ADD TABLE."),
          new Kind(
              "disabled or altered trigger of constraint",
              0,
              """
              SELECT DISTINCT c.conname FROM pg_trigger g JOIN pg_constraint c ON c.oid = g.tgconstraint
               WHERE g.tgrelid = ?::oid AND g.tgisinternal AND g.tgenabled <> 'O'""",
              "The new table would enforce what this one does not. Enable it (ALTER TABLE ... ENABLE"
                  + " TRIGGER ALL), or drop the constraint."),
          new Kind(
              "identity sequence, which gets a new one, on which depends",
              0,
              """
              SELECT DISTINCT pg_describe_object(d.classid, d.objid, d.objsubid)
                FROM pg_depend s JOIN pg_class q ON q.oid = s.objid AND q.relkind = 'S'
                JOIN pg_depend d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = q.oid
               WHERE s.refclassid = 'pg_class'::regclass AND s.refobjid = ?::oid
                 AND s.classid = 'pg_class'::regclass AND s.deptype = 'i'
                 AND d.deptype IN ('n', 'a')"""),
          new Kind(
              "values of its row type in",
              0,
              """
              SELECT DISTINCT pg_describe_object(d.classid, d.objid, d.objsubid)
                FROM pg_depend d, (SELECT oid, reltype FROM pg_class WHERE oid = ?::oid) AS t
               WHERE d.refclassid = 'pg_type'::regclass
                 AND d.refobjid IN (t.reltype, (SELECT typarray FROM pg_type WHERE oid = t.reltype))
                 AND d.classid = 'pg_class'::regclass AND d.objsubid > 0 AND d.deptype IN ('n', 'a')
               ORDER BY 1""",
              "They are of the old table's type, and would hold it fast. ALTER TABLE itself refuses a"
                  + " change that rewrites the table for that reason; those that rewrite nothing it"
                  + " makes in a moment, so use it for them. Else change the column's type first, as"
                  + " by ALTER COLUMN ... TYPE jsonb USING to_jsonb(...)."),
          new Kind(
              "its own row type, or that of a partition, in",
              0,
              """
              WITH s AS (SELECT ?::oid AS oid),
                   t AS (SELECT c.oid, c.reltype, y.typarray
                           FROM s JOIN pg_class c ON c.oid = s.oid
                             OR c.oid IN (SELECT relid FROM pg_partition_tree(s.oid::regclass))
                           JOIN pg_type y ON y.oid = c.reltype)
              SELECT DISTINCT pg_describe_object(d.classid, d.objid, 0)
                FROM t JOIN pg_depend d ON d.refclassid = 'pg_type'::regclass
                 AND d.refobjid IN (t.reltype, t.typarray) AND d.deptype IN ('n', 'a')
                LEFT JOIN pg_constraint c ON d.classid = 'pg_constraint'::regclass
                 AND c.oid = d.objid AND c.contype <> 'f'
                LEFT JOIN pg_attrdef a ON d.classid = 'pg_attrdef'::regclass AND a.oid = d.objid
                LEFT JOIN pg_index i ON d.classid = 'pg_class'::regclass AND i.indexrelid = d.objid
               WHERE coalesce(c.conrelid, a.adrelid, i.indrelid) IN (SELECT oid FROM t)
               ORDER BY 1""",
              "The new table's would go on to mean the old table's type, and hold it fast. Drop it"
                  + " first, or write it without the row type."),
          new Kind(
              "object that depends on the table",
              0,
              """
              SELECT DISTINCT pg_describe_object(d.classid, d.objid, d.objsubid)
                FROM pg_depend d,
                     (SELECT oid, reltype FROM pg_class WHERE oid = ?::oid) AS t
               WHERE d.deptype IN ('n', 'a')
                 AND ((d.refclassid = 'pg_class'::regclass AND d.refobjid = t.oid)
                   OR (d.refclassid = 'pg_type'::regclass
                       AND d.refobjid IN (t.reltype, (SELECT typarray FROM pg_type
                                                       WHERE oid = t.reltype))))
                 AND NOT (d.classid = 'pg_class'::regclass AND EXISTS (
                       SELECT FROM pg_class o WHERE o.oid = d.objid
                         AND (o.relkind IN ('i', 'I', 'S', 't') OR o.relispartition AND EXISTS (
                              SELECT FROM pg_inherits h
                               WHERE h.inhrelid = o.oid AND h.inhparent = t.oid))))
                 AND d.classid NOT IN ('pg_rewrite'::regclass, 'pg_constraint'::regclass, 'pg_proc'::regclass,
                       'pg_trigger'::regclass, 'pg_policy'::regclass, 'pg_attrdef'::regclass,
                       'pg_publication_rel'::regclass, 'pg_statistic_ext'::regclass)
                 AND NOT (d.classid = 'pg_class'::regclass AND d.objid = t.oid)
                 AND NOT (d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_type'::regclass
                          AND d.objsubid > 0)
                 AND NOT (d.classid = 'pg_type'::regclass AND d.objid IN (t.reltype,
                       (SELECT typarray FROM pg_type WHERE oid = t.reltype)))"""));

  @Override
  public List<Problem> run(CheckContext context) throws SQLException {
    List<Problem> problems = new ArrayList<>();
    for (Kind kind : KINDS) {
      if (context.version() < kind.sinceVersion()) {
        continue;
      }
      for (String found :
          context.session().query(kind.query(), row -> row.getString(1), context.table().oid())) {
        problems.add(
            new Problem(
                context.table().sqlName(), "has " + kind.words() + " " + found, kind.remedy()));
      }
    }
    return problems;
  }
}
