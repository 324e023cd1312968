package io.zdmosc.harness.migration.mysql;

import io.zdmosc.cli.server.Product;
import io.zdmosc.harness.schema.MySqlSchemaDump;
import io.zdmosc.harness.server.mysql.MySqlDatabase;
import io.zdmosc.harness.server.mysql.MySqlServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Everything that the server knows about a table, also beside its definition, as lines of text:
 * rows, histograms or persistent statistics, grants, views that use it, and how it is stored.
 * Numbers are written as short as they can be: a histogram of decimals that was given as data has
 * lost its zeros.
 */
final class OwnedFacts {
  private static final List<String> MYSQL =
      List.of(
          "SELECT COLUMN_NAME, JSON_REMOVE(HISTOGRAM, '$.\"last-updated\"')"
              + " FROM information_schema.COLUMN_STATISTICS"
              + " WHERE SCHEMA_NAME = DATABASE() AND TABLE_NAME = {table} ORDER BY 1",
          "SELECT SUBSTRING_INDEX(SPACE, 'x', 0), ROW_FORMAT, ZIP_PAGE_SIZE, SPACE_TYPE"
              + " FROM information_schema.INNODB_TABLES WHERE NAME LIKE CONCAT(DATABASE(), '/t%')"
              + " ORDER BY NAME",
          "SELECT s.ENCRYPTION, s.AUTOEXTEND_SIZE, s.PAGE_SIZE, s.ROW_FORMAT"
              + " FROM information_schema.INNODB_TABLESPACES s"
              + " WHERE NAME LIKE CONCAT(DATABASE(), '/t%') ORDER BY NAME");

  private static final List<String> MARIADB =
      List.of(
          "SELECT column_name, min_value, max_value, nulls_ratio, avg_length, avg_frequency,"
              + " hist_size, hist_type FROM mysql.column_stats"
              + " WHERE db_name = DATABASE() AND table_name = {table} ORDER BY 1",
          "SELECT index_name, prefix_arity, avg_frequency FROM mysql.index_stats"
              + " WHERE db_name = DATABASE() AND table_name = {table} ORDER BY 1, 2",
          "SELECT G_GEOMETRY_COLUMN, STORAGE_TYPE, GEOMETRY_TYPE, COORD_DIMENSION, SRID"
              + " FROM information_schema.GEOMETRY_COLUMNS"
              + " WHERE G_TABLE_SCHEMA = DATABASE() AND G_TABLE_NAME = {table} ORDER BY 1",
          "SELECT ROW_FORMAT, ZIP_PAGE_SIZE, SPACE_TYPE FROM information_schema.INNODB_SYS_TABLES"
              + " WHERE NAME LIKE CONCAT(DATABASE(), '/t%') ORDER BY NAME");

  private static final List<String> BOTH =
      List.of(
          "SELECT User, Host, Table_name, Table_priv, Column_priv FROM mysql.tables_priv"
              + " WHERE Db = DATABASE() ORDER BY 1, 2, 3",
          "SELECT User, Host, Table_name, Column_name, Column_priv FROM mysql.columns_priv"
              + " WHERE Db = DATABASE() ORDER BY 1, 2, 3, 4",
          "SELECT TABLE_NAME, VIEW_DEFINITION, CHECK_OPTION, IS_UPDATABLE, DEFINER, SECURITY_TYPE"
              + " FROM information_schema.VIEWS WHERE TABLE_SCHEMA = DATABASE() ORDER BY 1");

  private OwnedFacts() {}

  static List<String> of(MySqlDatabase database, String table) throws SQLException {
    List<String> lines = new ArrayList<>(TableDump.of(database, MySqlServer.quote(table)));
    try (Connection connection = database.connect()) {
      lines.addAll(MySqlSchemaDump.of(connection, table).lines());
      List<String> queries = new ArrayList<>(BOTH);
      queries.addAll(
          database.server().spec().release().product() == Product.MYSQL ? MYSQL : MARIADB);
      for (String query : queries) {
        read(connection, query.replace("{table}", "'" + table.replace("'", "''") + "'"), lines);
      }
    }
    return lines;
  }

  private static void read(Connection connection, String query, List<String> lines)
      throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      int columns = rows.getMetaData().getColumnCount();
      while (rows.next()) {
        List<String> values = new ArrayList<>();
        for (int i : IntStream.rangeClosed(1, columns).toArray()) {
          values.add(rows.getMetaData().getColumnLabel(i) + "=" + rows.getString(i));
        }
        lines.add(String.join(" ", values).replaceAll("\\b(\\d+)\\.00\\b", "$1"));
      }
    }
  }
}
