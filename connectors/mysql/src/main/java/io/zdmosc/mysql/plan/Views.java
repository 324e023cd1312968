package io.zdmosc.mysql.plan;

import io.zdmosc.mysql.alter.SqlLexer;
import io.zdmosc.mysql.alter.SqlToken;
import io.zdmosc.mysql.alter.SqlToken.Kind;
import io.zdmosc.mysql.catalog.TableInfo;
import io.zdmosc.mysql.sql.Session;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/**
 * The views that use a table themselves, as far as the user may see them. MySQL lists them; on
 * MariaDB their definitions are read.
 */
final class Views {
  private static final String MYSQL =
      """
      SELECT v.TABLE_SCHEMA, v.TABLE_NAME, COALESCE(v.VIEW_DEFINITION, '')
        FROM information_schema.VIEW_TABLE_USAGE u
        JOIN information_schema.VIEWS v
          ON v.TABLE_SCHEMA = u.VIEW_SCHEMA AND v.TABLE_NAME = u.VIEW_NAME
       WHERE u.TABLE_SCHEMA = ? AND u.TABLE_NAME = ? ORDER BY 1, 2\
      """;

  /** Without the privilege there is no definition; then the database is what can be gone by. */
  private static final String MARIADB =
      """
      SELECT TABLE_SCHEMA, TABLE_NAME, COALESCE(VIEW_DEFINITION, '') FROM information_schema.VIEWS
       WHERE TABLE_SCHEMA NOT IN ('sys', 'mysql') ORDER BY 1, 2\
      """;

  private final Session session;
  private final TableInfo table;

  Views(Session session, TableInfo table) {
    this.session = session;
    this.table = table;
  }

  /**
   * A view.
   *
   * @param definition empty where the user may not see it
   */
  record View(String schema, String name, String definition) {

    /** Whether a column of this name, of whichever table, is in it. */
    boolean names(String column) {
      List<SqlToken> tokens = tokens();
      for (int i = 1; i < tokens.size(); i++) {
        if (tokens.get(i - 1).kind() == Kind.DOT
            && tokens.get(i).isName()
            && tokens.get(i).text().equalsIgnoreCase(column)) {
          return true;
        }
      }
      return false;
    }

    private boolean uses(TableInfo table) {
      List<SqlToken> tokens = tokens();
      for (int i = 2; i < tokens.size(); i++) {
        if (tokens.get(i - 2).text().equalsIgnoreCase(table.schema())
            && tokens.get(i - 1).kind() == Kind.DOT
            && tokens.get(i).text().equalsIgnoreCase(table.name())) {
          return true;
        }
      }
      return false;
    }

    private List<SqlToken> tokens() {
      return SqlLexer.tokens(definition, "");
    }
  }

  List<View> find() throws SQLException {
    boolean mariaDb = session.server().mariaDb();
    List<View> views =
        mariaDb
            ? session.read(MARIADB, Views::view)
            : session.query(MYSQL, Views::view, schema(), table.name());
    return views.stream().filter(view -> !mariaDb || mayUse(view)).toList();
  }

  private boolean mayUse(View view) {
    return view.definition().isEmpty() ? view.schema().equals(schema()) : view.uses(table);
  }

  private String schema() {
    return table.schema();
  }

  private static View view(ResultSet row) throws SQLException {
    return new View(row.getString(1), row.getString(2), row.getString(3));
  }
}
