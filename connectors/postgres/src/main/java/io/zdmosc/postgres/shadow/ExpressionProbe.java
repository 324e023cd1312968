package io.zdmosc.postgres.shadow;

import static io.zdmosc.postgres.sql.Sql.name;

import io.zdmosc.postgres.sql.Session;
import java.sql.SQLException;

/** Asks the server about an expression over a table, by a view on it that does not stay. */
final class ExpressionProbe {
  private final Session session;
  private final String schema;
  private final String userSearchPath;
  private final String table;
  private final String alias;

  /**
   * @param session within a transaction
   * @param schema where a view can be made
   * @param table by its qualified name
   * @param alias the name under which the expression knows it
   */
  ExpressionProbe(
      Session session, String schema, String userSearchPath, String table, String alias) {
    this.session = session;
    this.schema = schema;
    this.userSearchPath = userSearchPath;
    this.table = table;
    this.alias = alias;
  }

  /** Whether it gives the same value again. */
  boolean isRepeatable(String expression) throws SQLException {
    String view = name(schema, "zdm_expression");
    session.execute("SET LOCAL search_path = " + userSearchPath);
    session.execute(
        "CREATE VIEW "
            + view
            + " AS SELECT "
            + expression
            + " AS value FROM "
            + table
            + " AS "
            + name(alias));
    session.execute("SET LOCAL search_path = pg_catalog");
    boolean changes =
        session.test(
            """
            SELECT bool_or(p.provolatile = 'v'
                           OR p.proname IN ('now', 'transaction_timestamp', 'statement_timestamp'))
                   OR bool_or(r.ev_action::text LIKE '%{SQLVALUEFUNCTION%')
              FROM pg_rewrite r
              LEFT JOIN LATERAL regexp_matches(r.ev_action::text, ':(?:op)?funcid (\\d+)', 'g') m
                     ON true
              LEFT JOIN pg_proc p ON p.oid = m[1]::oid
             WHERE r.ev_class = ?::regclass\
            """,
            view);
    session.execute("DROP VIEW " + view);
    return !changes;
  }
}
