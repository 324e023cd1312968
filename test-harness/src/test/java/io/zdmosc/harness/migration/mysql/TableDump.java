package io.zdmosc.harness.migration.mysql;

import io.zdmosc.harness.server.mysql.MySqlDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** All that can be seen of a table, for comparing it with another one of the same name. */
final class TableDump {
  private TableDump() {}

  /** The definition, then the rows in the order of their bytes. */
  static List<String> of(MySqlDatabase database, String table) throws SQLException {
    List<String> lines = new ArrayList<>();
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("SET SESSION sql_big_selects = 1, sql_select_limit = 1000000");
      try (ResultSet row = statement.executeQuery("SHOW CREATE TABLE " + table)) {
        row.next();
        List<String> definition = new ArrayList<>(List.of(row.getString(2).split("\n")));
        // the server itself lists indexes in the order in which they were added
        lines.add(definition.get(0));
        lines.addAll(
            definition.subList(1, definition.size()).stream()
                .map(line -> line.endsWith(",") ? line.substring(0, line.length() - 1) : line)
                .sorted(
                    (one, other) ->
                        Boolean.compare(isKey(one), isKey(other)) * 2
                            + (isKey(one) && isKey(other) ? one.compareTo(other) : 0))
                .toList());
      }
      List<String> columns = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery("SHOW COLUMNS FROM " + table)) {
        while (rows.next()) {
          columns.add(
              "COALESCE(HEX(CAST(`"
                  + rows.getString(1).replace("`", "``")
                  + "` AS BINARY)), 'NULL')");
        }
      }
      String row = columns.stream().collect(Collectors.joining(", ", "CONCAT_WS('|', ", ")"));
      try (ResultSet rows =
          statement.executeQuery("SELECT " + row + " AS r FROM " + table + " ORDER BY r")) {
        while (rows.next()) {
          lines.add(rows.getString(1));
        }
      }
    }
    return lines;
  }

  private static boolean isKey(String line) {
    return line.matches(" *(UNIQUE |FULLTEXT |SPATIAL |VECTOR )?KEY .*");
  }
}
