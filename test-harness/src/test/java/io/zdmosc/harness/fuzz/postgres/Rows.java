package io.zdmosc.harness.fuzz.postgres;

import io.zdmosc.harness.server.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The rows of all of the user's tables, as the server writes them, in an order of their own. */
final class Rows {
  private static final String TABLES =
      """
      SELECT format('SELECT %L || ROW(%s)::text FROM %s', c.oid::regclass || ' ',
                    coalesce(string_agg(quote_ident(attname), ', ' ORDER BY attname), ''),
                    c.oid::regclass)
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND attnum > 0 AND NOT attisdropped
             AND NOT attname = ANY (?)
       WHERE c.relkind = 'r' AND n.nspname !~ '^(pg_|information_schema$|zdm_)'
         AND c.relname !~ '^zdm_[0-9]+_'
       GROUP BY c.oid\
      """;

  private Rows() {}

  /**
   * Reads them.
   *
   * @param without names of columns to leave out, in quotes
   */
  static List<String> of(TestDatabase database, Set<String> without) throws SQLException {
    List<String> rows = new ArrayList<>();
    String[] names =
        without.stream()
            .map(name -> name.substring(1, name.length() - 1).replace("\"\"", "\""))
            .toArray(String[]::new);
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        PreparedStatement tables = connection.prepareStatement(TABLES)) {
      statement.execute("SET row_security = off");
      statement.setEscapeProcessing(false);
      tables.setArray(1, connection.createArrayOf("text", names));
      try (ResultSet queries = tables.executeQuery()) {
        while (queries.next()) {
          read(statement, queries.getString(1), rows);
        }
      }
    }
    return rows.stream().sorted().toList();
  }

  private static void read(Statement statement, String query, List<String> rows)
      throws SQLException {
    try (ResultSet all = statement.executeQuery(query)) {
      while (all.next()) {
        rows.add(all.getString(1));
      }
    }
  }
}
