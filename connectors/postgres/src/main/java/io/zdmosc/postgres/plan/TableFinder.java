package io.zdmosc.postgres.plan;

import io.zdmosc.engine.error.Problem;
import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.postgres.catalog.Catalog;
import io.zdmosc.postgres.catalog.TableInfo;
import io.zdmosc.postgres.sql.Session;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Finds the table that the operator names, by the session's search path. */
public final class TableFinder {
  private TableFinder() {}

  /**
   * Finds a table.
   *
   * @param problems what was found wrong before; thrown with the table's own when it is not there
   */
  public static TableInfo find(Session session, String name, List<Problem> problems)
      throws SQLException {
    Catalog catalog = new Catalog(session);
    Optional<Long> oid;
    try {
      oid = catalog.resolve(name);
    } catch (SQLException e) {
      if (!isNoName(e)) {
        throw e;
      }
      oid = Optional.empty();
    }
    Optional<TableInfo> table = oid.isPresent() ? catalog.table(oid.get()) : Optional.empty();
    if (table.isEmpty()) {
      problems.add(new Problem("table " + name, "does not exist", similar(session, name)));
      throw new RefusedException(problems);
    }
    return table.get();
  }

  /** The text is no name of a table: wrong syntax, an unknown schema, another database. */
  private static boolean isNoName(SQLException e) {
    String state = String.valueOf(e.getSQLState());
    return state.startsWith("42") || state.startsWith("0A") || state.startsWith("3");
  }

  private static String similar(Session session, String name) throws SQLException {
    String bare = name.substring(name.lastIndexOf('.') + 1).replace("\"", "");
    List<String> others =
        session.query(
            """
            SELECT format('%I.%I', schemaname, tablename) FROM pg_tables
             WHERE lower(tablename) = lower(?::text)
                OR tablename LIKE left(?::text, 3) || '%'
             ORDER BY lower(tablename) <> lower(?::text), 1 LIMIT 3\
            """,
            row -> row.getString(1), bare, bare, bare);
    return others.isEmpty()
        ? "Look at the name, its schema and the database in --url."
        : "Did you mean " + String.join(", or ", others) + "?";
  }
}
