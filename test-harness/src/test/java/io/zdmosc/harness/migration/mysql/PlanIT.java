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
