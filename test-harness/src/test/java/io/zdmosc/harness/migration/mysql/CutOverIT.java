package io.zdmosc.harness.migration.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zdmosc.engine.RunOptions;
import io.zdmosc.engine.error.CutOverNotReachedException;
import io.zdmosc.engine.progress.Summary;
import io.zdmosc.harness.server.mysql.MySqlDatabase;
import io.zdmosc.harness.server.mysql.MySqlRelease;
import io.zdmosc.harness.server.mysql.SharedMySqlServers;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The cut-over waits for nobody longer than its budget, and leaves everything as it was. */
class CutOverIT {
  private static final String RELEASES = "io.zdmosc.harness.server.mysql.SharedMySqlServers#newest";

  @ParameterizedTest(name = "{0}")
  @MethodSource(RELEASES)
  void anOpenTransactionHoldsItOffAndIsNotDisturbed(MySqlRelease release) throws Exception {
    try (MySqlDatabase database = table(release);
        Connection application = database.connect();
        Statement statement = application.createStatement()) {
      application.setAutoCommit(false);
      statement.execute("UPDATE t SET v = 8 WHERE id = 1");
      RunOptions options =
          MySqlRuns.options().withCutOverAttempts(1).withCutOverBudget(Duration.ofMillis(400));

      assertThatThrownBy(() -> MySqlRuns.migrate(database, "t", "ADD COLUMN x INT", options))
          .isInstanceOf(CutOverNotReachedException.class);

      statement.execute("UPDATE t SET v = 9 WHERE id = 2");
      application.commit();
      assertThat(database.queryText("SELECT GROUP_CONCAT(v ORDER BY id) FROM t")).isEqualTo("8,9");
      assertThat(database.queryText("SHOW TABLES")).isEqualTo("t");
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource(RELEASES)
  void itSucceedsOnceTheTransactionHasEnded(MySqlRelease release) throws Exception {
    try (MySqlDatabase database = table(release);
        Connection application = database.connect();
        Statement statement = application.createStatement()) {
      application.setAutoCommit(false);
      statement.execute("UPDATE t SET v = 8 WHERE id = 1");
      CompletableFuture<Summary> run =
          CompletableFuture.supplyAsync(
              () -> MySqlRuns.migrate(database, "t", "ADD COLUMN x INT DEFAULT 3"));
      Thread.sleep(4_000);
      assertThat(run).isNotDone();
      application.commit();

      Summary summary = run.get();
      assertThat(summary.cutOverStallMillis()).isLessThan(2_500);
      assertThat(database.queryText("SELECT GROUP_CONCAT(v, x ORDER BY id) FROM t"))
          .isEqualTo("83,73");
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource(RELEASES)
  void autoIncrementGoesOnWhereItStood(MySqlRelease release) throws Exception {
    try (MySqlDatabase database = SharedMySqlServers.freshDatabase(release)) {
      database.execute(
          "CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, v INT)",
          "INSERT INTO t (v) VALUES (1), (2), (3), (4)",
          "DELETE FROM t WHERE id > 2");
      MySqlRuns.migrate(database, "t", "ADD COLUMN x INT");
      database.execute("INSERT INTO t (v) VALUES (5)");

      assertThat(database.queryText("SELECT MAX(id) FROM t")).isEqualTo("5");
    }
  }

  private static MySqlDatabase table(MySqlRelease release) throws SQLException {
    MySqlDatabase database = SharedMySqlServers.freshDatabase(release);
    database.execute(
        "CREATE TABLE t (id INT PRIMARY KEY, v INT)", "INSERT INTO t VALUES (1, 7), (2, 7)");
    return database;
  }
}
