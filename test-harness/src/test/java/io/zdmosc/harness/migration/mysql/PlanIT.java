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
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the application does meanwhile is no trouble for a plan. */
class PlanIT {
  /** MySQL's list of processes in information_schema fails as a whole while one shows such text. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("io.zdmosc.harness.server.mysql.SharedMySqlServers#newest")
  void aRunningStatementWithAnEmojiIsNoTrouble(MySqlRelease release) throws Exception {
    try (MySqlDatabase database = SharedMySqlServers.freshDatabase(release);
        Database opened = MySqlRuns.open(database);
        Connection application = database.connect()) {
      database.execute("CREATE TABLE t (id INT PRIMARY KEY)");
      CompletableFuture<Void> statement =
          CompletableFuture.runAsync(
              () -> execute(application, "SELECT SLEEP(60), '\uD83D\uDE00'"));
      Awaitility.await().until(() -> isRunning(database));

      assertThat(opened.plan(new ChangeRequest("t", "ADD COLUMN x INT")).plan().table())
          .contains("`t`");
      assertThat(statement).isNotDone();
      for (long session : database.sessions()) {
        database.endSession(session);
      }
    }
  }

  /** MariaDB's default is 1, MySQL's is 2. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("io.zdmosc.harness.server.mysql.SharedMySqlServers#newest")
  void saysWhenTheServerCopiesOneChunkAtATime(MySqlRelease release) throws Exception {
    try (MySqlDatabase database = SharedMySqlServers.freshDatabase(release);
        Database opened = MySqlRuns.open(database)) {
      database.execute(
          "CREATE TABLE numbered (id INT PRIMARY KEY AUTO_INCREMENT)",
          "CREATE TABLE plain (id INT PRIMARY KEY)");

      boolean said =
          warnings(opened, "numbered").stream()
              .anyMatch(words -> words.contains("innodb_autoinc_lock_mode"));

      assertThat(said).isEqualTo(release.product() == Product.MARIADB);
      assertThat(warnings(opened, "plain"))
          .noneMatch(words -> words.contains("innodb_autoinc_lock_mode"));
    }
  }

  /** An engine that the table had once may have known them. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("io.zdmosc.harness.server.mysql.SharedMySqlServers#newest")
  void namesOptionsThatAreLeftOut(MySqlRelease release) throws Exception {
    try (MySqlDatabase database = SharedMySqlServers.freshDatabase(release);
        Database opened = MySqlRuns.open(database)) {
      if (release.product() == Product.MYSQL) {
        return; // it keeps none
      }
      database.execute(
          "SET SESSION sql_mode = 'IGNORE_BAD_TABLE_OPTIONS'",
          "CREATE TABLE odd (id INT PRIMARY KEY, v INT foo = 7) bar = 'x'");
      assertThat(warnings(opened, "odd"))
          .contains(
              "option `foo`=7 is not known to the server, and is left out",
              "option `bar`='x' is not known to the server, and is left out");
      MySqlRuns.migrate(database, "odd", "ADD COLUMN x INT");
      assertThat(opened.plan(new ChangeRequest("odd", "ADD COLUMN y INT")).plan().warnings())
          .noneMatch(words -> words.contains("is left out"));
    }
  }

  /** As the server's own ALTER TABLE, the run leaves them as they are; but it says so. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("io.zdmosc.harness.server.mysql.SharedMySqlServers#newest")
  void namesViewsAndGrantsThatWillNotFit(MySqlRelease release) throws Exception {
    try (MySqlDatabase database = SharedMySqlServers.freshDatabase(release);
        MySqlDatabase far = SharedMySqlServers.freshDatabase(release);
        Database opened = MySqlRuns.open(database)) {
      String user = "'gra''nt_" + database.name() + "'@'%'";
      String table = "`" + database.name() + "`.`t``x`";
      database.execute(
          "CREATE TABLE `t``x` (id INT PRIMARY KEY, `a``b` INT, c INT)",
          "CREATE TABLE other (`a``b` INT)",
          "CREATE VIEW `v;1` AS SELECT `a``b` + 1 AS z FROM `t``x`",
          "CREATE VIEW plain AS SELECT c FROM `t``x`",
          "CREATE VIEW of_other AS SELECT * FROM other",
          "CREATE VIEW above AS SELECT * FROM `v;1`",
          "CREATE USER " + user,
          "GRANT SELECT (`a``b`, c), DELETE ON " + table + " TO " + user);
      far.execute("CREATE VIEW `from far` AS SELECT * FROM " + table);
      try {
        assertThat(notFitting(opened, "ADD COLUMN x INT, MODIFY c BIGINT")).isEmpty();
        for (String alter : List.of("DROP COLUMN `a``b`", "RENAME COLUMN `a``b` TO d")) {
          assertThat(notFitting(opened, alter))
              .hasSize(3)
              .anyMatch(words -> words.contains(".`v;1` uses the table and names `a``b`,"))
              .anyMatch(words -> words.contains(".`from far` uses the table and names `a``b`,"))
              .anyMatch(words -> words.contains(user + " has privileges on column `a``b` "));
        }
        assertThat(notFitting(opened, "RENAME TO `u``x`"))
            .hasSize(6)
            .anyMatch(words -> words.contains(".`plain` names the table, which the change renames"))
            .anyMatch(words -> words.contains(user + " has privileges on the table by this name"));
      } finally {
        database.server().execute("DROP USER " + user);
      }
    }
  }

  private static List<String> notFitting(Database opened, String alter) {
    return opened.plan(new ChangeRequest("`t``x`", alter)).plan().warnings().stream()
        .filter(words -> words.contains("as with ALTER TABLE") || words.contains("as after ALTER"))
        .toList();
  }

  private static List<String> warnings(Database opened, String table) {
    return opened.plan(new ChangeRequest(table, "ADD COLUMN x INT")).plan().warnings();
  }

  private static void execute(Connection connection, String sql) {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean isRunning(MySqlDatabase database) throws SQLException {
    try (Connection connection = database.server().connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SHOW PROCESSLIST")) {
      while (rows.next()) {
        if (String.valueOf(rows.getString("Info")).contains("SLEEP(60)")) {
          return true;
        }
      }
      return false;
    }
  }
}
