package io.zdmosc.harness.schema;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Everything of the user's in a PostgreSQL database, by names and never by oids: two equal dumps
 * mean that no client could tell the two apart. With it goes the whole graph of dependencies, so a
 * view or a key that still meant another table of the same definition would show.
 *
 * <p>Left out are the tool's own objects, rows, statistics, and how far sequences have counted.
 *
 * @param lines sorted; each begins with its kind
 */
public record DatabaseDump(List<String> lines) {
  private static final String OURS = "'^zdm_([0-9]|osc)'";

  /** Relations of the user's. */
  private static final String RELATIONS =
      """
      WITH u AS (SELECT c.*, format('%I.%I', n.nspname, c.relname) AS id
                   FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                  WHERE n.nspname !~ '^(pg_|information_schema$|zdm_)' AND c.relname !~ ~OURS~)
      """
          .replace("~OURS~", OURS);

  private static final List<String> QUERIES =
      List.of(
          """
          SELECT format('relation %s: kind %s, persistence %s, owner %I, grants %s, method %s,'
                        ' tablespace %s, options %s, toast %s, identity %s, security %s %s,'
                        ' populated %s, bound %s, type %s, rules %s, triggers %s, index %s',
                        id, relkind, relpersistence, pg_get_userbyid(relowner),
                        (SELECT string_agg(x::text, ' ' ORDER BY x::text) FROM
                           unnest(coalesce(relacl, acldefault('r', relowner))) AS x),
                        (SELECT amname FROM pg_am WHERE oid = relam), reltablespace, reloptions,
                        (SELECT reloptions FROM pg_class t WHERE t.oid = u.reltoastrelid),
                        relreplident, relrowsecurity, relforcerowsecurity, relispopulated,
                        pg_get_expr(relpartbound, oid), nullif(reloftype, 0)::regtype,
                        relhasrules, relhastriggers, relhasindex)
            FROM u""",
          """
          SELECT format('column %s %s %I: %s, collation %s, not null %s, identity %s, generated %s,'
                        ' default %s, storage %s, compression %s, statistics %s, options %s,'
                        ' local %s, inherited %s, grants %s', id,
                        row_number() OVER (PARTITION BY u.oid ORDER BY a.attnum), a.attname,
                        format_type(a.atttypid, a.atttypmod), a.attcollation::regcollation,
                        a.attnotnull, a.attidentity, a.attgenerated, pg_get_expr(d.adbin, d.adrelid),
                        a.attstorage, a.attcompression, nullif(a.attstattarget, -1), a.attoptions,
                        a.attislocal, a.attinhcount,
                        (SELECT string_agg(x::text, ' ' ORDER BY x::text) FROM unnest(a.attacl) x))
            FROM u JOIN pg_attribute a ON a.attrelid = u.oid AND a.attnum > 0 AND NOT a.attisdropped
            LEFT JOIN pg_attrdef d ON d.adrelid = u.oid AND d.adnum = a.attnum""",
          """
          SELECT format('constraint %I of %s: %s %s, valid %s, deferrable %s %s, local %s, inherited'
                        ' %s, fixed %s, refers to %s, part of %s, triggers %s', c.conname, id,
                        c.contype, pg_get_constraintdef(c.oid), c.convalidated, c.condeferrable,
                        c.condeferred, c.conislocal, c.coninhcount,
                        c.connoinherit AND c.contype <> 'f',
                        nullif(c.confrelid, 0)::regclass,
                        (SELECT w.conname FROM pg_constraint w WHERE w.oid = c.conparentid),
                        (SELECT string_agg(format('%s %s %s', tgtype, tgenabled, tgrelid::regclass),
                                ', ' ORDER BY tgtype, tgrelid::regclass::text)
                           FROM pg_trigger g WHERE g.tgconstraint = c.oid))
            FROM u JOIN pg_constraint c ON c.conrelid = u.oid""",
          """
          SELECT format('index %s: %s, primary %s, valid %s, immediate %s, clustered %s, identity %s,'
                        ' statistics %s', i.indexrelid::regclass, pg_get_indexdef(i.indexrelid),
                        i.indisprimary, i.indisvalid, i.indimmediate, i.indisclustered,
                        i.indisreplident,
                        (SELECT string_agg(a.attnum || '=' || a.attstattarget, ',' ORDER BY a.attnum)
                           FROM pg_attribute a
                          WHERE a.attrelid = i.indexrelid AND a.attstattarget >= 0))
            FROM u JOIN pg_index i ON i.indrelid = u.oid""",
          """
          SELECT format('trigger %I of %s: %s, enabled %s', tgname, id, pg_get_triggerdef(g.oid),
                        tgenabled)
            FROM u JOIN pg_trigger g ON g.tgrelid = u.oid AND NOT g.tgisinternal""",
          """
          SELECT format('rule %I of %s: %s, enabled %s', rulename, id, pg_get_ruledef(r.oid),
                        ev_enabled)
            FROM u JOIN pg_rewrite r ON r.ev_class = u.oid""",
          """
          SELECT format('policy %I of %s: %s, permissive %s, for %s, using %s, check %s', polname, id,
                        polcmd, polpermissive,
                        ARRAY(SELECT pg_get_userbyid(r)::text FROM unnest(polroles) AS r ORDER BY 1),
                        pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid))
            FROM u JOIN pg_policy p ON p.polrelid = u.oid""",
          """
          SELECT format('statistics %s: owner %I, target %s', pg_get_statisticsobjdef(s.oid),
                        pg_get_userbyid(s.stxowner), to_jsonb(s) -> 'stxstattarget')
            FROM u JOIN pg_statistic_ext s ON s.stxrelid = u.oid""",
          """
          SELECT format('published %s in %I: %s, columns %s, where %s', id, p.pubname,
                        to_jsonb(p) - 'oid' - 'pubowner',
                        (SELECT string_agg(a.attname, ', ' ORDER BY a.attname)
                           FROM unnest(r.prattrs::int2[]) AS k
                           JOIN pg_attribute a ON a.attrelid = u.oid AND a.attnum = k),
                        pg_get_expr(r.prqual, r.prrelid))
            FROM u JOIN pg_publication_rel r ON r.prrelid = u.oid
            JOIN pg_publication p ON p.oid = r.prpubid""",
          """
          SELECT format('sequence %s: %s', id, to_jsonb(q) - 'seqrelid')
            FROM u JOIN pg_sequence q ON q.seqrelid = u.oid""",
          """
          SELECT format('inherits %s from %s as %s', id, h.inhparent::regclass, h.inhseqno)
            FROM u JOIN pg_inherits h ON h.inhrelid = u.oid""",
          """
          SELECT format('function %s: %s, owner %I, grants %s', f.oid::regprocedure,
                        CASE WHEN f.prokind <> 'a' THEN pg_get_functiondef(f.oid) END,
                        pg_get_userbyid(f.proowner), f.proacl)
            FROM pg_proc f JOIN pg_namespace n ON n.oid = f.pronamespace
           WHERE n.nspname !~ '^(pg_|information_schema$|zdm_)'""",
          """
          SELECT format('comment on %s: %s', pg_describe_object(classoid, objoid, objsubid),
                        description)
            FROM pg_description
           WHERE objoid >= 16384""",
          """
          SELECT format('label of %s by %s: %s', pg_describe_object(classoid, objoid, objsubid),
                        provider, label)
            FROM pg_seclabel""",
          """
          SELECT format('%s depends on %s: %s', pg_describe_object(classid, objid, objsubid),
                        pg_describe_object(refclassid, refobjid, refobjsubid), deptype)
            FROM pg_depend WHERE objid >= 16384""");

  private static final String BY_NUMBER = "(pg_toast|[A-Za-z]+_ConstraintTrigger(_[ac])?)_[0-9]+";

  public DatabaseDump {
    lines = List.copyOf(lines);
  }

  /** Reads all of it in one transaction. */
  public static DatabaseDump of(Connection connection) throws SQLException {
    boolean autoCommit = connection.getAutoCommit();
    connection.setAutoCommit(false);
    List<String> lines = new ArrayList<>();
    try (Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      statement.execute("SET LOCAL search_path = pg_catalog");
      boolean filters = connection.getMetaData().getDatabaseMajorVersion() >= 15;
      for (String query : QUERIES) {
        String sql =
            filters ? query : query.replace("r.prattrs", "NULL").replace("r.prqual", "NULL");
        try (ResultSet rows = statement.executeQuery(RELATIONS + sql)) {
          while (rows.next()) {
            lines.add(rows.getString(1).replaceAll(BY_NUMBER, "$1"));
          }
        }
      }
    } finally {
      connection.rollback();
      connection.setAutoCommit(autoCommit);
    }
    return new DatabaseDump(
        lines.stream()
            .filter(line -> !line.matches("(?s).*[ .\"]zdm_([0-9]|osc).*"))
            .filter(line -> !line.startsWith("index pg_toast."))
            .sorted()
            .toList());
  }

  /** What this has and the other has not, and the other way round, marked by - and +. */
  public List<String> differences(DatabaseDump later) {
    List<String> gone = new ArrayList<>(lines);
    later.lines.forEach(gone::remove);
    List<String> come = new ArrayList<>(later.lines);
    lines.forEach(come::remove);
    List<String> all = new ArrayList<>();
    gone.forEach(line -> all.add("- " + line));
    come.forEach(line -> all.add("+ " + line));
    return all;
  }

  @Override
  public String toString() {
    return String.join("\n", lines);
  }
}
