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

  /** Name of the kind, and a query for the names, which takes the table's oid. */
  private record Kind(String words, int sinceVersion, String query) {}

  private static final List<Kind> KINDS =
      List.of(
          new Kind(
              "trigger",
              0,
              "SELECT tgname FROM pg_trigger WHERE tgrelid = ?::oid AND NOT tgisinternal"
                  + " AND tgparentid = 0"),
          new Kind("rule", 0, "SELECT rulename FROM pg_rewrite WHERE ev_class = ?::oid"),
          new Kind("policy", 0, "SELECT polname FROM pg_policy WHERE polrelid = ?::oid"),
          new Kind(
              "row-level security",
              0,
              "SELECT relname FROM pg_class WHERE oid = ?::oid"
                  + " AND (relrowsecurity OR relforcerowsecurity)"),
          new Kind(
              "part in the incoming foreign key",
              0,
              """
              SELECT w.conname || ' of ' || w.conrelid::regclass FROM pg_constraint c
                JOIN pg_constraint w ON w.oid = c.conparentid
               WHERE c.confrelid = ?::oid AND c.contype = 'f' AND w.confrelid <> c.confrelid"""),
          new Kind(
              "publication",
              0,
              """
              SELECT p.pubname FROM pg_publication p
                LEFT JOIN pg_publication_rel r ON r.prpubid = p.oid
               WHERE (p.puballtables OR r.prrelid = ?::oid)
                 AND p.pubname !~ '^zdm_osc_[0-9]+$'
               GROUP BY p.pubname"""),
          new Kind(
              "schema publication",
              150000,
              """
              SELECT p.pubname FROM pg_publication p
                JOIN pg_publication_namespace n ON n.pnpubid = p.oid
                JOIN pg_class c ON c.relnamespace = n.pnnspid WHERE c.oid = ?::oid"""),
          new Kind(
              "subscription",
              0,
              "SELECT srsubid::text FROM pg_subscription_rel WHERE srrelid = ?::oid"),
          new Kind(
              "inheritance",
              0,
              """
              SELECT 'parent ' || inhparent::regclass FROM pg_inherits
                JOIN pg_class c ON c.oid = inhrelid
               WHERE inhrelid = ?::oid AND NOT c.relispartition"""),
          new Kind(
              "inheritance",
              0,
              "SELECT 'child ' || inhrelid::regclass FROM pg_inherits"
                  + " JOIN pg_class c ON c.oid = inhrelid"
                  + " WHERE inhparent = ?::oid AND NOT c.relispartition"),
          new Kind(
              "type of the table",
              0,
              "SELECT reloftype::regtype::text FROM pg_class WHERE oid = ?::oid AND reloftype <> 0"),
          new Kind(
              "extended statistics",
              0,
              "SELECT stxname FROM pg_statistic_ext WHERE stxrelid = ?::oid"),
          new Kind(
              "security label",
              0,
              "SELECT provider FROM pg_seclabel WHERE classoid = 'pg_class'::regclass"
                  + " AND objoid = ?::oid"),
          new Kind(
              "membership in extension",
              0,
              """
              SELECT e.extname FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid
               WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e'
                 AND d.classid = 'pg_class'::regclass AND d.objid = ?::oid"""),
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
            new Problem(context.table().sqlName(), "has " + kind.words() + " " + found, REMEDY));
      }
    }
    return problems;
  }
}
