package io.zdmosc.postgres.catalog;

import io.zdmosc.postgres.sql.Session;
import java.sql.SQLException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The shape of a table, aspect by aspect, each as a hash. Two fingerprints tell what has changed in
 * between.
 */
public record Fingerprint(Map<String, String> aspects) {
  private static final String QUERY =
      """
      WITH RECURSIVE t AS (SELECT * FROM pg_class WHERE oid = ?::oid),
           f AS (SELECT c.oid, c.conname, c.convalidated, r.relkind = 'p' AS partitioned,
                        c.conname || ' ' || regexp_replace(pg_get_constraintdef(c.oid),
                            ' NOT VALID$', '') AS definition,
                        obj_description(c.oid, 'pg_constraint') AS comment,
                        ROW(r.oid, r.relname, r.relnamespace, r.relowner)::text AS relation,
                        EXISTS (SELECT FROM pg_trigger g WHERE g.tgconstraint = c.oid
                                   AND g.tgenabled <> 'O') AS disabled
                   FROM t JOIN pg_constraint c ON c.confrelid = t.oid AND c.contype = 'f'
                        AND c.conrelid <> t.oid
                        AND NOT EXISTS (SELECT FROM pg_constraint w WHERE w.oid = c.conparentid
                                           AND w.confrelid <> t.oid)
                   JOIN pg_class r ON r.oid = c.conrelid),
      """
          + PartitionsSql.RELATION
          + DependentsSql.RELATIONS
          + DependentsSql.ASPECTS
          + """
      SELECT 'table', md5(ROW(relname, relnamespace, relkind, relpersistence, relowner,
               reloptions, relreplident, reltablespace, relam, relrowsecurity,
               relforcerowsecurity, relispartition)::text) FROM t
      UNION ALL SELECT 'columns', md5(string_agg(ROW(a.attnum, a.attname, a.atttypid, a.atttypmod,
               a.attcollation, a.attnotnull, a.attidentity, a.attgenerated,
               a.attstattarget, a.attoptions, a.attstorage, a.attcompression,
               pg_get_expr(d.adbin, d.adrelid), col_description(t.oid, a.attnum))::text, ','
               ORDER BY a.attnum))
        FROM t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
        LEFT JOIN pg_attrdef d ON d.adrelid = t.oid AND d.adnum = a.attnum
      UNION ALL SELECT 'indexes', md5(string_agg(ROW(i.indexrelid, pg_get_indexdef(i.indexrelid),
               i.indisvalid, i.indisclustered, i.indisreplident,
               obj_description(i.indexrelid, 'pg_class'),
               ARRAY(SELECT x.refobjid FROM pg_depend x WHERE x.classid = 'pg_class'::regclass
                     AND x.objid = i.indexrelid AND x.deptype = 'x' ORDER BY 1))::text,
               ',' ORDER BY i.indexrelid))
        FROM t JOIN pg_index i ON i.indrelid = t.oid
      UNION ALL SELECT 'grants', md5(ROW(t.relacl, (SELECT string_agg(ROW(a.attnum, a.attacl)::text,
               ',' ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = t.oid AND a.attnum > 0
               AND NOT a.attisdropped))::text)
        FROM t
      UNION ALL SELECT 'constraints', md5(string_agg(ROW(c.oid, c.conname, c.convalidated,
               pg_get_constraintdef(c.oid), obj_description(c.oid, 'pg_constraint'))::text, ','
               ORDER BY c.oid))
        FROM t JOIN pg_constraint c ON c.conrelid = t.oid AND c.contype <> 'f'
      UNION ALL SELECT CASE WHEN t.relkind = 'p' THEN 'foreign keys to others' ELSE 'foreign keys' END,
               md5(string_agg(ROW(c.oid, c.conname,
               regexp_replace(pg_get_constraintdef(c.oid), ' NOT VALID$', ''),
               obj_description(c.oid, 'pg_constraint'))::text, ',' ORDER BY c.oid))
        FROM t LEFT JOIN pg_constraint c ON c.conrelid = t.oid AND c.contype = 'f'
         AND NOT EXISTS (SELECT FROM pg_constraint w
                          WHERE w.oid = c.conparentid AND w.conrelid = t.oid)
       GROUP BY t.relkind
      UNION ALL SELECT 'validated foreign keys', md5(string_agg(c.oid::text, ',' ORDER BY c.oid))
        FROM t JOIN pg_constraint c ON c.conrelid = t.oid AND c.contype = 'f' AND c.convalidated
      UNION ALL SELECT 'incoming foreign keys', md5(string_agg(ROW(f.oid, f.definition, f.comment,
               f.relation, f.disabled)::text, ',' ORDER BY f.oid))
        FROM f WHERE NOT partitioned
      UNION ALL SELECT 'incoming foreign keys of partitioned tables', md5(string_agg(ROW(f.oid,
               f.definition, f.comment, f.relation)::text, ',' ORDER BY f.oid))
        FROM f WHERE partitioned
      UNION ALL SELECT 'validated incoming foreign keys', md5(string_agg(f.oid::text, ','
               ORDER BY f.oid))
        FROM f WHERE convalidated
      UNION ALL SELECT 'triggers', md5(string_agg(ROW(g.oid, pg_get_triggerdef(g.oid),
               g.tgenabled, obj_description(g.oid, 'pg_trigger'),
               ARRAY(SELECT x.refobjid FROM pg_depend x WHERE x.classid = 'pg_trigger'::regclass
                     AND x.objid = g.oid AND x.deptype = 'x' ORDER BY 1))::text,
               ',' ORDER BY g.oid))
        FROM t JOIN pg_trigger g ON g.tgrelid = t.oid
       WHERE NOT EXISTS (SELECT FROM pg_constraint k WHERE k.oid = g.tgconstraint AND k.contype <> 't')
      UNION ALL SELECT 'rules', md5(string_agg(ROW(r.oid, pg_get_ruledef(r.oid), r.ev_enabled,
               obj_description(r.oid, 'pg_rewrite'))::text, ',' ORDER BY r.oid))
        FROM t JOIN pg_rewrite r ON r.ev_class = t.oid
      UNION ALL SELECT 'policies', md5(string_agg(ROW(p.oid, p.polname, p.polcmd, p.polpermissive,
               p.polroles, pg_get_expr(p.polqual, p.polrelid),
               pg_get_expr(p.polwithcheck, p.polrelid),
               obj_description(p.oid, 'pg_policy'))::text, ',' ORDER BY p.oid))
        FROM t JOIN pg_policy p ON p.polrelid = t.oid
      UNION ALL SELECT 'inheritance', md5(string_agg(ROW(h.inhparent, h.inhrelid, CASE WHEN NOT
               c.relispartition THEN ROW(h.inhseqno, p.relname, p.relnamespace, p.relowner)::text
               END)::text, ',' ORDER BY h.inhparent, h.inhrelid))
        FROM t JOIN pg_inherits h ON t.oid IN (h.inhparent, h.inhrelid)
        JOIN pg_class c ON c.oid = h.inhrelid JOIN pg_class p ON p.oid = h.inhparent
      """
          + PartitionsSql.ASPECT
          + """
      UNION ALL SELECT 'parent', md5(string_agg(ROW(c.oid, c.relname, c.relnamespace,
               pg_get_expr(c.relpartbound, c.oid), CASE WHEN a.place = 2 THEN ROW(p.partdefid,
               h.inhdetachpending, pg_get_partkeydef(c.oid))::text END)::text, ',' ORDER BY a.place))
        FROM t CROSS JOIN LATERAL pg_partition_ancestors(t.oid)
             WITH ORDINALITY AS a (relid, place)
        JOIN pg_class c ON c.oid = a.relid AND c.oid <> t.oid
        JOIN pg_partitioned_table p ON p.partrelid = c.oid
        LEFT JOIN pg_inherits h ON h.inhrelid = t.oid AND h.inhparent = c.oid
      UNION ALL SELECT 'partitioned table''s foreign keys', md5(string_agg(ROW(k.oid, k.conname,
               k.conrelid, k.confrelid)::text, ',' ORDER BY k.oid))
        FROM t CROSS JOIN LATERAL pg_partition_ancestors(t.oid) a
        JOIN (WITH RECURSIVE k AS (
                SELECT oid, conname, conrelid, confrelid, oid AS whole FROM pg_constraint
                 WHERE contype = 'f' AND conparentid = 0
                UNION ALL SELECT c.oid, c.conname, c.conrelid, c.confrelid, k.whole
                  FROM k JOIN pg_constraint c ON c.conparentid = k.oid AND c.contype = 'f')
              SELECT k.*, w.conrelid AS whose, w.confrelid AS whom
                FROM k JOIN pg_constraint w ON w.oid = k.whole) AS k
          ON a.relid <> t.oid AND a.relid IN (k.whose, k.whom)
      UNION ALL SELECT 'publications', md5(string_agg(ROW(p.oid, p.pubname, p.pubowner,
               p.puballtables, to_jsonb(r))::text, ',' ORDER BY p.oid, r.oid))
        FROM t CROSS JOIN pg_publication p
        LEFT JOIN pg_publication_rel r ON r.prpubid = p.oid AND r.prrelid = t.oid
       WHERE r.oid IS NOT NULL OR p.puballtables
      UNION ALL SELECT 'extended statistics', md5(string_agg(ROW(s.oid, pg_get_statisticsobjdef(s.oid),
               s.stxowner, s.stxstattarget, obj_description(s.oid, 'pg_statistic_ext'))::text, ','
               ORDER BY s.oid))
        FROM t JOIN pg_statistic_ext s ON s.stxrelid = t.oid
      UNION ALL SELECT 'dependent objects', md5(string_agg(DISTINCT
               ROW(d.classid, d.objid)::text, ',' ORDER BY ROW(d.classid, d.objid)::text))
        FROM t JOIN pg_depend d ON d.refobjid IN (t.oid, t.reltype)
         AND d.refclassid IN ('pg_class'::regclass, 'pg_type'::regclass)
         AND d.deptype IN ('n', 'a')
         AND NOT (d.classid = 'pg_constraint'::regclass AND (d.objid IN (SELECT oid FROM f)
              OR EXISTS (SELECT FROM pg_constraint k WHERE k.oid = d.objid AND k.contype = 'f')))
      UNION ALL SELECT 'sequences', md5(string_agg(ROW(s.oid, s.relname, s.relacl)::text, ','
               ORDER BY s.oid))
        FROM t JOIN pg_depend d ON d.refobjid = t.oid AND d.refclassid = 'pg_class'::regclass
         AND d.deptype IN ('a', 'i')
        JOIN pg_class s ON s.oid = d.objid AND d.classid = 'pg_class'::regclass AND s.relkind = 'S'
      UNION ALL SELECT 'security labels', md5(string_agg(ROW(l.classoid, l.objoid, l.objsubid,
               l.provider, l.label)::text, ',' ORDER BY l.classoid, l.objoid, l.objsubid, l.provider))
        FROM t JOIN pg_seclabel l
          ON l.classoid = 'pg_class'::regclass
             AND (l.objoid = t.oid
                  OR l.objoid IN (SELECT relid FROM pg_partition_tree(t.oid))
                  OR l.objoid IN (SELECT d.objid FROM pg_depend d
                                   WHERE d.refclassid = 'pg_class'::regclass
                                     AND d.refobjid = t.oid AND d.deptype = 'i'
                                     AND d.classid = 'pg_class'::regclass))
          OR l.classoid = 'pg_type'::regclass AND l.objoid = t.reltype
      UNION ALL SELECT 'comment', md5(obj_description(oid, 'pg_class')) FROM t\
      """;

  /** Whole schemas are published since version 15. */
  private static final String PUBLISHED_SCHEMAS =
      """
       UNION ALL SELECT 'schema''s publications', md5(string_agg(ROW(n.pnpubid,
               n.pnnspid)::text, ',' ORDER BY n.pnpubid))
        FROM pg_publication_namespace n
       WHERE n.pnnspid IN (SELECT relnamespace FROM t UNION ALL
                           SELECT c.relnamespace FROM w JOIN pg_class c ON c.oid = w.oid)\
      """;

  public Fingerprint {
    aspects = Collections.unmodifiableMap(new LinkedHashMap<>(aspects));
  }

  public static Fingerprint take(Session session, long oid) throws SQLException {
    Map<String, String> aspects = new LinkedHashMap<>();
    boolean schemas = session.connection().getMetaData().getDatabaseMajorVersion() >= 15;
    session
        .query(
            schemas ? QUERY + PUBLISHED_SCHEMAS : QUERY,
            row -> Map.entry(row.getString(1), String.valueOf(row.getString(2))),
            oid)
        .forEach(entry -> aspects.put(entry.getKey(), entry.getValue()));
    return new Fingerprint(aspects);
  }

  /** Without what may change while the table serves: it is carried back with it. */
  public Fingerprint ofServing() {
    Map<String, String> watched = new LinkedHashMap<>(aspects);
    watched
        .keySet()
        .removeAll(
            List.of(
                "grants",
                "comment",
                "partitions' grants and comments",
                "foreign keys to others",
                "partitioned table's foreign keys",
                "validated foreign keys",
                "partitions' foreign keys that have parts",
                "validated constraints of partitions",
                "validated foreign keys of partitions",
                "validated incoming foreign keys",
                "incoming foreign keys of partitioned tables"));
    return new Fingerprint(watched);
  }

  /** What is different now, in words. */
  public List<String> changesSince(Fingerprint earlier) {
    if (!aspects.containsKey("table")) {
      return List.of("the table is gone");
    }
    return earlier.aspects.keySet().stream()
        .filter(aspect -> !earlier.aspects.get(aspect).equals(aspects.get(aspect)))
        .map(aspect -> "its " + aspect + (aspect.endsWith("s") ? " were" : " was") + " changed")
        .toList();
  }
}
