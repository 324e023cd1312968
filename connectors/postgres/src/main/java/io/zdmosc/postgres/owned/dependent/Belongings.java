package io.zdmosc.postgres.owned.dependent;

import static io.zdmosc.postgres.sql.Sql.name;

import io.zdmosc.postgres.owned.SecurityLabel;
import io.zdmosc.postgres.sql.Session;
import io.zdmosc.postgres.sql.Sql;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * What hangs on a view and is lost with it: owner, grants, defaults of its columns, comments,
 * rules, triggers, security labels. The statements give it to one of the same name and columns.
 */
final class Belongings {
  private static final String DEFAULT_GRANTEES =
      """
      SELECT DISTINCT CASE WHEN a.grantee = 0 THEN 'PUBLIC'
                           ELSE quote_ident(pg_get_userbyid(a.grantee)) END
        FROM pg_default_acl d, aclexplode(d.defaclacl) AS a
       WHERE d.defaclobjtype = 'r'
         AND d.defaclrole = (SELECT oid FROM pg_roles WHERE rolname = current_user)
         AND d.defaclnamespace IN (0, (SELECT relnamespace FROM pg_class WHERE oid = ?::oid))
       ORDER BY 1\
      """;

  private static final String GRANTS =
      """
      SELECT format('GRANT %s ON %s TO %s%s', g.privilege, ?::text,
                    CASE g.grantee WHEN 0 THEN 'PUBLIC'
                         ELSE quote_ident(pg_get_userbyid(g.grantee)) END,
                    CASE WHEN g.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
        FROM (SELECT a.grantee, a.privilege_type AS privilege, a.is_grantable
                FROM pg_class c, aclexplode(c.relacl) AS a WHERE c.oid = ?::oid
              UNION ALL
              SELECT a.grantee, format('%s (%I)', a.privilege_type, t.attname), a.is_grantable
                FROM pg_attribute t, aclexplode(t.attacl) AS a WHERE t.attrelid = ?::oid) AS g
       ORDER BY 1\
      """;

  private static final String DEFAULTS =
      """
      SELECT format('ALTER VIEW %s ALTER COLUMN %I SET DEFAULT %s', ?::text, t.attname,
                    pg_get_expr(d.adbin, d.adrelid))
        FROM pg_attrdef d JOIN pg_attribute t ON t.attrelid = d.adrelid AND t.attnum = d.adnum
       WHERE d.adrelid = ?::oid ORDER BY d.adnum\
      """;

  /** Those that mention an exchanged table are pieces of their own. */
  private static final String NOT_A_PIECE =
      """
      NOT EXISTS (SELECT FROM pg_depend d JOIN pg_class c ON c.oid = ANY (p.tables)
                   WHERE d.classid = 'pg_rewrite'::regclass AND d.objid = pg_rewrite.oid
                     AND (d.refclassid = 'pg_class'::regclass AND d.refobjid = c.oid
                          OR d.refclassid = 'pg_type'::regclass
                             AND d.refobjid IN (c.reltype, (SELECT typarray FROM pg_type
                                                             WHERE oid = c.reltype))))\
      """;

  private static final String RULES =
      """
      SELECT rtrim(pg_get_ruledef(pg_rewrite.oid), '; ')
        FROM pg_rewrite, (SELECT ?::oid[] AS tables) AS p
       WHERE ev_class = ?::oid AND rulename <> '_RETURN' AND %s ORDER BY rulename\
      """
          .formatted(NOT_A_PIECE);

  private static final String TRIGGERS =
      "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = ?::oid AND NOT tgisinternal"
          + " ORDER BY tgname";

  private static final String COMMENTS =
      """
      SELECT format('COMMENT ON %%s%%s IS %%L', ?::text, ?::text,
                    obj_description(?::oid, 'pg_class'))
       WHERE obj_description(?::oid, 'pg_class') IS NOT NULL
      UNION ALL
      SELECT format('COMMENT ON COLUMN %%s.%%I IS %%L', ?::text, attname,
                    col_description(attrelid, attnum))
        FROM pg_attribute
       WHERE attrelid = ?::oid AND col_description(attrelid, attnum) IS NOT NULL
      UNION ALL
      SELECT format('COMMENT ON RULE %%I ON %%s IS %%L', rulename, ?::text,
                    obj_description(pg_rewrite.oid, 'pg_rewrite'))
        FROM pg_rewrite, (SELECT ?::oid[] AS tables) AS p
       WHERE ev_class = ?::oid AND rulename <> '_RETURN' AND %s
         AND obj_description(pg_rewrite.oid, 'pg_rewrite') IS NOT NULL
      UNION ALL
      SELECT format('COMMENT ON TRIGGER %%I ON %%s IS %%L', tgname, ?::text,
                    obj_description(oid, 'pg_trigger'))
        FROM pg_trigger
       WHERE tgrelid = ?::oid AND obj_description(oid, 'pg_trigger') IS NOT NULL\
      """
          .formatted(NOT_A_PIECE);

  private final Session session;
  private final ViewInfo view;
  private final String tables;

  /**
   * @param exchanged the oids of the tables that others take the places of
   */
  Belongings(Session session, ViewInfo view, Collection<Long> exchanged) {
    this.session = session;
    this.tables = Sql.array(exchanged.stream().map(String::valueOf).toList());
    this.view = view;
  }

  /** Owner and grants. */
  List<String> rights() throws SQLException {
    List<String> statements = new ArrayList<>();
    statements.add("ALTER " + view.type() + view.sql() + " OWNER TO " + name(view.owner()));
    grants(statements);
    return statements;
  }

  /** All the rest. */
  List<String> rest() throws SQLException {
    List<String> statements = new ArrayList<>();
    statements.addAll(texts(DEFAULTS, view.sql(), view.oid()));
    statements.addAll(texts(RULES, tables, view.oid()));
    statements.addAll(texts(TRIGGERS, view.oid()));
    String sql = view.sql();
    long oid = view.oid();
    String type = view.type();
    statements.addAll(texts(COMMENTS, type, sql, oid, oid, sql, oid, sql, tables, oid, sql, oid));
    statements.addAll(labels());
    return statements;
  }

  /** Security labels of the view, its columns and its row type. */
  List<String> labels() throws SQLException {
    return SecurityLabel.of(session, view.oid()).stream()
        .map(label -> label.statement(view.type().strip(), view.sql()))
        .toList();
  }

  /** The owner appears as the one who granted. */
  private void grants(List<String> statements) throws SQLException {
    for (String grantee : texts(DEFAULT_GRANTEES, view.oid())) {
      statements.add("REVOKE ALL ON " + view.sql() + " FROM " + grantee);
    }
    if (session.test("SELECT relacl IS NULL FROM pg_class WHERE oid = ?::oid", view.oid())) {
      statements.add("GRANT ALL ON " + view.sql() + " TO " + name(view.owner()));
    } else {
      statements.add("REVOKE ALL ON " + view.sql() + " FROM " + name(view.owner()));
    }
    statements.addAll(texts(GRANTS, view.sql(), view.oid(), view.oid()));
  }

  private List<String> texts(String query, Object... parameters) throws SQLException {
    return session.query(query, row -> row.getString(1), parameters);
  }
}
