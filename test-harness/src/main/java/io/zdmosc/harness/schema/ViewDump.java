package io.zdmosc.harness.schema;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Everything that PostgreSQL's catalog knows about the views and materialized views of a database,
 * as lines of text: what they are defined as, which tables they are really bound to, and all that
 * hangs on them.
 *
 * @param lines sorted; each begins with the view's name
 */
public record ViewDump(List<String> lines) {
  private static final String LINES =
      """
      WITH v AS (
        SELECT c.oid, format('%I.%I', n.nspname, c.relname) AS name, c.relkind, c.relowner,
               c.reloptions, c.relacl, c.relispopulated
          FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE c.relkind IN ('v', 'm') AND n.nspname !~ '^(pg_|information_schema|zdm)')
      SELECT format('%s is %s of %s with %s, populated %s, comment %L: %s', name, relkind,
                    pg_get_userbyid(relowner), reloptions, relispopulated,
                    obj_description(oid, 'pg_class'), pg_get_viewdef(oid)) FROM v
      UNION ALL
      SELECT format('%s reads %s', name, d.refobjid::regclass) FROM v
        JOIN pg_rewrite r ON r.ev_class = v.oid
        JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid
       WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid <> v.oid
      UNION ALL
      SELECT format('%s column %s %I: %s, collation %s, default %s, comment %L', name, attnum, attname,
                    format_type(atttypid, atttypmod), attcollation::regcollation,
                    (SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef
                      WHERE adrelid = attrelid AND adnum = attnum),
                    col_description(attrelid, attnum))
        FROM v JOIN pg_attribute ON attrelid = oid AND attnum > 0 AND NOT attisdropped
      UNION ALL
      SELECT format('%s grants %s to %s, grantable %s, by %s', name, privilege_type,
                    CASE grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(grantee) END,
                    is_grantable, pg_get_userbyid(grantor))
        FROM v, aclexplode(coalesce(relacl, acldefault('r', relowner)))
      UNION ALL
      SELECT format('%s column %I grants %s to %s, grantable %s', name, attname, privilege_type,
                    CASE grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(grantee) END,
                    is_grantable)
        FROM v JOIN pg_attribute ON attrelid = oid, aclexplode(attacl)
      UNION ALL
      SELECT format('%s rule %s enabled %s, comment %L', name, pg_get_ruledef(r.oid), ev_enabled,
                    obj_description(r.oid, 'pg_rewrite'))
        FROM v JOIN pg_rewrite r ON r.ev_class = v.oid WHERE rulename <> '_RETURN'
      UNION ALL
      SELECT format('%s trigger %s enabled %s, comment %L', name, pg_get_triggerdef(g.oid),
                    tgenabled, obj_description(g.oid, 'pg_trigger'))
        FROM v JOIN pg_trigger g ON g.tgrelid = v.oid
      UNION ALL
      SELECT format('%s index %s, clustered %s, valid %s, comment %L', name,
                    pg_get_indexdef(indexrelid), indisclustered, indisvalid,
                    obj_description(indexrelid, 'pg_class'))
        FROM v JOIN pg_index i ON i.indrelid = v.oid
      UNION ALL
      SELECT format('%s keeps rows by %s in %s, toast %s', name,
                    (SELECT amname FROM pg_am WHERE oid = c.relam), c.reltablespace,
                    (SELECT reloptions FROM pg_class WHERE oid = c.reltoastrelid))
        FROM v JOIN pg_class c ON c.oid = v.oid WHERE v.relkind = 'm'
      UNION ALL
      SELECT format('%s column %I has statistics %s, storage %s, compression %s, options %s', name,
                    attname, coalesce(attstattarget, -1), attstorage, attcompression, attoptions)
        FROM v JOIN pg_attribute ON attrelid = oid AND attnum > 0 WHERE v.relkind = 'm'
      UNION ALL
      SELECT format('%s extended statistics %s of %s, target %s, comment %L', name,
                    pg_get_statisticsobjdef(s.oid), pg_get_userbyid(s.stxowner),
                    coalesce(s.stxstattarget, -1), obj_description(s.oid, 'pg_statistic_ext'))
        FROM v JOIN pg_statistic_ext s ON s.stxrelid = v.oid
      UNION ALL
      SELECT format('%s depends on extension %s', name, e.extname)
        FROM v JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = v.oid
         AND d.deptype = 'x' JOIN pg_extension e ON e.oid = d.refobjid\
      """;

  public ViewDump {
    lines = List.copyOf(lines);
  }

  public static ViewDump of(Connection connection) throws SQLException {
    List<String> lines = new ArrayList<>();
    boolean autoCommit = connection.getAutoCommit();
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET LOCAL search_path = pg_catalog");
      try (ResultSet rows = statement.executeQuery(LINES)) {
        while (rows.next()) {
          lines.add(rows.getString(1));
        }
      }
    } finally {
      connection.rollback();
      connection.setAutoCommit(autoCommit);
    }
    return new ViewDump(lines.stream().distinct().sorted().toList());
  }

  @Override
  public String toString() {
    return String.join("\n", lines);
  }
}
