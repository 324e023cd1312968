package io.zdmosc.mysql.plan;

import io.zdmosc.engine.error.Problem;
import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.mysql.alter.SqlLexer;
import io.zdmosc.mysql.alter.SqlToken;
import io.zdmosc.mysql.catalog.Catalog;
import io.zdmosc.mysql.catalog.TableInfo;
import io.zdmosc.mysql.sql.Session;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Finds the table that the operator names, in the session's database where none is named. */
public final class TableFinder {
  private TableFinder() {}

  /**
   * Finds the table that the operator names.
   *
   * @param problems what was found wrong before; thrown with the table's own when it is not there
   */
  public static TableInfo find(Session session, String name, List<Problem> problems)
      throws SQLException {
    List<String> parts =
        SqlLexer.tokens(name, "ANSI_QUOTES").stream()
            .filter(SqlToken::isName)
            .map(SqlToken::text)
            .toList();
    String schema = parts.size() > 1 ? parts.get(0) : session.text("SELECT DATABASE()").orElse("");
    Optional<TableInfo> table =
        parts.isEmpty() || schema.isEmpty()
            ? Optional.empty()
            : new Catalog(session).table(schema, parts.get(parts.size() - 1));
    if (table.isEmpty()) {
      problems.add(new Problem("table " + name, "does not exist", similar(session, parts)));
      throw new RefusedException(problems);
    }
    return table.get();
  }

  private static String similar(Session session, List<String> parts) throws SQLException {
    String bare = parts.isEmpty() ? "" : parts.get(parts.size() - 1);
    List<String> others =
        session.query(
            """
            SELECT CONCAT(TABLE_SCHEMA, '.', TABLE_NAME) FROM information_schema.TABLES
             WHERE TABLE_SCHEMA NOT IN ('mysql', 'sys', 'information_schema', 'performance_schema')
               AND (LOWER(TABLE_NAME) = LOWER(?)
                    OR LEFT(TABLE_NAME, 3) = LEFT(?, 3))
             ORDER BY LOWER(TABLE_NAME) <> LOWER(?), 1 LIMIT 3\
            """,
            row -> row.getString(1),
            bare,
            bare,
            bare);
    return others.isEmpty()
        ? "Look at the name, and at the database in --url."
        : "Did you mean " + String.join(", or ", others) + "?";
  }
}
