package io.zdmosc.harness.migration.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zdmosc.cli.server.Product;
import io.zdmosc.engine.Migration;
import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.error.AbortedException;
import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.engine.progress.MigrationListener;
import io.zdmosc.engine.progress.Summary;
import io.zdmosc.engine.spi.Database;
import io.zdmosc.engine.spi.Orders.Ending;
import io.zdmosc.harness.migration.HeldMigration;
import io.zdmosc.harness.server.mysql.MySqlDatabase;
import io.zdmosc.harness.server.mysql.MySqlRelease;
import io.zdmosc.harness.server.mysql.SharedMySqlServers;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is carried back on MySQL and MariaDB and what is not, and how a held pair ends. */
class MySqlHeldIT {
  static List<MySqlRelease> releases() {
    return SharedMySqlServers.newest();
  }

  private static MySqlDatabase table(MySqlRelease release) throws Exception {
    MySqlDatabase database = SharedMySqlServers.freshDatabase(release);
    database.execute(
        "CREATE TABLE t (id int NOT NULL AUTO_INCREMENT PRIMARY KEY, n int, old varchar(20) DEFAULT"
            + " 'new row', amount decimal(10,2) NOT NULL DEFAULT 0, short varchar(5), UNIQUE KEY n"
            + " (n))",
        "INSERT INTO t (n, old, amount, short) WITH RECURSIVE i AS (SELECT 1 AS k UNION ALL SELECT k"
            + " + 1 FROM i WHERE k < 1000) SELECT k, CONCAT('old ', k), k, 'abc' FROM i");
    return database;
  }

  private static HeldMigration hold(
      MySqlDatabase database, String alter, Map<String, String> reverse) {
    return HeldMigration.begin(() -> MySqlRuns.open(database), "t", alter, reverse);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("releases")
  void droppedColumnKeepsWhatItsRowsHad(MySqlRelease release) throws Exception {
    try (MySqlDatabase database = table(release);
        HeldMigration held = hold(database, "DROP COLUMN old, ADD COLUMN extra int", Map.of())) {
      database.execute(
          "UPDATE t SET n = n + 5000 WHERE id <= 10",
          "UPDATE t SET id = 70001 WHERE id = 11",
          "DELETE FROM t WHERE id = 12",
          "INSERT INTO t (n, amount, extra) VALUES (9001, 1, 2)");
      Summary summary = held.end(Ending.ROLLBACK);
      assertThat(summary.state()).isEqualTo(MigrationState.ROLLED_BACK);
      assertThat(summary.divergentRows()).isZero();
      assertThat(
              database.queryText(
                  "SELECT GROUP_CONCAT(old ORDER BY id) FROM t WHERE id <= 3 AND n > 5000"))
          .isEqualTo("old 1,old 2,old 3");
      assertThat(database.queryText("SELECT old FROM t WHERE id = 70001")).isEqualTo("new row");
      assertThat(database.queryText("SELECT old FROM t WHERE n = 9001")).isEqualTo("new row");
      assertThat(database.queryText("SELECT count(*) FROM t")).isEqualTo("1000");
      database.execute("INSERT INTO t (n) VALUES (-1)");
      assertThat(database.queryText("SELECT id FROM t WHERE n = -1")).isEqualTo("70003");
      assertThat(database.queryText("SELECT count(*) FROM " + summary.retiredTable()))
          .isEqualTo("1000");
      database.execute("DROP TABLE " + summary.retiredTable());
      MySqlTraces.assertNone(database);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("releases")
  void whatDoesNotFitWaitsAndBarsTheRollback(MySqlRelease release) throws Exception {
    try (MySqlDatabase database = table(release);
        HeldMigration held =
            hold(
                database,
                "MODIFY n bigint, DROP KEY n, MODIFY amount decimal(12,4), MODIFY short varchar(50)",
                Map.of())) {
      database.execute(
          "UPDATE t SET n = 3000000000 WHERE id = 1",
          "UPDATE t SET n = 7 WHERE id = 2",
          "UPDATE t SET amount = 1.2345 WHERE id = 3",
          "UPDATE t SET short = 'abc    ' WHERE id = 4",
          "UPDATE t SET amount = 12.3400 WHERE id = 5");
      held.order(Ending.ROLLBACK);
      held.awaitDetail("the rollback was refused: 4 row(s) of the new table do not fit");
      database.execute(
          "UPDATE t SET n = 100001 WHERE id = 1",
          "UPDATE t SET n = 100002 WHERE id = 2",
          "UPDATE t SET amount = 1.23 WHERE id = 3",
          "UPDATE t SET short = 'abc  ' WHERE id = 4");
      Summary summary = held.end(Ending.ROLLBACK_AND_DROP);
      assertThat(summary.state()).isEqualTo(MigrationState.ROLLED_BACK);
      assertThat(
              database.queryText(
                  "SELECT GROUP_CONCAT(CONCAT_WS('/', n, amount, HEX(short)) ORDER BY id) FROM t"
                      + " WHERE id <= 5"))
          .isEqualTo(
              "100001/1.00/616263,100002/2.00/616263,3/1.23/616263,4/4.00/6162632020,5/12.34/616263");
      MySqlTraces.assertNone(database);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("releases")
  void conversionWithoutAnInverseNeedsOne(MySqlRelease release) throws Exception {
    try (MySqlDatabase database = table(release)) {
      String change = "MODIFY amount double NOT NULL";
      assertThatThrownBy(() -> hold(database, change, Map.of()).close())
          .hasRootCauseInstanceOf(RefusedException.class)
          .hasStackTraceContaining("the way back is not known");
      try (HeldMigration held = hold(database, change, Map.of("amount", "round(amount, 2)"))) {
        database.execute("UPDATE t SET amount = 12.345 WHERE id = 1");
        Summary summary = held.end(Ending.ROLLBACK_AND_DROP);
        assertThat(summary.divergentRows()).isZero();
        assertThat(database.queryText("SELECT amount FROM t WHERE id = 1")).startsWith("12.3");
      }
      MySqlTraces.assertNone(database);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("releases")
  void stoppedFollowingGoesOnAndIsContracted(MySqlRelease release) throws Exception {
    try (MySqlDatabase database = table(release)) {
      long id;
      try (HeldMigration held = hold(database, "MODIFY n bigint", Map.of())) {
        id = held.id();
        assertThat(held.stop()).isInstanceOf(AbortedException.class);
        assertThat(held.status().state()).isEqualTo(MigrationState.SWAPPED);
      }
      database.execute("UPDATE t SET n = n + 10000 WHERE id > 500", "DELETE FROM t WHERE id = 1");
      try (Database opened = MySqlRuns.open(database)) {
        opened.control().order(id, orders -> orders.ending(Optional.of(Ending.ROLLBACK_AND_DROP)));
        Summary summary = Migration.rollback(opened, id, MigrationListener.none()).run();
        assertThat(summary.state()).isEqualTo(MigrationState.ROLLED_BACK);
      }
      assertThat(database.queryText("SELECT CONCAT(count(*), ' ', sum(n)) FROM t"))
          .isEqualTo("999 " + (1000L * 1001 / 2 + 500 * 10000L - 1));
      try (HeldMigration held = hold(database, "MODIFY n bigint", Map.of())) {
        Summary summary = held.end(Ending.CONTRACT);
        assertThat(summary.state()).isEqualTo(MigrationState.CONTRACTED);
      }
      MySqlTraces.assertNone(database);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("releases")
  void alterOfTheNewTableEndsTheFollowing(MySqlRelease release) throws Exception {
    try (MySqlDatabase database = table(release);
        HeldMigration held = hold(database, "MODIFY n bigint", Map.of())) {
      database.execute("ALTER TABLE t ADD COLUMN later int");
      assertThatThrownBy(held::end).hasMessageContaining("was changed");
      try (Database opened = MySqlRuns.open(database)) {
        opened.control().order(held.id(), o -> o.ending(Optional.of(Ending.CONTRACT)));
        Migration.unfinished(opened, held.id(), false, MigrationListener.none()).run();
      }
      MySqlTraces.assertNone(database);
    }
  }

  /** On MariaDB the way back would take its locks in the wrong order. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("releases")
  void anotherNameIsTakenBack(MySqlRelease release) throws Exception {
    String alter = "ADD COLUMN extra int, RENAME TO u";
    try (MySqlDatabase database = table(release)) {
      if (release.product() == Product.MARIADB) {
        assertThatThrownBy(() -> hold(database, alter, Map.of()).close())
            .hasStackTraceContaining("cannot be taken back on MariaDB");
        return;
      }
      try (HeldMigration held = hold(database, alter, Map.of())) {
        database.execute("UPDATE u SET n = 70001 WHERE id = 1", "DELETE FROM u WHERE id = 2");
        Summary summary = held.end(Ending.ROLLBACK_AND_DROP);
        assertThat(summary.state()).isEqualTo(MigrationState.ROLLED_BACK);
        assertThat(summary.divergentRows()).isZero();
      }
      assertThat(database.queryText("SELECT CONCAT(count(*), ' ', max(n)) FROM t"))
          .isEqualTo("999 70001");
      MySqlTraces.assertNone(database);
    }
  }
}
