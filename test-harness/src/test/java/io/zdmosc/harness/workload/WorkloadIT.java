package io.zdmosc.harness.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.harness.server.TestDatabase;
import io.zdmosc.harness.workload.WorkloadOptions.Trait;
import io.zdmosc.harness.workload.check.ModelChecker;
import io.zdmosc.harness.workload.table.Catalogue;
import io.zdmosc.harness.workload.table.TableBuilder;
import io.zdmosc.harness.workload.table.TableCase;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class WorkloadIT {
  private static final int KINDS_OF_OPERATIONS = 32;

  static Stream<Arguments> keys() {
    return Site.cases(Catalogue::byKey);
  }

  static List<Site> sites() {
    return Site.all();
  }

  static Stream<Arguments> seeds() {
    return sites().stream()
        .flatMap(site -> LongStream.of(1, 2, 3).mapToObj(seed -> Arguments.of(site, seed)));
  }

  @ParameterizedTest
  @MethodSource("keys")
  void modelAndUnmigratedTableAgree(Site site, TableCase tableCase) throws Exception {
    agree(site, tableCase, 11, 80);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void modelAndTableAgreeForEverySeed(Site site, long seed) throws Exception {
    agree(site, site.plain(), seed, 400);
  }

  private static void agree(Site site, TableCase tableCase, long seed, int operations)
      throws Exception {
    try (TestDatabase database = site.database();
        Connection connection = database.connect()) {
      Trials.assumeSupported(connection, tableCase);
      try (Workload workload =
          Workload.start(site.application(database), tableCase, seed, Trials.small())) {
        workload.awaitOperations(operations, Trials.PATIENCE);
        WorkloadReport report = workload.stop();
        report.assertNoErrors();
        assertThat(report.shapeSwitches()).as(report.toString()).isZero();
        ModelChecker.checkSource(connection, tableCase, workload.model()).assertClean();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("sites")
  void everyOperationIsDoneSoonerOrLater(Site site) throws Exception {
    TableBuilder table = site.catalogue().table(site.catalogue().keys().get(0));
    if (site.plain().dialect().hasDeferrableConstraints()) {
      table.uniqueDeferrable();
    }
    TableCase tableCase = site.catalogue().pair(table.build(), site.catalogue().change("rebuild"));
    try (TestDatabase database = site.database();
        Workload workload =
            Workload.start(site.application(database), tableCase, 5, Trials.small())) {
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

  @ParameterizedTest
  @MethodSource("sites")
  void nobodyWritesWhilePausedAndTheModelIsExactThen(Site site) throws Exception {
    TableCase tableCase = site.plain();
    try (TestDatabase database = site.database();
        Connection connection = database.connect();
        Workload workload =
            Workload.start(site.application(database), tableCase, 6, Trials.small())) {
      workload.awaitOperations(100, Trials.PATIENCE);
      workload.pause();
      ModelChecker.checkSource(connection, tableCase, workload.model()).assertClean();
      workload.resume();
      workload.awaitOperations(50, Trials.PATIENCE);
      workload.stop().assertNoErrors();
      ModelChecker.checkSource(connection, tableCase, workload.model()).assertClean();
    }
  }

  @Test
  void aRateIsNotExceeded() throws Exception {
    Site site = Site.postgres();
    WorkloadOptions options =
        Trials.small().withStatementsPerSecond(20).with(Trait.NO_SNAPSHOT_READERS);
    try (TestDatabase database = site.database();
        Workload workload = Workload.start(site.application(database), site.plain(), 7, options)) {
      long start = System.nanoTime();
      workload.awaitOperations(100, Trials.PATIENCE);
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      WorkloadReport report = workload.stop();
      long allowed = options.writers() * (20 * (took.toMillis() + 1000) / 1000 + 60);
      assertThat(report.latency().count()).isLessThan(allowed);
    }
  }

  @ParameterizedTest
  @MethodSource("sites")
  void aWriteLostBehindTheWritersBackIsSeenByTheWriters(Site site) throws Exception {
    try (TestDatabase database = site.database();
        Workload workload =
            Workload.start(site.application(database), site.plain(), 8, Trials.small())) {
      workload.awaitOperations(50, Trials.PATIENCE);
      workload.pause();
      database.execute("DELETE FROM orders WHERE bucket % 2 = 1");
      workload.resume();
      workload.awaitOperations(200, Trials.PATIENCE);
      WorkloadReport report = workload.stop();
      assertThat(report.errors()).anySatisfy(e -> assertThat(e.message()).contains("LostWrite"));
    }
  }
}
