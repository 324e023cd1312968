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
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The cut-over waits for nobody longer than its budget, and leaves everything as it was. */
@Tag("alone")
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

  /** Locks that let others go first are never granted while others overlap. */
  @ParameterizedTest(name = "{0}")
  @MethodSource(RELEASES)
  void writersThatNeverPauseDoNotKeepItFromItsLock(MySqlRelease release) throws Exception {
    try (MySqlDatabase database = table(release)) {
      AtomicBoolean stop = new AtomicBoolean();
      List<CompletableFuture<Void>> writers =
          IntStream.range(0, 6)
              .mapToObj(i -> CompletableFuture.runAsync(() -> write(database, i, stop)))
              .toList();
      try {
        Summary summary =
            MySqlRuns.migrate(
                database,
                "t",
                "ADD COLUMN x INT DEFAULT 3",
                MySqlRuns.options()
                    .withCutOverBudget(Duration.ofSeconds(1))
                    .withCutOverAttempts(5));
        assertThat(summary.cutOverAttempts()).isLessThanOrEqualTo(5);
      } finally {
        stop.set(true);
      }
      for (CompletableFuture<Void> writer : writers) {
        writer.get();
      }
    }
  }

  /** Transactions of 15 ms without a pause between them. */
  private static void write(MySqlDatabase database, int row, AtomicBoolean stop) {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("INSERT INTO t (id, v) VALUES (" + (10 + row) + ", 0)");
      connection.setAutoCommit(false);
      while (!stop.get()) {
        statement.execute("UPDATE t SET v = v + 1 WHERE id = " + (10 + row));
        Thread.sleep(15);
        connection.commit();
      }
    } catch (SQLException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static MySqlDatabase table(MySqlRelease release) throws SQLException {
    MySqlDatabase database = SharedMySqlServers.freshDatabase(release);
    database.execute(
        "CREATE TABLE t (id INT PRIMARY KEY, v INT)", "INSERT INTO t VALUES (1, 7), (2, 7)");
    return database;
  }
}
