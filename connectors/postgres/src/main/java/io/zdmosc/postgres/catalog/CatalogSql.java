package io.zdmosc.postgres.catalog;

/** The catalog queries. Each takes the table's oid. */
final class CatalogSql {
  private CatalogSql() {}

  static final String TABLE =
      """
      SELECT c.oid::bigint AS oid, n.nspname AS schema, c.relname AS name, c.relkind AS kind,
             c.relpersistence AS persistence, c.relreplident AS replident,
             pg_get_userbyid(c.relowner) AS owner, coalesce(am.amname, '') AS access_method,
             concat_ws(', ',
               (SELECT string_agg(format('%I = %L', split_part(o, '=', 1),
                                         substr(o, strpos(o, '=') + 1)), ', ')
                  FROM unnest(c.reloptions) AS o),
               (SELECT string_agg(format('toast.%I = %L', split_part(o, '=', 1),
                                         substr(o, strpos(o, '=') + 1)), ', ')
                  FROM unnest(t.reloptions) AS o)) AS options,
             coalesce((SELECT spcname FROM pg_tablespace WHERE oid = c.reltablespace), '')
               AS tablespace,
             obj_description(c.oid, 'pg_class') AS comment,
             size.rows, size.table_bytes, size.index_bytes
      FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace
      LEFT JOIN pg_am am ON am.oid = c.relam
      LEFT JOIN pg_class t ON t.oid = c.reltoastrelid
      CROSS JOIN LATERAL (
        SELECT coalesce(sum(CASE WHEN l.reltuples >= 0 THEN l.reltuples::bigint
                    ELSE (pg_relation_size(l.oid) / 100)::bigint END), 0)::bigint AS rows,
               coalesce(sum(pg_table_size(l.oid)), 0)::bigint AS table_bytes,
               coalesce(sum(pg_indexes_size(l.oid)), 0)::bigint AS index_bytes
          FROM (SELECT c.oid WHERE c.relkind <> 'p'
                UNION ALL SELECT relid FROM pg_partition_tree(c.oid) WHERE isleaf AND c.relkind = 'p')
               AS p (oid)
          JOIN pg_class l ON l.oid = p.oid) AS size
      WHERE c.oid = ?::oid\
      """;

  /** A node tree names the functions that it calls by oid: that is how volatility is known. */
  static final String COLUMNS =
      """
      SELECT a.attnum::int AS number, a.attname AS name,
             format_type(a.atttypid, a.atttypmod) AS type,
             format_type(base.oid, -1) AS base_type, base.typname AS type_name, bn.nspname AS type_schema,
             (SELECT format('%I.%I', fn.nspname, f.proname) FROM pg_proc f
                JOIN pg_namespace fn ON fn.oid = f.pronamespace WHERE f.oid = base.typsend)
               AS send_function,
             CASE WHEN a.attcollation <> 0 AND a.attcollation <> ty.typcollation
                  THEN format('%I.%I', cn.nspname, co.collname) END AS collation,
             coalesce(co.collisdeterministic, true) AS deterministic,
             a.attnotnull AS not_null, a.attidentity AS identity, a.attgenerated AS generated,
             pg_get_expr(d.adbin, d.adrelid) AS expression,
             coalesce((SELECT bool_or(p.provolatile = 'v')
                         FROM regexp_matches(d.adbin::text, ':(?:op)?funcid (\\d+)', 'g') AS m
                         JOIN pg_proc p ON p.oid = m[1]::oid), false) AS volatile,
             CASE WHEN a.attstattarget >= 0 THEN a.attstattarget::int END AS statistics,
             (SELECT string_agg(format('%I = %L', split_part(o, '=', 1),
                                       substr(o, strpos(o, '=') + 1)), ', ')
                FROM unnest(a.attoptions) AS o) AS options
      FROM pg_attribute a
      JOIN pg_type ty ON ty.oid = a.atttypid
      JOIN LATERAL (
        WITH RECURSIVE up AS (
          SELECT ty.oid, ty.typtype, ty.typbasetype
          UNION ALL
          SELECT b.oid, b.typtype, b.typbasetype FROM up
          JOIN pg_type b ON b.oid = up.typbasetype WHERE up.typtype = 'd')
        SELECT oid FROM up WHERE typtype <> 'd') bt ON true
      JOIN pg_type base ON base.oid = bt.oid
      JOIN pg_namespace bn ON bn.oid = base.typnamespace
      LEFT JOIN pg_collation co ON co.oid = a.attcollation
      LEFT JOIN pg_namespace cn ON cn.oid = co.collnamespace
      LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
      WHERE a.attrelid = ?::oid AND a.attnum > 0 AND NOT a.attisdropped
      ORDER BY a.attnum\
      """;

  static final String INDEXES =
      """
      SELECT i.indexrelid::bigint AS oid, c.relname AS name,
             pg_get_indexdef(i.indexrelid) AS definition,
             i.indisprimary AS is_primary, i.indisunique AS is_unique, i.indisvalid AS is_valid,
             i.indimmediate AS is_immediate, i.indpred IS NOT NULL AS is_partial,
             i.indisclustered AS is_clustered, i.indisreplident AS is_identity,
             ARRAY(SELECT k::int FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS u(k, o)
                   WHERE o <= i.indnkeyatts ORDER BY o) AS key_columns,
             ARRAY(SELECT (opt & 1) = 1 FROM unnest(i.indoption::int2[]) WITH ORDINALITY AS u(opt, o)
                   WHERE o <= i.indnkeyatts ORDER BY o) AS descending,
             co.conname AS con_name, co.contype AS con_type,
             pg_get_constraintdef(co.oid) AS con_definition,
             coalesce(co.condeferrable, false) AS is_deferrable,
             coalesce(co.condeferred, false) AS is_deferred,
             coalesce((SELECT spcname FROM pg_tablespace WHERE oid = c.reltablespace), '')
               AS tablespace,
             obj_description(c.oid, 'pg_class') AS comment,
             obj_description(co.oid, 'pg_constraint') AS con_comment,
             ARRAY(SELECT a.attnum || '=' || a.attstattarget FROM pg_attribute a
                   WHERE a.attrelid = c.oid AND a.attstattarget >= 0 ORDER BY a.attnum) AS statistics,
             ARRAY(SELECT e.extname::text FROM pg_depend x JOIN pg_extension e ON e.oid = x.refobjid
                   WHERE x.classid = 'pg_class'::regclass AND x.objid = c.oid
                     AND x.refclassid = 'pg_extension'::regclass AND x.deptype = 'x'
                   ORDER BY 1) AS extensions,
             c.relkind = 'I' AS is_partitioned
      FROM pg_index i
      JOIN pg_class c ON c.oid = i.indexrelid
      LEFT JOIN pg_constraint co ON co.conindid = i.indexrelid AND co.conrelid = i.indrelid
                                AND co.contype IN ('p', 'u', 'x')
      WHERE i.indrelid = ?::oid
      ORDER BY i.indisprimary DESC, c.relname\
      """;

  /** Parts of a foreign key, one for each partition on either side, go with the whole. */
  static final String CONSTRAINTS =
      """
      SELECT oid::bigint AS oid, conname AS name, contype AS type,
             pg_get_constraintdef(oid) AS definition, convalidated AS validated,
             ARRAY(SELECT k::int FROM unnest(conkey) WITH ORDINALITY AS u(k, o) ORDER BY o)
               AS columns,
             confrelid::bigint AS referenced, obj_description(oid, 'pg_constraint') AS comment
      FROM pg_constraint c
      WHERE conrelid = ?::oid AND contype IN ('c', 'f', 'n')
        AND (contype <> 'f' OR conparentid = 0)
      ORDER BY conname\
      """;

  /** Definitions in parts; {@code side} is the column of the referring or the referenced table. */
  static final String FOREIGN_KEYS =
      """
      SELECT c.oid::bigint AS oid, c.conname AS name, c.conparentid::bigint AS parent,
             c.conrelid::bigint AS table_oid, format('%I.%I', n.nspname, t.relname) AS table_sql,
             t.relkind AS kind, pg_get_userbyid(t.relowner) AS owner,
             c.confrelid::bigint AS referenced_oid,
             format('%I.%I', rn.nspname, r.relname) AS referenced_sql,
             ARRAY(SELECT k::int FROM unnest(c.conkey) WITH ORDINALITY AS u(k, o) ORDER BY o)
               AS columns,
             ARRAY(SELECT quote_ident(a.attname) FROM unnest(c.conkey) WITH ORDINALITY AS u(k, o)
                   JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = u.k ORDER BY o)
               AS column_names,
             ARRAY(SELECT k::int FROM unnest(c.confkey) WITH ORDINALITY AS u(k, o) ORDER BY o)
               AS referenced,
             ARRAY(SELECT quote_ident(a.attname) FROM unnest(c.confkey) WITH ORDINALITY AS u(k, o)
                   JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = u.k ORDER BY o)
               AS referenced_names,
             ARRAY(SELECT u.k::int
                     FROM jsonb_array_elements_text(nullif(j.row -> 'confdelsetcols', 'null'))
                          WITH ORDINALITY AS u(k, o) ORDER BY o) AS emptied,
             coalesce((j.row ->> 'conperiod')::boolean, false) AS period,
             coalesce((j.row ->> 'conenforced')::boolean, true) AS enforced,
             CASE c.confmatchtype WHEN 'f' THEN ' MATCH FULL' WHEN 'p' THEN ' MATCH PARTIAL'
                  ELSE '' END
             || CASE c.confupdtype WHEN 'r' THEN ' ON UPDATE RESTRICT'
                  WHEN 'c' THEN ' ON UPDATE CASCADE' WHEN 'n' THEN ' ON UPDATE SET NULL'
                  WHEN 'd' THEN ' ON UPDATE SET DEFAULT' ELSE '' END
             || CASE c.confdeltype WHEN 'r' THEN ' ON DELETE RESTRICT'
                  WHEN 'c' THEN ' ON DELETE CASCADE' WHEN 'n' THEN ' ON DELETE SET NULL'
                  WHEN 'd' THEN ' ON DELETE SET DEFAULT' ELSE '' END AS actions,
             CASE WHEN c.condeferrable THEN ' DEFERRABLE' ELSE '' END
             || CASE WHEN c.condeferred THEN ' INITIALLY DEFERRED' ELSE '' END AS deferral,
             c.convalidated AS validated, pg_get_constraintdef(c.oid) AS definition,
             obj_description(c.oid, 'pg_constraint') AS comment
      FROM pg_constraint c
      CROSS JOIN LATERAL (SELECT to_jsonb(c) AS row) AS j
      JOIN pg_class t ON t.oid = c.conrelid JOIN pg_namespace n ON n.oid = t.relnamespace
      JOIN pg_class r ON r.oid = c.confrelid JOIN pg_namespace rn ON rn.oid = r.relnamespace
      WHERE c.contype = 'f' AND c.{side} = ?::oid
      ORDER BY c.oid\
      """;

  static final String SEQUENCES =
      """
      SELECT s.oid::bigint AS oid, n.nspname AS schema, s.relname AS name,
             d.refobjsubid::int AS number, d.deptype = 'i' AS is_identity,
             format_type(q.seqtypid, NULL) AS type, obj_description(s.oid, 'pg_class') AS comment
      FROM pg_depend d
      JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S'
      JOIN pg_namespace n ON n.oid = s.relnamespace
      JOIN pg_sequence q ON q.seqrelid = s.oid
      WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass
        AND d.refobjid = ?::oid AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i')
      ORDER BY d.refobjsubid, s.relname\
      """;
}
