package io.zdmosc.harness.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.engine.progress.Summary;
import io.zdmosc.engine.spi.PreparedChange;
import io.zdmosc.harness.server.mysql.MySqlDatabase;
import io.zdmosc.harness.server.mysql.MySqlRelease;
import io.zdmosc.harness.server.mysql.MySqlServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Rows that change when the new table has all its indexes: the flush updates them where they stand,
 * and replaces them whole where it cannot.
 */
@ParameterizedClass(name = "{0}")
@MethodSource("io.zdmosc.harness.server.mysql.SharedMySqlServers#newest")
class MySqlFlushInPlaceIT {
  private static final int ROWS = 50;

  private static MySqlServer server;

  /** Given to the class by JUnit; used by {@link #startServer}. */
  MySqlFlushInPlaceIT(MySqlRelease release) {}

  @BeforeParameterizedClassInvocation
  static void startServer(MySqlRelease release) {
    server = MySqlServer.start(release);
  }

  @AfterParameterizedClassInvocation
  static void closeServer() {
    server.close();
  }

  @Test
  void whatTheServerFilledInStaysWhenTheRestOfTheRowChanges() throws Exception {
    try (MySqlDatabase database = server.createDatabase("in_place")) {
      database.execute("CREATE TABLE t (id INT PRIMARY KEY, k INT NOT NULL, KEY (k))");
      fill(database, "(id, k)", id -> id + ", " + id);
      String[] before = new String[1];
      Changes changes =
          () -> {
            before[0] = number(database, Tables.shadow(database));
            atOnce(
                database,
                "UPDATE t SET k = 500 WHERE id = 5",
                "DELETE FROM t WHERE id = 6",
                "INSERT INTO t VALUES (1001, 1001)",
                "UPDATE t SET id = 1007 WHERE id = 7");
          };
      migrate(
          database,
          "MODIFY id BIGINT, ADD COLUMN number INT NOT NULL AUTO_INCREMENT, ADD KEY (number)",
          "id, ',', k",
          changes);

      assertThat(number(database, "t")).isEqualTo(before[0]);
    }
  }

  @Test
  void rowsExchangeTheirUniqueValues() throws Exception {
    try (MySqlDatabase database = server.createDatabase("exchanged")) {
      database.execute("CREATE TABLE t (id INT PRIMARY KEY, u INT NOT NULL UNIQUE, v INT)");
      fill(database, "(id, u, v)", id -> id + ", " + id + ", " + id);
      migrate(
          database,
          "MODIFY id BIGINT, ADD COLUMN w INT",
          "id, ',', u, ',', v",
          () ->
              atOnce(
                  database,
                  "UPDATE t SET u = -1 WHERE id = 3",
                  "UPDATE t SET u = 3 WHERE id = 4",
                  "UPDATE t SET u = 4 WHERE id = 3",
                  "DELETE FROM t WHERE id = 10",
                  "UPDATE t SET u = 10 WHERE id = 11",
                  "INSERT INTO t VALUES (10, 11, 0)",
                  "UPDATE t SET v = 0 WHERE id = 20"));
    }
  }

  @Test
  void aTableWithAsManyColumnsAsThereCanBe() throws Exception {
    try (MySqlDatabase database = server.createDatabase("many_columns")) {
      database.execute(
          IntStream.rangeClosed(1, 1_016)
              .mapToObj(i -> ", c" + i + " TINYINT")
              .collect(Collectors.joining("", "CREATE TABLE t (id INT PRIMARY KEY", ")")));
      fill(database, "(id, c1)", id -> id + ", " + id);
      migrate(
          database,
          "MODIFY c1 INT",
          "id, ',', c1",
          () -> atOnce(database, "UPDATE t SET c1 = 0 WHERE id = 3", "DELETE FROM t WHERE id = 4"));
    }
  }

  @Test
  void aTableWithRowsAsLongAsTheyCanBe() throws Exception {
    try (MySqlDatabase database = server.createDatabase("long_rows")) {
      database.execute(
          "CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(65528) CHARACTER SET latin1 NOT NULL)");
      fill(database, "(id, v)", id -> id + ", " + id);
      migrate(
          database,
          "MODIFY id INT UNSIGNED",
          "id, ',', v",
          () -> atOnce(database, "UPDATE t SET v = 0 WHERE id = 3", "DELETE FROM t WHERE id = 4"));
    }
  }

  /** What the application does. */
  @FunctionalInterface
  private interface Changes {
    void make() throws SQLException;
  }

  /** Makes the changes when the indexes are built; both tables must be the same then. */
  private static void migrate(MySqlDatabase database, String alter, String columns, Changes changes)
      throws Exception {
    try (Run run = Run.start(database, "t", alter, change -> changing(change, changes))) {
      Summary summary = run.await();

      assertThat(summary.divergentRows()).isZero();
      assertThat(summary.notes()).isEmpty();
      assertThat(rows(database, columns, "t"))
          .isEqualTo(rows(database, columns, summary.retiredTable()))
          .isNotEmpty();
    }
  }

  private static PreparedChange changing(PreparedChange change, Changes changes) {
    return new ForcedChange(change) {
      @Override
      void beforeVerification() {
        try {
          changes.make();
        } catch (SQLException e) {
          throw new IllegalStateException(e);
        }
      }
    };
  }

  private static List<String> rows(MySqlDatabase database, String columns, String table)
      throws SQLException {
    return Tables.rows(database, "SELECT CONCAT(" + columns + ") FROM " + table);
  }

  private static String number(MySqlDatabase database, String table) throws SQLException {
    return database.queryText("SELECT number FROM " + table + " WHERE id = 5");
  }

  private static void fill(MySqlDatabase database, String columns, IntFunction<String> row)
      throws SQLException {
    database.execute(
        IntStream.rangeClosed(1, ROWS)
            .mapToObj(id -> "(" + row.apply(id) + ")")
            .collect(Collectors.joining(", ", "INSERT INTO t " + columns + " VALUES ", "")));
  }

  /** In one transaction. */
  private static void atOnce(MySqlDatabase database, String... statements) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      for (String sql : statements) {
        statement.execute(sql);
      }
      connection.commit();
    }
  }
}
