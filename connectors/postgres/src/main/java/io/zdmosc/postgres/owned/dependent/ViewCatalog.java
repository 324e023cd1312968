package io.zdmosc.postgres.owned.dependent;

import io.zdmosc.postgres.sql.Session;
import io.zdmosc.postgres.sql.Sql;
import java.sql.Array;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads views, for an empty search path. */
final class ViewCatalog {
  /**
   * Relations that rules refer to, by themselves or by their row types. A rule depends on its own
   * view too, which is left out.
   */
  private static final String REFERENCES =
      """
      SELECT DISTINCT coalesce(nullif(y.typrelid, 0), e.typrelid, d.refobjid)::bigint
        FROM pg_rewrite r
        JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid
        LEFT JOIN pg_type y ON d.refclassid = 'pg_type'::regclass AND y.oid = d.refobjid
        LEFT JOIN pg_type e ON e.oid = y.typelem AND e.typrelid <> 0
       WHERE r.ev_class = v.oid AND r.rulename = '_RETURN' AND d.refobjid <> v.oid
         AND (d.refclassid = 'pg_class'::regclass OR y.typrelid <> 0 OR e.typrelid IS NOT NULL)\
      """;

  private static final String VIEWS =
      """
      SELECT v.oid::bigint AS oid, n.nspname AS schema, v.relname AS name, v.relkind AS kind,
             pg_get_userbyid(v.relowner) AS owner,
             rtrim(pg_get_viewdef(v.oid), '; ') AS definition,
             coalesce((SELECT string_agg(format('%%s = %%L',
                                                regexp_replace(split_part(o, '=', 1), '[^.]+$', '"\\&"'),
                                                substr(o, strpos(o, '=') + 1)), ', ')
                         FROM (SELECT o FROM unnest(v.reloptions) AS o
                               UNION ALL SELECT 'toast.' || o FROM unnest(t.reloptions) AS o) AS u), '')
               AS options,
             coalesce((SELECT amname FROM pg_am WHERE oid = v.relam), '') AS method,
             coalesce((SELECT spcname FROM pg_tablespace WHERE oid = v.reltablespace), '')
               AS tablespace,
             v.relispopulated AS populated,
             CASE v.relkind WHEN 'm' THEN pg_total_relation_size(v.oid) ELSE 0 END AS bytes,
             coalesce((SELECT string_agg(ROW(a.attname, a.atttypid, a.atttypmod,
                                             a.attcollation)::text, ',' ORDER BY a.attnum)
                         FROM pg_attribute a WHERE a.attrelid = v.oid AND a.attnum > 0), '')
               AS shape,
             'SELECT ' || coalesce((
                 SELECT string_agg(format('NULL::%%s%%s AS %%I',
                                          format_type(a.atttypid, a.atttypmod),
                                          (SELECT format(' COLLATE %%I.%%I', cn.nspname, co.collname)
                                             FROM pg_collation co
                                             JOIN pg_namespace cn ON cn.oid = co.collnamespace
                                            WHERE co.oid = a.attcollation
                                              AND a.attcollation <> ty.typcollation),
                                          a.attname), ', ' ORDER BY a.attnum)
                   FROM pg_attribute a JOIN pg_type ty ON ty.oid = a.atttypid
                  WHERE a.attrelid = v.oid AND a.attnum > 0), '') AS nothing,
             v.relpersistence = 't' AS temporary,
             (SELECT e.extname FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid
               WHERE d.classid = 'pg_class'::regclass AND d.objid = v.oid AND d.deptype = 'e'
                 AND d.refclassid = 'pg_extension'::regclass) AS extension,
             ARRAY(%s) AS refs
        FROM pg_class v JOIN pg_namespace n ON n.oid = v.relnamespace
        LEFT JOIN pg_class t ON t.oid = v.reltoastrelid
       WHERE v.oid = ANY (?::oid[]) AND v.relkind IN ('v', 'm')
       ORDER BY v.oid\
      """
          .formatted(REFERENCES);

  /** Views whose queries refer to any of the relations. */
  private static final String UPON =
      """
      SELECT DISTINCT r.ev_class::bigint
        FROM (SELECT c.oid, c.reltype, y.typarray FROM pg_class c
                LEFT JOIN pg_type y ON y.oid = c.reltype WHERE c.oid = ANY (?::oid[])) AS t
        JOIN pg_depend d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = t.oid
                         OR d.refclassid = 'pg_type'::regclass
                            AND d.refobjid IN (t.reltype, t.typarray)
        JOIN pg_rewrite r ON d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid
       WHERE r.rulename = '_RETURN' AND r.ev_class <> t.oid\
      """;

  private final Session session;

  ViewCatalog(Session session) {
    this.session = session;
  }

  /** All views that read any of the tables, by others too; each after those that it reads. */
  List<ViewInfo> above(List<Long> tables) throws SQLException {
    Map<Long, ViewInfo> found = new LinkedHashMap<>();
    List<Long> level = tables;
    while (!level.isEmpty()) {
      List<Long> upon = new ArrayList<>(upon(level));
      upon.removeAll(found.keySet());
      read(upon).forEach(view -> found.put(view.oid(), view));
      level = upon;
    }
    List<ViewInfo> ordered = new ArrayList<>();
    for (ViewInfo view : found.values()) {
      place(view, found, ordered);
    }
    return ordered;
  }

  private static void place(ViewInfo view, Map<Long, ViewInfo> all, List<ViewInfo> ordered) {
    if (ordered.contains(view)) {
      return;
    }
    for (long reference : view.references()) {
      if (all.containsKey(reference)) {
        place(all.get(reference), all, ordered);
      }
    }
    ordered.add(view);
  }

  private List<Long> upon(Collection<Long> relations) throws SQLException {
    return session.query(UPON, row -> row.getLong(1), array(relations));
  }

  List<ViewInfo> read(Collection<Long> oids) throws SQLException {
    return session.query(
        VIEWS,
        row ->
            new ViewInfo(
                row.getLong("oid"),
                new RelationName(row.getString("schema"), row.getString("name")),
                row.getString("kind").charAt(0),
                row.getString("owner"),
                row.getString("definition"),
                row.getString("options"),
                row.getString("method"),
                row.getString("tablespace"),
                row.getBoolean("populated"),
                row.getLong("bytes"),
                row.getString("shape"),
                row.getString("nothing"),
                row.getBoolean("temporary"),
                row.getString("extension"),
                longs(row.getArray("refs"))),
        array(oids));
  }

  /** The oid of the rule that is its query. */
  long query(ViewInfo view) throws SQLException {
    return session
        .first(
            "SELECT oid FROM pg_rewrite WHERE ev_class = ?::oid AND rulename = '_RETURN'",
            row -> row.getLong(1),
            view.oid())
        .orElseThrow();
  }

  private static String array(Collection<Long> oids) {
    return Sql.array(oids.stream().map(String::valueOf).toList());
  }

  private static List<Long> longs(Array array) throws SQLException {
    List<Long> list = new ArrayList<>();
    for (Object element : (Object[]) array.getArray()) {
      list.add(((Number) element).longValue());
    }
    return list;
  }
}
