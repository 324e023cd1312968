package io.zdmosc.postgres.catalog;

/**
 * What depends on a table or on its partitions by their oids, for the fingerprint. Definitions are
 * not read, since to write them out the server locks all that they mention: that a rule is the same
 * row of the catalog, and that all that it refers to has the same name, says as much.
 */
final class DependentsSql {
  private DependentsSql() {}

  /** Common tables, after the one that finds the table as {@code t}. */
  static final String RELATIONS =
      """
      y AS (
        SELECT c.oid, c.reltype, y.typarray
          FROM (SELECT oid FROM t
                UNION SELECT p.relid::oid FROM t, pg_partition_tree(t.oid) AS p) AS s
          JOIN pg_class c ON c.oid = s.oid JOIN pg_type y ON y.oid = c.reltype),
      v(oid, reltype, typarray, is_read) AS (
        SELECT oid, reltype, typarray, true FROM y
        UNION
        SELECT c.oid, c.reltype, y.typarray, c.relkind IN ('v', 'm')
          FROM v CROSS JOIN LATERAL (VALUES ('pg_class'::regclass, v.oid),
                 ('pg_type'::regclass, v.reltype), ('pg_type'::regclass, v.typarray)) AS s(class, id)
          JOIN pg_depend d ON d.refclassid = s.class AND d.refobjid = s.id
           AND d.classid = 'pg_rewrite'::regclass
          JOIN pg_rewrite r ON r.oid = d.objid
          JOIN pg_class c ON c.oid = r.ev_class
          JOIN pg_type y ON y.oid = c.reltype
         WHERE v.is_read),
      o AS (
        SELECT DISTINCT s.oid, d.classid, d.objid, d.refclassid
          FROM (SELECT y.oid, z.* FROM y, LATERAL (VALUES ('pg_class'::regclass, y.oid),
                  ('pg_type'::regclass, y.reltype), ('pg_type'::regclass, y.typarray)) AS z(class, id))
               AS s
          JOIN pg_depend d ON d.refclassid = s.class AND d.refobjid = s.id
         WHERE d.deptype IN ('n', 'a')),
      n AS (
        SELECT o.classid, o.objid, string_agg(DISTINCT
                 (pg_identify_object(d.refclassid, d.refobjid, d.refobjsubid)).identity, ',') AS names
          FROM (SELECT DISTINCT classid, objid FROM o) AS o
          JOIN pg_depend d ON d.classid = o.classid AND d.objid = o.objid
         WHERE o.classid IN ('pg_proc'::regclass, 'pg_policy'::regclass)
         GROUP BY o.classid, o.objid)
      """;

  /** Goes before the other aspects. */
  static final String ASPECTS =
      """
      SELECT 'views', md5(string_agg(ROW(c.oid, c.relname, c.relnamespace::regnamespace, c.relkind,
               c.relowner::regrole, c.relacl, c.reloptions, obj_description(c.oid, 'pg_class'),
               (SELECT string_agg(ROW(l.objsubid, l.provider, l.label)::text, ','
                       ORDER BY l.objsubid, l.provider) FROM pg_seclabel l
                 WHERE l.classoid = 'pg_class'::regclass AND l.objoid = c.oid),
               (SELECT string_agg(ROW(a.attname, a.attacl, col_description(c.oid, a.attnum))::text,
                       ',' ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = c.oid
                  AND a.attnum > 0 AND c.relkind IN ('v', 'm')),
               (SELECT string_agg(ROW(r.oid, r.xmin, r.ev_enabled,
                         obj_description(r.oid, 'pg_rewrite'))::text, ',' ORDER BY r.oid)
                  FROM pg_rewrite r WHERE r.ev_class = c.oid),
               (SELECT string_agg(DISTINCT (pg_identify_object(d.refclassid, d.refobjid,
                         d.refobjsubid)).identity, ',')
                  FROM pg_rewrite r JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass
                   AND d.objid = r.oid WHERE r.ev_class = c.oid),
               (SELECT string_agg(ROW(g.oid, g.xmin, obj_description(g.oid, 'pg_trigger'))::text,
                         ',' ORDER BY g.oid)
                  FROM pg_trigger g WHERE g.tgrelid = c.oid AND NOT g.tgisinternal),
               (SELECT string_agg(ROW(e.oid, e.xmin)::text, ',' ORDER BY e.oid)
                  FROM pg_attrdef e WHERE e.adrelid = c.oid),
               CASE WHEN c.relkind = 'm' THEN ROW(c.relam, c.reltablespace,
                 (SELECT string_agg(ROW(a.attname, a.attstattarget, a.attoptions, a.attstorage,
                         a.attcompression)::text, ',' ORDER BY a.attnum) FROM pg_attribute a
                   WHERE a.attrelid = c.oid AND a.attnum > 0),
                 (SELECT string_agg(ROW(k.oid, k.relname, k.reloptions, k.reltablespace,
                         i.indisvalid, i.indisclustered, obj_description(k.oid, 'pg_class'))::text,
                         ',' ORDER BY k.oid)
                    FROM pg_index i JOIN pg_class k ON k.oid = i.indexrelid
                   WHERE i.indrelid = c.oid),
                 (SELECT string_agg(ROW(s.oid, s.stxname, s.stxowner, s.stxstattarget)::text, ','
                         ORDER BY s.oid) FROM pg_statistic_ext s WHERE s.stxrelid = c.oid))::text
               END)::text, ',' ORDER BY c.oid))
        FROM v JOIN pg_class c ON c.oid = v.oid WHERE c.oid NOT IN (SELECT oid FROM y)
         AND c.relname !~ '^zdm_[0-9]+_[vw][0-9]+$'
      UNION ALL SELECT 'dependent functions', md5(string_agg(ROW(p.oid, p.xmin,
               p.pronamespace::regnamespace, obj_description(p.oid, 'pg_proc'), n.names)::text, ','
               ORDER BY p.oid))
        FROM n JOIN pg_proc p ON p.oid = n.objid AND n.classid = 'pg_proc'::regclass
      UNION ALL SELECT 'dependent policies', md5(string_agg(ROW(p.oid, p.xmin, c.relname,
               c.relnamespace::regnamespace, c.relowner, n.names)::text, ',' ORDER BY p.oid))
        FROM n JOIN pg_policy p ON p.oid = n.objid AND n.classid = 'pg_policy'::regclass
        JOIN pg_class c ON c.oid = p.polrelid WHERE c.oid NOT IN (SELECT oid FROM y)
      UNION ALL SELECT 'partitions'' dependent objects', md5(string_agg(DISTINCT
               ROW(o.classid, o.objid)::text, ',' ORDER BY ROW(o.classid, o.objid)::text))
        FROM o LEFT JOIN pg_constraint k ON o.classid = 'pg_constraint'::regclass AND k.oid = o.objid
       WHERE o.oid NOT IN (SELECT oid FROM t)
         AND (o.refclassid = 'pg_type'::regclass
              OR o.classid IN ('pg_rewrite'::regclass, 'pg_policy'::regclass, 'pg_proc'::regclass,
                               'pg_attrdef'::regclass)
              OR k.contype = 'c')
      UNION ALL
      """;
}
