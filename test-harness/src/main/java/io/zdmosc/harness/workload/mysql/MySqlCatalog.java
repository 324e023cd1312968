package io.zdmosc.harness.workload.mysql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads what shape a table has. */
final class MySqlCatalog {
  private static final String COLUMNS =
      "SELECT column_name, concat(column_type, ' ', coalesce(collation_name, ''))"
          + " FROM information_schema.columns"
          + " WHERE table_schema = database() AND table_name = ? ORDER BY ordinal_position";

  private MySqlCatalog() {}

  static Map<String, String> columns(Connection connection, String table) throws SQLException {
    Map<String, String> columns = new LinkedHashMap<>();
    try (PreparedStatement statement = connection.prepareStatement(COLUMNS)) {
      statement.setString(1, table);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          columns.put(rows.getString(1), rows.getString(2));
        }
      }
    }
    return columns;
  }
}
