package io.zdmosc.cli.demo;

import io.zdmosc.cli.output.TextTable;
import io.zdmosc.cli.server.Product;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** The table on MySQL and MariaDB. */
final class MySqlDemoTable implements DemoTable {
  private static final long ROWS_PER_STATEMENT = 10_000;

  private static final String DEFINITION =
      """
      CREATE TABLE users (
        id int NOT NULL AUTO_INCREMENT PRIMARY KEY,
        name varchar(100) NOT NULL,
        email varchar(100) NOT NULL,
        country char(2) NOT NULL,
        balance decimal(12,2) NOT NULL DEFAULT 0,
        profile json,
        created_at datetime NOT NULL DEFAULT CURRENT_TIMESTAMP,
        UNIQUE KEY users_email_key (email),
        KEY users_country_created_at_idx (country, created_at),
        KEY users_name_idx (name)
      ) DEFAULT CHARACTER SET utf8mb4\
      """;

  private static final String COLUMNS =
      """
      SELECT COLUMN_NAME, COLUMN_TYPE, IF(IS_NULLABLE = 'NO', 'not null', ''),
             CASE WHEN EXTRA LIKE '%auto_increment%' THEN 'auto_increment'
                  WHEN COLUMN_DEFAULT = 'NULL' THEN ''
                  ELSE COALESCE(COLUMN_DEFAULT, '') END
        FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'users'
       ORDER BY ORDINAL_POSITION\
      """;

  private static final String INDEXES =
      """
      SELECT CONCAT(CASE WHEN INDEX_NAME = 'PRIMARY' THEN 'PRIMARY KEY'
                         WHEN NON_UNIQUE = 0 THEN CONCAT('UNIQUE KEY ', INDEX_NAME)
                         ELSE CONCAT('KEY ', INDEX_NAME) END,
                    ' (', GROUP_CONCAT(COLUMN_NAME ORDER BY SEQ_IN_INDEX SEPARATOR ', '), ')')
        FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'users'
       GROUP BY INDEX_NAME, NON_UNIQUE ORDER BY INDEX_NAME <> 'PRIMARY', INDEX_NAME\
      """;

  private final Product product;

  MySqlDemoTable(Product product) {
    this.product = product;
  }

  @Override
  public String alter() {
    return "MODIFY COLUMN id bigint NOT NULL AUTO_INCREMENT,"
        + " ADD COLUMN plan varchar(20) NOT NULL DEFAULT 'free',"
        + " RENAME COLUMN name TO full_name";
  }

  @Override
  public void create(Connection connection, long rows) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(DEFINITION);
      for (long from = 1; from <= rows; from += ROWS_PER_STATEMENT) {
        statement.execute(fill(from, Math.min(rows, from + ROWS_PER_STATEMENT - 1)));
      }
      statement.execute("ANALYZE TABLE users");
    }
  }

  /** Writes what {@link UserRow#initial} says. */
  private static String fill(long from, long to) {
    return "INSERT INTO users (id, name, email, country, balance, profile, created_at) SELECT n,"
        + (" CONCAT(" + element(UserRow.givenNames()) + ", ' ', ")
        + element(UserRow.familyNames())
        + "), CONCAT('user', n, '@example.com'), "
        + element(UserRow.countries())
        + ", (n % 1000000) / 100, CONCAT('{\"bio\": \"Member number ', n, '\", \"visits\": ', n %"
        + " 50, '}'), "
        + time(UserRow.FIRST_CREATED_AT + " + n * 60")
        + (" FROM (SELECT " + from + " + a.d + 10 * b.d + 100 * c.d + 1000 * e.d AS n FROM ")
        + String.join(", ", digits("a"), digits("b"), digits("c"), digits("e"))
        + (") numbers WHERE n <= " + to + " ORDER BY n");
  }

  private static String digits(String name) {
    return "(SELECT 0 AS d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL"
        + " SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8"
        + " UNION ALL SELECT 9) "
        + name;
  }

  private static String element(List<String> words) {
    return "ELT(n % " + words.size() + " + 1, '" + String.join("','", words) + "')";
  }

  /** A DATETIME in UTC, whatever the session's time zone. */
  private static String time(String seconds) {
    return "TIMESTAMP'1970-01-01 00:00:00' + INTERVAL " + seconds + " SECOND";
  }

  @Override
  public List<String> listing(Connection connection) throws SQLException {
    TextTable columns = new TextTable("column", "type", "", "default");
    try (PreparedStatement query = connection.prepareStatement(COLUMNS);
        ResultSet rows = query.executeQuery()) {
      while (rows.next()) {
        columns.row(rows.getString(1), rows.getString(2), rows.getString(3), rows.getString(4));
      }
    }
    List<String> lines = new ArrayList<>(columns.lines());
    lines.add("  indexes:");
    try (PreparedStatement query = connection.prepareStatement(INDEXES);
        ResultSet rows = query.executeQuery()) {
      while (rows.next()) {
        lines.add("    " + rows.getString(1));
      }
    }
    return lines;
  }

  @Override
  public String insert(Shape shape) {
    return "INSERT INTO users ("
        + shape.nameColumn()
        + ", email, country, balance, profile, created_at) VALUES (?, ?, ?, ?, ?, "
        + time("?")
        + ")";
  }

  @Override
  public String update(Shape shape) {
    return "UPDATE users SET "
        + shape.nameColumn()
        + " = ?, balance = ?, profile = ?"
        + (shape.hasPlan() ? ", plan = ?" : "")
        + " WHERE id = ?";
  }

  @Override
  public String select() {
    return "SELECT id, full_name, email, country, CAST(balance * 100 AS SIGNED), profile,"
        + " TIMESTAMPDIFF(SECOND, '1970-01-01', created_at), plan FROM users ORDER BY id";
  }

  /** Connector/J's word for "one row after the other"; MariaDB's driver takes a number. */
  @Override
  public int fetchSize() {
    return product == Product.MYSQL ? Integer.MIN_VALUE : 5_000;
  }

  @Override
  public String undefinedColumn() {
    return "42S22";
  }
}
