package io.zdmosc.harness.schema;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Everything that PostgreSQL's catalog knows about one table, as lines of text.
 *
 * <p>Two tables with the same dump are the same to every client. What differs from database to
 * database for no reason of the definition is left out or normalised: oids, {@code attnum} where
 * columns were dropped, physical files, statistics, and privileges spelled out that are the default
 * anyway. Columns are numbered by their physical order.
 *
 * @param lines sorted by kind and name; each begins with its kind
 */
public record SchemaDump(List<String> lines) {
  private static final String STATE = "sequence state ";

  private static final String TABLE =
      """
      SELECT format('table %I.%I: kind %s, persistence %s, owner %I, access method %s,'
                    ' tablespace %s, options %s, toast options %s, replica identity %s,'
                    ' row security %s %s, comment %L',
                    n.nspname, c.relname, c.relkind, c.relpersistence,
                    pg_get_userbyid(c.relowner), (SELECT amname FROM pg_am WHERE oid = c.relam),
                    c.reltablespace, c.reloptions, t.reloptions, c.relreplident,
                    c.relrowsecurity, c.relforcerowsecurity, obj_description(c.oid, 'pg_class'))
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        LEFT JOIN pg_class t ON t.oid = c.reltoastrelid
       WHERE c.oid = ?::oid\
      """;

  private static final String COLUMNS =
      """
      SELECT format('column %s %I: %s, collation %s, not null %s, identity %s, generated %s,'
                    ' default %s, storage %s, compression %s, statistics %s, options %s,'
                    ' comment %L',
                    to_char(row_number() OVER (ORDER BY a.attnum), 'FM000'), a.attname,
                    format_type(a.atttypid, a.atttypmod), a.attcollation::regcollation,
                    a.attnotnull, a.attidentity, a.attgenerated,
                    pg_get_expr(d.adbin, d.adrelid), a.attstorage, a.attcompression,
                    nullif(a.attstattarget, -1), a.attoptions,
                    col_description(a.attrelid, a.attnum))
        FROM pg_attribute a
        LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
       WHERE a.attrelid = ?::oid AND a.attnum > 0 AND NOT a.attisdropped\
      """;

  private static final String CONSTRAINTS =
      """
      SELECT format('constraint %I: type %s, %s, validated %s, local %s, inherited %s, part of %s,'
                    ' comment %L', conname, contype, pg_get_constraintdef(oid), convalidated,
                    conislocal, coninhcount,
                    (SELECT format('%I of %s', w.conname, w.conrelid::regclass)
                       FROM pg_constraint w WHERE w.oid = c.conparentid),
                    obj_description(oid, 'pg_constraint'))
        FROM pg_constraint c WHERE conrelid = ?::oid\
      """;

  private static final String INDEXES =
      """
      SELECT format('index %I: %s, primary %s, valid %s, immediate %s, clustered %s,'
                    ' replica identity %s, tablespace %s, statistics %s, comment %L',
                    c.relname, pg_get_indexdef(c.oid), i.indisprimary, i.indisvalid,
                    i.indimmediate, i.indisclustered, i.indisreplident, c.reltablespace,
                    (SELECT string_agg(a.attnum || '=' || a.attstattarget, ',' ORDER BY a.attnum)
                       FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attstattarget >= 0),
                    obj_description(c.oid, 'pg_class'))
        FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indrelid = ?::oid\
      """;

  private static final String GRANTS =
      """
      SELECT format('grant on table: %s to %s, grantable %s, by %s', a.privilege_type,
                    CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(a.grantee) END,
                    a.is_grantable, pg_get_userbyid(a.grantor))
        FROM pg_class c, aclexplode(coalesce(c.relacl, acldefault('r', c.relowner))) a
       WHERE c.oid = ?::oid\
      """;

  private static final String COLUMN_GRANTS =
      """
      SELECT format('grant on column %I: %s to %s, grantable %s, by %s', t.attname,
                    a.privilege_type,
                    CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(a.grantee) END,
                    a.is_grantable, pg_get_userbyid(a.grantor))
        FROM pg_attribute t, aclexplode(t.attacl) a
       WHERE t.attrelid = ?::oid AND t.attnum > 0 AND NOT t.attisdropped\
      """;

  private static final String OTHERS =
      """
      SELECT format('trigger %I: %s, enabled %s, extensions %s, comment %L', g.tgname,
                    pg_get_triggerdef(g.oid), g.tgenabled,
                    ARRAY(SELECT x.refobjid FROM pg_depend x
                           WHERE x.classid = 'pg_trigger'::regclass AND x.objid = g.oid
                             AND x.deptype = 'x' ORDER BY 1),
                    obj_description(g.oid, 'pg_trigger'))
        FROM pg_trigger g WHERE g.tgrelid = t.id AND NOT g.tgisinternal
      UNION ALL
      SELECT format('rule %I: %s, enabled %s, comment %L', rulename, pg_get_ruledef(oid),
                    ev_enabled, obj_description(oid, 'pg_rewrite'))
        FROM pg_rewrite WHERE ev_class = t.id
      UNION ALL
      SELECT format('policy %I: for %s, permissive %s, roles %s, using %s, check %s, comment %L',
                    polname, polcmd, polpermissive, polroles, pg_get_expr(polqual, polrelid),
                    pg_get_expr(polwithcheck, polrelid), obj_description(oid, 'pg_policy'))
        FROM pg_policy WHERE polrelid = t.id
      UNION ALL
      SELECT format('statistics %I: %s, target %s, owner %I, comment %L', stxname,
                    pg_get_statisticsobjdef(oid), nullif(stxstattarget, -1),
                    pg_get_userbyid(stxowner), obj_description(oid, 'pg_statistic_ext'))
        FROM pg_statistic_ext WHERE stxrelid = t.id
      UNION ALL
      SELECT format('incoming foreign key %I of %s: %s', conname, conrelid::regclass,
                    pg_get_constraintdef(oid))
        FROM pg_constraint WHERE confrelid = t.id AND contype = 'f' AND conrelid <> confrelid
      UNION ALL
      SELECT format('publication %I: %s', p.pubname, to_jsonb(p) - 'pubname')
        FROM pg_publication_tables p JOIN pg_class c ON c.relname = p.tablename
        JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = p.schemaname
       WHERE c.oid = t.id
      UNION ALL
      SELECT format('partitioned by %s', pg_get_partkeydef(t.id))
        FROM pg_partitioned_table WHERE partrelid = t.id
      UNION ALL
      SELECT format('partition of %s: %s', h.inhparent::regclass,
                    pg_get_expr(c.relpartbound, c.oid))
        FROM pg_class c JOIN pg_inherits h ON h.inhrelid = c.oid
       WHERE c.oid = t.id AND c.relispartition
      UNION ALL
      SELECT format('partition %s: %s', c.oid::regclass, pg_get_expr(c.relpartbound, c.oid))
        FROM pg_class c JOIN pg_inherits h ON h.inhrelid = c.oid
       WHERE h.inhparent = t.id AND c.relispartition
      UNION ALL
      SELECT format('inherits from %s as %s', h.inhparent::regclass, h.inhseqno)
        FROM pg_class c JOIN pg_inherits h ON h.inhrelid = c.oid
       WHERE c.oid = t.id AND NOT c.relispartition
      UNION ALL
      SELECT format('label by %s of %s: %s', l.provider, coalesce(a.attname, 'it'), l.label)
        FROM pg_seclabel l
        LEFT JOIN pg_attribute a ON a.attrelid = l.objoid AND a.attnum = nullif(l.objsubid, 0)
       WHERE l.classoid = 'pg_class'::regclass AND l.objoid = t.id
      UNION ALL
      SELECT format('index %s: part of %s', i.indexrelid::regclass, h.inhparent::regclass)
        FROM pg_index i JOIN pg_inherits h ON h.inhrelid = i.indexrelid
       WHERE i.indrelid = t.id
      UNION ALL
      SELECT format('constraint %I: part of %I of %s', c.conname, p.conname, p.conrelid::regclass)
        FROM pg_constraint c JOIN pg_constraint p ON p.oid = c.conparentid
       WHERE c.conrelid = t.id\
      """;

  private static final String SEQUENCES =
      """
      SELECT s.oid,
             format('sequence %I.%I: %s of column %I, %s, start %s, increment %s, from %s to %s,'
                    ' cache %s, cycle %s, owner %I, privileges %s, comment %L',
                    n.nspname, s.relname, CASE d.deptype WHEN 'i' THEN 'identity' ELSE 'owned' END,
                    a.attname, format_type(q.seqtypid, NULL), q.seqstart, q.seqincrement, q.seqmin,
                    q.seqmax, q.seqcache, q.seqcycle, pg_get_userbyid(s.relowner),
                    (SELECT string_agg(x::text, ',' ORDER BY x::text)
                       FROM unnest(coalesce(s.relacl, acldefault('s', s.relowner))) AS x),
                    obj_description(s.oid, 'pg_class')),
             format('%I.%I', n.nspname, s.relname)
        FROM pg_depend d
        JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S'
        JOIN pg_namespace n ON n.oid = s.relnamespace
        JOIN pg_sequence q ON q.seqrelid = s.oid
        JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
       WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass
         AND d.refobjid = ?::oid AND d.deptype IN ('a', 'i')\
      """;

  public SchemaDump {
    lines = List.copyOf(lines);
  }

  /**
   * Reads a table's definition.
   *
   * @param table its name, quoted where it must be, with a schema or found by the search path
   */
  public static SchemaDump of(Connection connection, String table) throws SQLException {
    boolean autoCommit = connection.getAutoCommit();
    connection.setAutoCommit(false);
    try {
      String oid = column(connection, "SELECT ?::regclass::oid::text", table).get(0);
      // names are qualified wherever the server writes definitions
      column(connection, "SELECT set_config('search_path', ?, true)", "pg_catalog");
      List<String> lines = new ArrayList<>();
      for (String query :
          List.of(TABLE, COLUMNS, CONSTRAINTS, INDEXES, GRANTS, COLUMN_GRANTS, others())) {
        lines.addAll(column(connection, query, oid));
      }
      lines.addAll(sequences(connection, oid));
      return new SchemaDump(lines.stream().sorted().toList());
    } finally {
      connection.rollback();
      connection.setAutoCommit(autoCommit);
    }
  }

  /** The same without how far the sequences have counted. */
  public SchemaDump withoutSequenceStates() {
    return new SchemaDump(lines.stream().filter(line -> !line.startsWith(STATE)).toList());
  }

  private static String others() {
    return "SELECT o.* FROM (SELECT ?::oid AS id) AS t, LATERAL (" + OTHERS + ") AS o";
  }

  private static List<String> sequences(Connection connection, String oid) throws SQLException {
    List<String> lines = new ArrayList<>();
    List<String> names = new ArrayList<>();
    try (PreparedStatement query = connection.prepareStatement(SEQUENCES)) {
      query.setString(1, oid);
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          lines.add(rows.getString(2));
          names.add(rows.getString(3));
        }
      }
    }
    for (String name : names) {
      String state = "SELECT ? || last_value || ', called ' || is_called FROM " + name;
      lines.addAll(column(connection, state, STATE + name + ": "));
    }
    return lines;
  }

  private static List<String> column(Connection connection, String sql, String parameter)
      throws SQLException {
    List<String> lines = new ArrayList<>();
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      query.setString(1, parameter);
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          lines.add(rows.getString(1));
        }
      }
    }
    return lines;
  }

  @Override
  public String toString() {
    return String.join("\n", lines);
  }
}
