package io.zdmosc.harness.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.harness.server.TestDatabase;
import io.zdmosc.harness.workload.WorkloadOptions.Trait;
import io.zdmosc.harness.workload.check.ModelChecker;
import io.zdmosc.harness.workload.postgres.PostgresCatalogue;
import io.zdmosc.harness.workload.postgres.PostgresIntegerKeys;
import io.zdmosc.harness.workload.postgres.PostgresTables;
import io.zdmosc.harness.workload.table.TableCase;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class WorkloadIT {
  private static final TableCase ANY = PostgresCatalogue.named("bigserial/rebuild");

  private static final int KINDS_OF_OPERATIONS = 31;

  static List<TableCase> keys() {
    return PostgresCatalogue.byKey();
  }

  @ParameterizedTest
  @MethodSource("keys")
  void modelAndUnmigratedTableAgree(TableCase tableCase) throws Exception {
    agree(tableCase, 11, 80);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void modelAndTableAgreeForEverySeed(long seed) throws Exception {
    agree(ANY, seed, 400);
  }

  private static void agree(TableCase tableCase, long seed, int operations) throws Exception {
    try (TestDatabase database = Trials.database();
        Connection connection = database.connect()) {
      Trials.assumeSupported(connection, tableCase);
      try (Workload workload = Workload.start(database::connect, tableCase, seed, Trials.small())) {
        workload.awaitOperations(operations, Trials.PATIENCE);
        WorkloadReport report = workload.stop();
        report.assertNoErrors();
        assertThat(report.shapeSwitches()).as(report.toString()).isZero();
        ModelChecker.checkSource(connection, tableCase, workload.model()).assertClean();
      }
    }
  }

  @Test
  void everyOperationIsDoneSoonerOrLater() throws Exception {
    TableCase tableCase =
        PostgresCatalogue.pair(
            PostgresTables.with(PostgresIntegerKeys.BIGSERIAL).uniqueDeferrable().build(),
            PostgresCatalogue.change("rebuild"));
    try (TestDatabase database = Trials.database();
        Workload workload = Workload.start(database::connect, tableCase, 5, Trials.small())) {
      Awaitility.await()
          .atMost(Trials.PATIENCE)
          .until(() -> workload.report().operations().size() == KINDS_OF_OPERATIONS);
      WorkloadReport report = workload.stop();
      report.assertNoErrors();
      assertThat(report.latency().count()).isPositive();
      assertThat(report.latency().maxMillis()).isGreaterThanOrEqualTo(report.latency().p99Millis());
      assertThat(report.latencyByWriter()).hasSize(10);
    }
  }

  @Test
  void nobodyWritesWhilePausedAndTheModelIsExactThen() throws Exception {
    try (TestDatabase database = Trials.database();
        Connection connection = database.connect();
        Workload workload = Workload.start(database::connect, ANY, 6, Trials.small())) {
      workload.awaitOperations(100, Trials.PATIENCE);
      workload.pause();
      ModelChecker.checkSource(connection, ANY, workload.model()).assertClean();
      workload.resume();
      workload.awaitOperations(50, Trials.PATIENCE);
      workload.stop().assertNoErrors();
      ModelChecker.checkSource(connection, ANY, workload.model()).assertClean();
    }
  }

  @Test
  void aRateIsNotExceeded() throws Exception {
    WorkloadOptions options =
        Trials.small().withStatementsPerSecond(20).with(Trait.NO_SNAPSHOT_READERS);
    try (TestDatabase database = Trials.database();
        Workload workload = Workload.start(database::connect, ANY, 7, options)) {
      long start = System.nanoTime();
      workload.awaitOperations(100, Trials.PATIENCE);
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      WorkloadReport report = workload.stop();
      long allowed = options.writers() * (20 * (took.toMillis() + 1000) / 1000 + 60);
      assertThat(report.latency().count()).isLessThan(allowed);
    }
  }

  @Test
  void aWriteLostBehindTheWritersBackIsSeenByTheWriters() throws Exception {
    try (TestDatabase database = Trials.database();
        Workload workload = Workload.start(database::connect, ANY, 8, Trials.small())) {
      workload.awaitOperations(50, Trials.PATIENCE);
      workload.pause();
      database.execute("DELETE FROM orders WHERE id IN (SELECT id FROM orders LIMIT 200)");
      workload.resume();
      workload.awaitOperations(200, Trials.PATIENCE);
      WorkloadReport report = workload.stop();
      assertThat(report.errors()).anySatisfy(e -> assertThat(e.message()).contains("LostWrite"));
    }
  }
}
