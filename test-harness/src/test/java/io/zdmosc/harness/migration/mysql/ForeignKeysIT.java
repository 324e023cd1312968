package io.zdmosc.harness.migration.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zdmosc.cli.server.Product;
import io.zdmosc.engine.ChangeRequest;
import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.engine.plan.Plan;
import io.zdmosc.engine.progress.Summary;
import io.zdmosc.engine.spi.Database;
import io.zdmosc.engine.spi.Orders.Ending;
import io.zdmosc.harness.migration.HeldMigration;
import io.zdmosc.harness.server.mysql.MySqlDatabase;
import io.zdmosc.harness.server.mysql.MySqlServer;
import io.zdmosc.harness.server.mysql.MySqlSpec;
import io.zdmosc.harness.server.mysql.SharedMySqlServers;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Foreign keys of the table, to itself, and of other tables to it. */
class ForeignKeysIT {
  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "MYSQL|ADD COLUMN x INT|t|id",
        "MYSQL|RENAME COLUMN id TO nid, RENAME COLUMN p TO parent, RENAME COLUMN code TO c0|t|nid",
        "MYSQL|RENAME TO u, MODIFY v BIGINT, DROP FOREIGN KEY `re``gion`|u|id",
        "MARIADB|ADD COLUMN x INT|t|id",
        "MARIADB|RENAME COLUMN id TO nid, RENAME COLUMN p TO parent, RENAME COLUMN code TO c0|t|nid",
        "MARIADB|RENAME TO u, MODIFY v BIGINT, DROP FOREIGN KEY `re gion`|u|id"
      })
  void allTablesComeOutAsByTheServersOwnAlter(
      Product product, String alter, String table, String key) throws Exception {
    try (FamilyTables migrated = FamilyTables.create(product);
        FamilyTables altered = FamilyTables.create(product)) {
      migrated.fill();
      altered.fill();
      altered.shop().execute(ofTheServer(product, alter));

      Summary summary = MySqlRuns.migrate(migrated.shop(), "t", alter);

      assertThat(summary.notes()).isEmpty();
      assertThat(migrated.definitions(table)).isEqualTo(altered.definitions(table));
      migrated.assertNoOrphans(table, key);
      MySqlDatabase shop = migrated.shop();
      assertThatThrownBy(() -> shop.execute("DELETE FROM " + table + " WHERE " + key + " = 2"))
          .hasMessageContaining("a b`");
      assertThatThrownBy(() -> shop.execute("INSERT INTO c1 VALUES (9, 9, 0, NULL)"))
          .hasMessageContaining("c1_ibfk_1");
      shop.execute(
          migrated.ownKeysAct()
              ? "DELETE FROM p WHERE id = 1"
              : "DELETE FROM " + table + " WHERE " + key + " = 3");
      assertThat(shop.queryText("SELECT GROUP_CONCAT(id) FROM c1")).isEqualTo("1,2");
      assertThat(migrated.definition(migrated.retired())).doesNotContain("FOREIGN KEY");
    }
  }

  /** One ALTER TABLE that copies and renames at once loses keys on MariaDB 11.4. */
  private static String[] ofTheServer(Product product, String alter) {
    String renaming = "RENAME TO u, ";
    return product == Product.MARIADB && alter.startsWith(renaming)
        ? new String[] {
          "ALTER TABLE t " + alter.substring(renaming.length()), "RENAME TABLE t TO u"
        }
        : new String[] {"ALTER TABLE t " + alter};
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void nobodyIsRefusedWronglyAndNothingIsLost(Product product) throws Exception {
    try (FamilyTables tables = FamilyTables.create(product);
        FamilyApplication application = FamilyApplication.start(tables)) {
      Map<String, String> before = tables.definitions("t");
      application.awaitMore(100);
      Summary summary = MySqlRuns.migrate(tables.shop(), "t", "ADD COLUMN x INT, MODIFY v BIGINT");
      application.awaitMore(50);
      application.stopAndCheck();

      assertThat(summary.notes()).isEmpty();
      assertThat(summary.divergentRows()).isZero();
      Map<String, String> after = tables.definitions("t");
      after.put(
          "t",
          after
              .get("t")
              .replace("`v` " + tables.shown("bigint") + " DEFAULT NULL,\n  `x` int", "`v` int"));
      assertThat(after).isEqualTo(before);
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void theWayBackTakesTheKeysAlong(Product product) throws Exception {
    try (FamilyTables tables = FamilyTables.create(product);
        FamilyApplication application = FamilyApplication.start(tables)) {
      Map<String, String> before = tables.definitions("t");
      try (HeldMigration held =
          HeldMigration.begin(
              () -> MySqlRuns.open(tables.shop()), "t", "ADD COLUMN x INT", Map.of())) {
        application.awaitMore(100);
        Summary summary = held.end(Ending.ROLLBACK);
        application.awaitMore(50);
        application.stopAndCheck();

        assertThat(summary.state()).isEqualTo(MigrationState.ROLLED_BACK);
        assertThat(summary.notes()).isEmpty();
        assertThat(summary.divergentRows()).isZero();
        assertThat(tables.definitions("t")).isEqualTo(before);
      }
    }
  }

  /** Check constraints with names of their own want the new table built in another database. */
  @Test
  void keysGoAlongBetweenDatabasesAndBesideTriggers() throws Exception {
    try (FamilyTables tables = FamilyTables.create()) {
      tables.fill();
      tables.shop().execute("ALTER TABLE t ADD CONSTRAINT small CHECK (v < 9)");
      Map<String, String> before = tables.definitions("t");
      MySqlRuns.migrate(tables.shop(), "t", "ENGINE = InnoDB");
      assertThat(tables.definitions("t")).isEqualTo(before);

      tables
          .shop()
          .execute(
              "ALTER TABLE t DROP CHECK small",
              "CREATE TABLE log (w INT)",
              "CREATE TRIGGER t1 AFTER INSERT ON t FOR EACH ROW INSERT INTO log VALUES (1)",
              "CREATE TRIGGER t2 AFTER INSERT ON c1 FOR EACH ROW INSERT INTO log VALUES (2)");
      before = tables.definitions("t");
      Summary summary = MySqlRuns.migrate(tables.shop(), "t", "ENGINE = InnoDB");
      assertThat(summary.notes()).isEmpty();
      assertThat(tables.definitions("t")).isEqualTo(before);
      tables
          .shop()
          .execute(
              "INSERT INTO t (id, code) VALUES (9, 'z')", "INSERT INTO c1 VALUES (9, 9, 0, 'z')");
      assertThat(tables.texts("SELECT w FROM log ORDER BY w")).containsExactly("1", "2");
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void whatTheServerRefusesIsRefusedByName(Product product) throws Exception {
    try (FamilyTables tables = FamilyTables.create(product)) {
      Map<String, String> before = tables.definitions("t");
      refused(tables, "MODIFY id BIGINT", "t_ibfk_1");
      refused(tables, "DROP COLUMN p", "zp");
      refused(tables, "DROP KEY code", "code");
      refused(tables, "MODIFY p BIGINT", "zp");
      refused(tables, "ADD CONSTRAINT more FOREIGN KEY (v) REFERENCES zdm_osc.migration (id)", "v");
      assertThat(tables.definitions("t")).isEqualTo(before);
      MySqlTraces.assertNone(tables.shop());
    }
  }

  private static void refused(FamilyTables tables, String alter, String words) {
    assertThatThrownBy(() -> MySqlRuns.migrate(tables.shop(), "t", alter))
        .as(alter)
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining(words)
        .hasMessageNotContainingAny("zdm_child", "zdm_parent", "zdm_key");
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void thePlanNamesKeysAndTables(Product product) throws Exception {
    try (FamilyTables tables = FamilyTables.create(product);
        Database opened = MySqlRuns.open(tables.shop())) {
      Plan plan = opened.plan(new ChangeRequest("t", "ADD COLUMN x INT")).plan();

      assertThat(String.join("\n", plan.warnings()))
          .contains("zp", "gion", "`region`", "a b`c", "c;2", "c1_ibfk_1 of");
    }
  }

  @Test
  void actionsThatAreNotInTheLogAreRefused() throws Exception {
    MySqlSpec spec = MySqlSpec.of(FamilyTables.release()).with("innodb_native_foreign_keys", "ON");
    try (MySqlServer server = MySqlServer.start(spec);
        MySqlDatabase database = server.createDatabase("shop")) {
      database.execute(
          "CREATE TABLE p (id INT PRIMARY KEY)",
          "CREATE TABLE t (id INT PRIMARY KEY, p INT, CONSTRAINT acts FOREIGN KEY (p) REFERENCES p"
              + " (id) ON DELETE SET NULL)",
          "CREATE TABLE c (id INT PRIMARY KEY, CONSTRAINT ct FOREIGN KEY (id) REFERENCES t (id) ON"
              + " DELETE CASCADE)",
          "INSERT INTO p VALUES (1)",
          "INSERT INTO t VALUES (1, 1)",
          "INSERT INTO c VALUES (1)");
      assertThatThrownBy(() -> MySqlRuns.migrate(database, "t", "ADD COLUMN x INT"))
          .isInstanceOf(RefusedException.class)
          .hasMessageContaining("acts");
      keysOfOtherTablesMayAct(database);
    }
  }

  private static void keysOfOtherTablesMayAct(MySqlDatabase database) throws SQLException {
    database.execute(
        "ALTER TABLE t DROP FOREIGN KEY acts",
        "ALTER TABLE t ADD CONSTRAINT acts FOREIGN KEY (p) REFERENCES p (id)");
    MySqlRuns.migrate(database, "t", "ADD COLUMN x INT");
    database.execute("DELETE FROM t");
    assertThat(database.queryText("SELECT COUNT(*) FROM c")).isEqualTo("0");
  }

  @Test
  void whatMariaDbCannotDoIsRefusedByName() throws Exception {
    try (MySqlDatabase database = mariaDb()) {
      database.execute(
          "CREATE TABLE p (id INT PRIMARY KEY, t INT)",
          "CREATE TABLE t (id INT PRIMARY KEY, p INT, CONSTRAINT acts FOREIGN KEY (p) REFERENCES p"
              + " (id) ON UPDATE CASCADE, CONSTRAINT `quo``ted` FOREIGN KEY (id) REFERENCES p (id))",
          "ALTER TABLE p ADD CONSTRAINT back FOREIGN KEY (t) REFERENCES t (id)");
      assertThatThrownBy(() -> MySqlRuns.migrate(database, "t", "ADD COLUMN x INT"))
          .isInstanceOf(RefusedException.class)
          .hasMessageContaining("CASCADE or SET NULL: acts")
          .hasMessageContaining("quo`ted")
          .hasMessageContaining("in a circle");
      database.execute("ALTER TABLE t DROP FOREIGN KEY acts, DROP FOREIGN KEY `quo``ted`");
      MySqlRuns.migrate(database, "t", "ADD COLUMN x INT");
      database.execute("ALTER TABLE p DROP FOREIGN KEY back");
    }
  }

  private static MySqlDatabase mariaDb() throws SQLException {
    return SharedMySqlServers.freshDatabase(FamilyTables.release(Product.MARIADB));
  }
}
