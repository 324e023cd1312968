package io.zdmosc.harness.fuzz.mysql;

import io.zdmosc.harness.schema.MySqlSchemaDump;
import io.zdmosc.harness.server.mysql.MySqlDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** All that can be seen of a table: its definition, triggers, every byte of every row. */
final class TableState {
  private static final String TRIGGERS =
      """
      SELECT CONCAT_WS(' ', TRIGGER_NAME, ACTION_TIMING, EVENT_MANIPULATION, ACTION_ORDER, DEFINER,
                       SQL_MODE, CHARACTER_SET_CLIENT, COLLATION_CONNECTION, DATABASE_COLLATION,
                       ACTION_STATEMENT)
        FROM information_schema.TRIGGERS
       WHERE TRIGGER_SCHEMA = DATABASE() AND EVENT_OBJECT_TABLE = ? ORDER BY 1\
      """;

  private TableState() {}

  static List<String> of(MySqlDatabase database, String table) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("SET SESSION time_zone = '+00:00', sql_mode = ''");
      List<String> lines = new ArrayList<>();
      MySqlSchemaDump.of(connection, table).lines().forEach(line -> lines.add(unsaid(line)));
      lines.addAll(texts(connection, TRIGGERS, table));
      statement.execute("SET NAMES utf8mb4");
      lines.addAll(rows(connection, table));
      if (!texts(connection, "SHOW TABLES LIKE ?", FuzzedTable.AUDIT).isEmpty()) {
        lines.addAll(rows(connection, FuzzedTable.AUDIT));
      }
      lines.addAll(health(connection, table));
      return lines;
    }
  }

  /**
   * A column's character set stands in the information schema's lines. Whether the definition says
   * it hangs on how the column came by it, which the server remembers and does not show.
   */
  private static String unsaid(String line) {
    return line.startsWith("  `")
        ? line.replaceAll(" CHARACTER SET \\w+", "").replaceAll(" COLLATE \\w+", "")
        : line;
  }

  private static List<String> rows(Connection connection, String table) throws SQLException {
    String columns =
        texts(
                connection,
                "SELECT CONCAT(DATA_TYPE, ' ', COLUMN_NAME) FROM information_schema.COLUMNS"
                    + " WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ? ORDER BY ORDINAL_POSITION",
                table)
            .stream()
            .map(TableState::shown)
            .collect(Collectors.joining(", "));
    return texts(
        connection,
        "SELECT CONCAT_WS('|', " + columns + ") AS r FROM " + Names.quoted(table) + " ORDER BY r",
        null);
  }

  private static String shown(String typeAndName) {
    int blank = typeAndName.indexOf(' ');
    String type = typeAndName.substring(0, blank);
    String name = Names.quoted(typeAndName.substring(blank + 1));
    String value =
        switch (type) {
          case "float", "double" -> "CAST(" + name + " + 0e0 AS CHAR)"; // every digit of it
          case "enum", "set" -> "CONCAT(" + name + " + 0, HEX(" + name + "))";
          case "char",
              "varchar",
              "tinytext",
              "text",
              "mediumtext",
              "longtext",
              "binary",
              "varbinary",
              "tinyblob",
              "blob",
              "mediumblob",
              "longblob",
              "geometry",
              "point",
              "vector" ->
              "HEX(" + name + ")";
          default -> "HEX(CAST(" + name + " AS BINARY))";
        };
    return "COALESCE(" + value + ", 'NULL')";
  }

  /** Whether its indexes hold what its rows hold, as the server sees it. */
  private static List<String> health(Connection connection, String table) throws SQLException {
    List<String> lines = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("CHECK TABLE " + Names.quoted(table))) {
      while (rows.next()) {
        lines.add("check " + rows.getString(3) + " " + rows.getString(4));
      }
    }
    return lines;
  }

  private static List<String> texts(Connection connection, String sql, String argument)
      throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      if (argument != null) {
        query.setString(1, argument);
      }
      List<String> found = new ArrayList<>();
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          found.add(rows.getString(1));
        }
      }
      return found;
    }
  }
}
