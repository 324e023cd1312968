package io.zdmosc.harness.migration.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.cli.server.Product;
import io.zdmosc.engine.ChangeRequest;
import io.zdmosc.engine.spi.Database;
import io.zdmosc.harness.server.mysql.MySqlDatabase;
import io.zdmosc.harness.server.mysql.MySqlRelease;
import io.zdmosc.harness.server.mysql.SharedMySqlServers;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a killed plan leaves is found and removed; what a living plan is at, is left alone. */
class PlanDebrisIT {
  @ParameterizedTest(name = "{0}")
  @MethodSource("io.zdmosc.harness.server.mysql.SharedMySqlServers#newest")
  void onlyTheTablesOfDeadPlansAreRemoved(MySqlRelease release) throws Exception {
    try (MySqlDatabase database = SharedMySqlServers.freshDatabase(release);
        Database opened = MySqlRuns.open(database);
        Connection plan = database.connect();
        Statement alive = plan.createStatement()) {
      database.execute("CREATE TABLE t (id INT PRIMARY KEY)");
      opened.plan(new ChangeRequest("t", "ADD COLUMN x INT"));
      assertThat(tables(database)).isNull();
      long id = connectionId(alive);
      alive.execute("DO GET_LOCK('zdm_osc plan " + id + "', 0)");
      database.execute(
          "CREATE TABLE zdm_osc.zdm_rehearsal_" + id + " (id INT)",
          "CREATE TABLE zdm_osc.zdm_rehearsal_999999991 (id INT)",
          "CREATE TABLE zdm_osc.zdm_triggers_999999992 (id INT)");

      assertThat(opened.control().strays())
          .containsExactly(
              "table `zdm_osc`.`zdm_rehearsal_999999991`",
              "table `zdm_osc`.`zdm_triggers_999999992`");
      assertThat(opened.control().removeStrays()).isEmpty();
      assertThat(opened.control().strays()).isEmpty();
      assertThat(tables(database)).isEqualTo("zdm_rehearsal_" + id);

      alive.execute("DO RELEASE_ALL_LOCKS()");
      assertThat(opened.control().strays()).hasSize(1);
      assertThat(opened.control().removeStrays()).isEmpty();
      assertThat(tables(database)).isNull();
    }
  }

  /** On MySQL check constraints of one name cannot be in one database twice. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("io.zdmosc.harness.server.mysql.SharedMySqlServers#newest")
  void namesOfChecksThatADeadPlanHasTakenAreFreed(MySqlRelease release) throws Exception {
    try (MySqlDatabase database = SharedMySqlServers.freshDatabase(release);
        Database opened = MySqlRuns.open(database);
        Connection plan = database.connect();
        Statement alive = plan.createStatement()) {
      database.execute("CREATE TABLE t (id INT PRIMARY KEY, CONSTRAINT mine CHECK (id > 0))");
      ChangeRequest request = new ChangeRequest("t", "ADD COLUMN x INT");
      opened.plan(request);
      long id = connectionId(alive);
      alive.execute("DO GET_LOCK('zdm_osc plan " + id + "', 0)");
      for (long number : new long[] {id, 999_999_993}) {
        database.execute(
            "DROP TABLE IF EXISTS zdm_osc.zdm_rehearsal_" + number,
            "CREATE TABLE zdm_osc.zdm_rehearsal_"
                + number
                + " (id INT, CONSTRAINT mine CHECK (id > 0))");
        CompletableFuture<Void> planned = CompletableFuture.runAsync(() -> opened.plan(request));
        if (number == id && release.product() == Product.MYSQL) {
          Thread.sleep(500);
          assertThat(planned).as("waits for the plan that is at it").isNotDone();
        }
        alive.execute("DO RELEASE_ALL_LOCKS()");
        planned.get(30, TimeUnit.SECONDS);
        assertThat(opened.control().removeStrays()).isEmpty();
      }
    }
  }

  /** Among them are keys to tables whose empty likenesses the plan itself has made before. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("io.zdmosc.harness.server.mysql.SharedMySqlServers#newest")
  void namesOfKeysThatADeadPlanHasTakenAreFreed(MySqlRelease release) throws Exception {
    Assumptions.assumeTrue(release.product() == Product.MYSQL, "MariaDB: keys are refused");
    try (MySqlDatabase database = SharedMySqlServers.freshDatabase(release);
        Database opened = MySqlRuns.open(database)) {
      database.execute(
          "CREATE TABLE p (id INT PRIMARY KEY)",
          "CREATE TABLE t (id INT PRIMARY KEY, p INT, CONSTRAINT mine FOREIGN KEY (p) REFERENCES p"
              + " (id))");
      ChangeRequest request = new ChangeRequest("t", "ADD COLUMN x INT");
      opened.plan(request);
      database.execute(
          "CREATE TABLE zdm_osc.zdm_parent0_999999994 (id INT PRIMARY KEY)",
          "CREATE TABLE zdm_osc.zdm_rehearsal_999999994 (p INT, CONSTRAINT mine FOREIGN KEY (p)"
              + " REFERENCES zdm_parent0_999999994 (id))");

      assertThat(opened.plan(request).plan().columns()).hasSize(3);
      assertThat(tables(database)).isNull();
    }
  }

  private static long connectionId(Statement statement) throws Exception {
    try (ResultSet row = statement.executeQuery("SELECT CONNECTION_ID()")) {
      row.next();
      return row.getLong(1);
    }
  }

  private static String tables(MySqlDatabase database) throws Exception {
    return database.queryText(
        "SELECT GROUP_CONCAT(TABLE_NAME) FROM information_schema.TABLES"
            + " WHERE TABLE_SCHEMA = 'zdm_osc' AND TABLE_NAME LIKE 'zdm%'");
  }
}
