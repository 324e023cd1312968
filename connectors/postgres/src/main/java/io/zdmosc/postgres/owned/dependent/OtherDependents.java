package io.zdmosc.postgres.owned.dependent;

import io.zdmosc.postgres.sql.Session;
import io.zdmosc.postgres.sql.Sql;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;

/** Who refers to relations or their row types, but for what belongs to them, and views. */
final class OtherDependents {
  private static final String QUERY =
      """
      SELECT DISTINCT d.classid::regclass::text AS catalog, d.objid::bigint AS oid,
             coalesce(r.ev_class, p.polrelid, a.adrelid, c.conrelid, g.tgrelid, 0)::bigint
               AS relation,
             pg_describe_object(d.classid, d.objid, 0) AS words
        FROM (SELECT c.oid, c.reltype, y.typarray FROM pg_class c
                LEFT JOIN pg_type y ON y.oid = c.reltype WHERE c.oid = ANY (?::oid[])) AS t
        JOIN pg_depend d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = t.oid
                         OR d.refclassid = 'pg_type'::regclass
                            AND d.refobjid IN (t.reltype, t.typarray)
        LEFT JOIN pg_rewrite r ON d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid
        LEFT JOIN pg_policy p ON d.classid = 'pg_policy'::regclass AND p.oid = d.objid
        LEFT JOIN pg_attrdef a ON d.classid = 'pg_attrdef'::regclass AND a.oid = d.objid
        LEFT JOIN pg_constraint c ON d.classid = 'pg_constraint'::regclass AND c.oid = d.objid
        LEFT JOIN pg_trigger g ON d.classid = 'pg_trigger'::regclass AND g.oid = d.objid
        LEFT JOIN pg_class k ON d.classid = 'pg_class'::regclass AND k.oid = d.objid
       WHERE d.deptype IN ('n', 'a')
         AND coalesce(r.ev_class, p.polrelid, a.adrelid, c.conrelid, g.tgrelid, 0)
               <> ALL (?::oid[])
         AND r.rulename IS DISTINCT FROM '_RETURN'
         AND c.contype IS DISTINCT FROM 'f'
         AND g.tgisinternal IS NOT TRUE
         AND (k.relkind IS NULL OR k.relkind NOT IN ('v', 'm', 'i', 't'))
         AND NOT (?::boolean = false AND d.classid = 'pg_statistic_ext'::regclass)
         AND NOT (d.classid = 'pg_type'::regclass AND d.objid IN (t.reltype, t.typarray))
         AND (?::boolean = false OR d.classid = 'pg_proc'::regclass
              OR coalesce(r.oid, p.oid, a.oid, c.oid, g.oid) IS NOT NULL)
       ORDER BY 1, 2\
      """;

  /**
   * One of them.
   *
   * @param relation the one that it belongs to, or 0
   * @param words the server's
   */
  record Dependent(String catalog, long oid, long relation, String words) {}

  private final Session session;

  OtherDependents(Session session) {
    this.session = session;
  }

  /**
   * Who refers to any of them, each once.
   *
   * @param onlyOfOthers true to leave out what is neither a function nor belongs to another
   *     relation
   */
  List<Dependent> of(Collection<Long> relations, boolean onlyOfOthers) throws SQLException {
    String oids = Sql.array(relations.stream().map(String::valueOf).toList());
    return session.query(
        QUERY,
        row ->
            new Dependent(
                row.getString("catalog"),
                row.getLong("oid"),
                row.getLong("relation"),
                row.getString("words")),
        oids,
        oids,
        onlyOfOthers,
        onlyOfOthers);
  }
}
