package io.zdmosc.harness.schema;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Everything that MySQL or MariaDB knows about one table, as lines of text: its {@code SHOW CREATE
 * TABLE}, and every column of every row that {@code information_schema} has about it, statistics
 * and moments apart. Two tables with the same dump are the same to every client.
 *
 * <p>Indexes are listed by name: the server has them in the order in which they were added.
 *
 * @param lines each begins with its kind
 */
public record MySqlSchemaDump(List<String> lines) {
  /** Views of the information schema, and what they call the table's schema and name. */
  private static final List<String> VIEWS =
      List.of(
          "TABLES",
          "COLUMNS",
          "STATISTICS",
          "TABLE_CONSTRAINTS",
          "PARTITIONS",
          "KEY_COLUMN_USAGE",
          "TABLES_EXTENSIONS",
          "COLUMNS_EXTENSIONS",
          "ST_GEOMETRY_COLUMNS",
          "PERIODS",
          "KEY_PERIOD_USAGE");

  /** What is not of the definition. */
  private static final Set<String> LEFT_OUT =
      Set.of(
          "TABLE_CATALOG",
          "TABLE_SCHEMA",
          "CONSTRAINT_CATALOG",
          "CONSTRAINT_SCHEMA",
          "INDEX_SCHEMA",
          "REFERENCED_TABLE_SCHEMA",
          "TABLE_ROWS",
          "AVG_ROW_LENGTH",
          "DATA_LENGTH",
          "MAX_DATA_LENGTH",
          "INDEX_LENGTH",
          "MAX_INDEX_LENGTH",
          "DATA_FREE",
          "AUTO_INCREMENT",
          "CREATE_TIME",
          "UPDATE_TIME",
          "CHECK_TIME",
          "CHECKSUM",
          "CARDINALITY");

  public MySqlSchemaDump {
    lines = List.copyOf(lines);
  }

  /**
   * Reads the definition of a table of the connection's current schema.
   *
   * @param table its name, without quotes
   */
  public static MySqlSchemaDump of(Connection connection, String table) throws SQLException {
    List<String> lines = new ArrayList<>(definition(connection, table));
    for (String view : views(connection)) {
      List<String> rows = new ArrayList<>();
      read(
          connection,
          "SELECT * FROM information_schema."
              + view
              + " WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ?",
          table,
          rows,
          view.toLowerCase(Locale.ROOT));
      lines.addAll(rows.stream().sorted().toList());
    }
    List<String> checks = new ArrayList<>();
    read(
        connection,
        "SELECT c.CONSTRAINT_NAME, c.CHECK_CLAUSE FROM information_schema.CHECK_CONSTRAINTS c"
            + " JOIN information_schema.TABLE_CONSTRAINTS t USING (CONSTRAINT_SCHEMA,"
            + " CONSTRAINT_NAME) WHERE t.TABLE_SCHEMA = DATABASE() AND t.TABLE_NAME = ?",
        table,
        checks,
        "check");
    lines.addAll(checks.stream().distinct().sorted().toList());
    return new MySqlSchemaDump(lines);
  }

  /** Those that this server has. */
  private static List<String> views(Connection connection) throws SQLException {
    List<String> views = new ArrayList<>();
    for (String view : VIEWS) {
      try (Statement statement = connection.createStatement();
          ResultSet rows =
              statement.executeQuery(
                  "SHOW TABLES FROM information_schema WHERE Tables_in_information_schema = '"
                      + view
                      + "'")) {
        if (rows.next()) {
          views.add(view);
        }
      }
    }
    return views;
  }

  /** The server's own text; without the counter, which writers move on. */
  private static List<String> definition(Connection connection, String table) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("SHOW CREATE TABLE `" + table.replace("`", "``") + "`")) {
      row.next();
      List<String> text =
          List.of(row.getString(2).replaceFirst("(\n\\).*) AUTO_INCREMENT=\\d+", "$1").split("\n"));
      List<String> lines = new ArrayList<>(List.of(text.get(0)));
      lines.addAll(
          text.subList(1, text.size()).stream()
              .map(line -> line.endsWith(",") ? line.substring(0, line.length() - 1) : line)
              .sorted(MySqlSchemaDump::keysByText)
              .toList());
      return lines;
    }
  }

  /** Stable: only keys move, to the end and among themselves. */
  private static int keysByText(String one, String other) {
    if (isKey(one) && isKey(other)) {
      return one.compareTo(other);
    }
    return Boolean.compare(isKey(one), isKey(other));
  }

  private static boolean isKey(String line) {
    return line.matches(" *(UNIQUE |FULLTEXT |SPATIAL )?KEY .*");
  }

  private static void read(
      Connection connection, String sql, String table, List<String> lines, String kind)
      throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      query.setString(1, table);
      try (ResultSet rows = query.executeQuery()) {
        ResultSetMetaData columns = rows.getMetaData();
        while (rows.next()) {
          StringBuilder line = new StringBuilder(kind);
          for (int i = 1; i <= columns.getColumnCount(); i++) {
            String name = columns.getColumnLabel(i);
            if (!LEFT_OUT.contains(name.toUpperCase(Locale.ROOT))) {
              line.append(' ').append(name).append('=').append(rows.getString(i));
            }
          }
          lines.add(line.toString());
        }
      }
    }
  }

  @Override
  public String toString() {
    return String.join("\n", lines);
  }
}
