package io.zdmosc.postgres.catalog;

/**
 * What the partitions of a table are and have, for the fingerprint. There may be hundreds, and it
 * is taken under the lock: so where a row of the catalog is the same one, its text is not written
 * out.
 */
final class PartitionsSql {
  private PartitionsSql() {}

  /**
   * Foreign keys of partitions, and of others to partitions. Those of tables which are cut into
   * partitions themselves are told apart: they may come only after the swap, when their parts are
   * there, which stay the same ones. What the server has made for the partitions of a table that is
   * referred to goes with the key that says so.
   */
  private static final String KEYS =
      """
      UNION ALL SELECT a.aspect, md5(string_agg(a.said, ',' ORDER BY a.oid))
        FROM (SELECT k.oid, v.aspect, v.said
                FROM t JOIN pg_constraint k ON k.contype = 'f' AND k.conrelid <> t.oid
                 AND (k.conrelid IN (SELECT w.oid FROM w) OR k.confrelid IN (SELECT w.oid FROM w))
                JOIN pg_class r ON r.oid = k.conrelid
                JOIN pg_class o ON o.oid = k.confrelid
                LEFT JOIN pg_constraint u ON u.oid = k.conparentid AND u.conrelid = k.conrelid
               CROSS JOIN LATERAL (VALUES
                 (CASE WHEN r.relkind = 'p' THEN 'partitions'' foreign keys that have parts'
                       ELSE 'partitions'' foreign keys' END,
                  ROW(k.oid, k.conname, k.condeferrable, k.condeferred,
                    coalesce(CASE WHEN NOT k.convalidated THEN to_jsonb(k) ->> 'conenforced' END,
                             'true'),
                    obj_description(k.oid, 'pg_constraint'),
                    r.oid, r.relname, r.relnamespace, r.relowner, o.oid, o.relname, o.relnamespace,
                    EXISTS (SELECT FROM pg_trigger g
                             WHERE g.tgconstraint = k.oid AND g.tgenabled <> 'O'))::text),
                 ('validated foreign keys of partitions', CASE WHEN k.convalidated
                    THEN k.oid::text END)) AS v (aspect, said)
               WHERE u.oid IS NULL
              UNION ALL SELECT NULL, a, NULL
                FROM unnest(ARRAY['partitions'' foreign keys',
                                  'partitions'' foreign keys that have parts',
                                  'validated foreign keys of partitions']) AS a) AS a
       GROUP BY a.aspect
      """;

  /** A common table, after the one that finds the table as {@code t}: its partitions. */
  static final String RELATION =
      """
      w AS MATERIALIZED (
        SELECT p.relid::oid AS oid FROM t, pg_partition_tree(t.oid) p WHERE p.relid <> t.oid),
      """;

  /** Before it is another aspect. */
  static final String ASPECT =
      """
      UNION ALL SELECT 'partitions', md5(string_agg(ROW(c.oid, c.relname, c.relnamespace, c.relowner,
               c.relfilenode, c.reloptions, c.reltablespace, c.relreplident,
               c.relrowsecurity, c.relforcerowsecurity, pg_get_expr(c.relpartbound, c.oid),
               (SELECT md5(string_agg(ROW(i.indexrelid, pg_get_indexdef(i.indexrelid), i.indisvalid,
                         i.indisreplident, i.indisclustered, k.relispartition, k.reltablespace,
                         obj_description(i.indexrelid, 'pg_class'),
                         CASE WHEN i.indexprs IS NOT NULL THEN
                           ARRAY(SELECT e.attstattarget FROM pg_attribute e
                                  WHERE e.attrelid = i.indexrelid ORDER BY e.attnum) END)::text,
                         ',' ORDER BY i.indexrelid))
                  FROM pg_index i JOIN pg_class k ON k.oid = i.indexrelid
                 WHERE i.indrelid = c.oid),
               (SELECT md5(string_agg(ROW(x.oid, x.conname,
                         obj_description(x.oid, 'pg_constraint'))::text, ',' ORDER BY x.oid))
                  FROM pg_constraint x WHERE x.conrelid = c.oid AND x.contype <> 'f'),
               (SELECT md5(string_agg(ROW(a.attnum, a.attstattarget, a.attoptions,
                         a.attnotnull, a.attstorage, a.attcompression,
                         col_description(c.oid, a.attnum))::text, ',' ORDER BY a.attnum))
                  FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0),
               (SELECT md5(string_agg(ROW(d.oid, d.xmin)::text, ',' ORDER BY d.oid))
                  FROM pg_attrdef d WHERE d.adrelid = c.oid),
               (SELECT md5(string_agg(ROW(g.oid, g.xmin, obj_description(g.oid, 'pg_trigger'),
                         ARRAY(SELECT x.refobjid FROM pg_depend x
                                WHERE x.classid = 'pg_trigger'::regclass AND x.objid = g.oid
                                  AND x.deptype = 'x' ORDER BY 1))::text, ',' ORDER BY g.oid))
                  FROM pg_trigger g WHERE g.tgrelid = c.oid
                   AND NOT EXISTS (SELECT FROM pg_constraint k
                                    WHERE k.oid = g.tgconstraint AND k.contype <> 't')),
               (SELECT md5(string_agg(ROW(r.oid, r.xmin, obj_description(r.oid, 'pg_rewrite'),
                         (SELECT string_agg(DISTINCT (pg_identify_object(x.refclassid, x.refobjid,
                                   x.refobjsubid)).identity, ',')
                            FROM pg_depend x WHERE x.classid = 'pg_rewrite'::regclass
                             AND x.objid = r.oid))::text, ',' ORDER BY r.oid))
                  FROM pg_rewrite r WHERE r.ev_class = c.oid),
               (SELECT md5(string_agg(ROW(o.oid, o.xmin, obj_description(o.oid, 'pg_policy'),
                         (SELECT string_agg(DISTINCT (pg_identify_object(x.refclassid, x.refobjid,
                                   x.refobjsubid)).identity, ',')
                            FROM pg_depend x WHERE x.classid = 'pg_policy'::regclass
                             AND x.objid = o.oid))::text, ',' ORDER BY o.oid))
                  FROM pg_policy o WHERE o.polrelid = c.oid),
               (SELECT md5(string_agg(ROW(s.oid, s.xmin,
                         obj_description(s.oid, 'pg_statistic_ext'))::text, ',' ORDER BY s.oid))
                  FROM pg_statistic_ext s WHERE s.stxrelid = c.oid),
               (SELECT md5(string_agg(ROW(b.oid, b.pubname, b.pubowner, l.oid, l.xmin)::text,
                         ',' ORDER BY l.oid))
                  FROM pg_publication_rel l JOIN pg_publication b ON b.oid = l.prpubid
                 WHERE l.prrelid = c.oid AND b.pubname !~ '^zdm_osc_[0-9]+$'))::text,
               ',' ORDER BY c.oid))
        FROM w JOIN pg_class c ON c.oid = w.oid
      UNION ALL SELECT 'validated constraints of partitions', md5(string_agg(x.oid::text, ','
               ORDER BY x.oid))
        FROM w JOIN pg_constraint x ON x.conrelid = w.oid AND x.contype <> 'f' AND x.convalidated
      UNION ALL SELECT 'partitions'' grants and comments', md5(string_agg(ROW(c.oid, c.relacl,
               obj_description(c.oid, 'pg_class'),
               (SELECT string_agg(ROW(a.attnum, a.attacl)::text, ',' ORDER BY a.attnum)
                  FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0
                   AND a.attacl IS NOT NULL))::text, ',' ORDER BY c.oid))
        FROM w JOIN pg_class c ON c.oid = w.oid
      UNION ALL SELECT 'partitions'' sequences and dependencies', md5(string_agg(x.said, ','
               ORDER BY x.said))
        FROM (SELECT ROW(d.refobjid, d.refobjsubid, s.oid, s.relname, s.relnamespace)::text AS said
                FROM w JOIN pg_depend d ON d.refclassid = 'pg_class'::regclass
                 AND d.refobjid = w.oid AND d.classid = 'pg_class'::regclass AND d.deptype = 'a'
                JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S'
              UNION ALL SELECT ROW(d.objid, d.refobjid)::text
                FROM pg_depend d JOIN pg_index i ON i.indexrelid = d.objid
                JOIN w ON w.oid = i.indrelid
               WHERE d.refclassid = 'pg_extension'::regclass AND d.classid = 'pg_class'::regclass
                 AND d.deptype = 'x') AS x
      """
          + KEYS;
}
