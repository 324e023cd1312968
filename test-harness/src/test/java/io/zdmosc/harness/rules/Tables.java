package io.zdmosc.harness.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.harness.server.PostgresDatabase;
import io.zdmosc.harness.server.TestDatabase;
import io.zdmosc.harness.server.mysql.MySqlDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Looks at the tables of a migration from outside. */
final class Tables {

  private Tables() {}

  /** The shadow of the only open migration. */
  static String shadow(TestDatabase database) throws SQLException {
    return database.queryText(
        database instanceof MySqlDatabase
            ? "SELECT CONCAT('`', shadow_schema, '`.`', shadow_name, '`') FROM zdm_osc.migration"
                + " WHERE open_table IS NOT NULL"
            : "SELECT format('%I.%I', table_schema, shadow_name) FROM zdm_osc.migration"
                + " WHERE is_open");
  }

  /** The rows of a query, each as one text, in the order of these texts. */
  static List<String> rows(TestDatabase database, String sql) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      List<String> rows = new ArrayList<>();
      while (result.next()) {
        rows.add(result.getString(1));
      }
      rows.sort(null);
      return rows;
    }
  }

  /** All rows of a table as the server writes them. */
  static List<String> rows(TestDatabase database, String columns, String table)
      throws SQLException {
    return rows(database, "SELECT ROW(" + columns + ")::text FROM " + table);
  }

  /** After a failed migration the application finds everything as it was. */
  static void assertNothingLeftBehind(TestDatabase database) throws SQLException {
    assertThat(((PostgresDatabase) database).replicationSlots()).isEmpty();
    assertThat(rows(database, "SELECT pubname FROM pg_publication")).isEmpty();
    assertThat(rows(database, "SELECT relname FROM pg_class WHERE relname LIKE 'zdm\\_%'"))
        .isEmpty();
    assertThat(rows(database, "SELECT id::text FROM zdm_osc.migration WHERE is_open")).isEmpty();
  }
}
