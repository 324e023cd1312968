package io.zdmosc.harness.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.engine.spi.ConnectionSettings;
import io.zdmosc.engine.spi.ControlStore;
import io.zdmosc.engine.spi.Database;
import io.zdmosc.harness.migration.mysql.FamilyTables;
import io.zdmosc.harness.server.TestDatabase;
import io.zdmosc.harness.server.mysql.MySqlDatabase;
import io.zdmosc.mysql.MySqlConnector;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;

/** What may and what must be found when an exchange of foreign keys has broken off. */
final class BrokenOffKeys {
  private BrokenOffKeys() {}

  static Database open(TestDatabase database) {
    return new MySqlConnector()
        .connect(
            new ConnectionSettings(
                database.jdbcUrl(), database.user(), database.password(), Map.of()));
  }

  /** What an application might do now; whatever is refused is refused. */
  static void attack(FamilyTables tables) throws SQLException {
    try (Connection connection = tables.shop().connect();
        Statement statement = connection.createStatement()) {
      assertThat(error(statement, "INSERT INTO c1 VALUES (8, 8, 0, NULL)")).isEqualTo(1452);
      assertThat(error(statement, "INSERT INTO g VALUES (8, 8)")).isEqualTo(1452);
      assertThat(error(statement, "INSERT INTO " + tables.elsewhere() + " VALUES (8, 8)"))
          .isEqualTo(1452);
      assertThat(error(statement, "DELETE FROM t WHERE id = 1")).isEqualTo(1451);
      error(statement, "INSERT INTO t (id, code) VALUES (7, 'g')");
      error(statement, "INSERT INTO c1 VALUES (7, 7, 0, 'g')");
      error(statement, "DELETE FROM t WHERE id = 7");
      error(statement, "UPDATE t SET p = 2, up = NULL WHERE id IN (2, 3)");
      error(statement, "DELETE FROM p WHERE id = 1"); // by itself what only looks like its child
      error(statement, "DELETE FROM region WHERE a = 1 AND b = 1");
      error(statement, "UPDATE p SET id = 5 WHERE id = 2");
    }
    assertThat(tables.texts("SELECT id FROM t WHERE id < 7 ORDER BY id"))
        .containsExactly("1", "2", "3");
    assertThat(tables.texts("SELECT id FROM c1 WHERE id < 7 ORDER BY id"))
        .containsExactly("1", "2", "3");
    tables.assertNoOrphans("t", "id");
  }

  private static int error(Statement statement, String sql) {
    try {
      statement.execute(sql);
      return 0;
    } catch (SQLException e) {
      assertThat(e.getErrorCode()).as(sql + ": " + e.getMessage()).isIn(1451, 1452);
      return e.getErrorCode();
    }
  }

  private static void assertOwnKeysRefuse(MySqlDatabase shop) throws SQLException {
    try (Connection connection = shop.connect();
        Statement statement = connection.createStatement()) {
      assertThat(error(statement, "UPDATE p SET id = 60 WHERE id = 50")).isEqualTo(1451);
      assertThat(error(statement, "DELETE FROM p WHERE id = 50")).isEqualTo(1451);
      assertThat(error(statement, "DELETE FROM t WHERE id = 50")).isEqualTo(1451);
      assertThat(error(statement, "UPDATE t SET p = -1 WHERE id = 50")).isEqualTo(1452);
      assertThat(error(statement, "UPDATE t SET ra = -1, rb = 1 WHERE id = 50")).isEqualTo(1452);
    }
    shop.execute("DELETE FROM t WHERE id = 51");
  }

  static void cleanUp(MySqlDatabase database) {
    try (Database opened = open(database)) {
      for (ControlStore.Unfinished unfinished : opened.control().unfinished()) {
        if (unfinished.table().contains("`" + database.name() + "`")) {
          assertThat(opened.control().remove(unfinished)).isEmpty();
        }
      }
      assertThat(opened.control().unfinished())
          .noneMatch(each -> each.table().contains("`" + database.name() + "`"));
    }
  }

  /** Every one does what it did. */
  static void assertTheyHold(FamilyTables tables) throws SQLException {
    MySqlDatabase shop = tables.shop();
    shop.execute(
        "INSERT INTO p VALUES (50)",
        "INSERT INTO t (id, code, p) VALUES (50, 'q', 50), (51, 'r', 50)",
        "UPDATE t SET up = 50 WHERE id = 51",
        "INSERT INTO c1 VALUES (50, 51, 0, 'q')",
        "UPDATE t SET code = 'qq' WHERE id = 50");
    assertThat(shop.queryText("SELECT code FROM c1 WHERE id = 50")).isEqualTo("qq");
    if (tables.ownKeysAct()) {
      shop.execute("UPDATE p SET id = 60 WHERE id = 50");
      assertThat(shop.queryText("SELECT GROUP_CONCAT(p) FROM t WHERE id >= 50")).isEqualTo("60,60");
    } else {
      assertOwnKeysRefuse(shop);
    }
    shop.execute("DELETE FROM t WHERE id = 50");
    assertThat(shop.queryText("SELECT COUNT(*) FROM t WHERE id = 51")).isEqualTo("0");
    assertThat(shop.queryText("SELECT COUNT(*) FROM c1 WHERE id = 50")).isEqualTo("0");
  }

  /** In one transaction. */
  static void transact(FamilyTables tables, List<String> statements) throws SQLException {
    try (Connection connection = tables.shop().connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      for (String sql : statements) {
        statement.execute(sql);
      }
      connection.commit();
    }
  }

  /** How many of the application wait for a table. */
  static long waitingStatements(FamilyTables tables) throws SQLException {
    return tables
        .texts(
            "SELECT INFO FROM information_schema.PROCESSLIST"
                + " WHERE STATE = 'Waiting for table metadata lock' AND DB = DATABASE()")
        .stream()
        .filter(sql -> !sql.startsWith("LOCK TABLES") && !sql.startsWith("RENAME"))
        .count();
  }
}
