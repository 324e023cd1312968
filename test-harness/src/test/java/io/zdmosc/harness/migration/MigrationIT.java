package io.zdmosc.harness.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.progress.Summary;
import io.zdmosc.harness.schema.SchemaDump;
import io.zdmosc.harness.server.SharedServers;
import io.zdmosc.harness.server.TestDatabase;
import io.zdmosc.harness.workload.Workload;
import io.zdmosc.harness.workload.WorkloadReport;
import io.zdmosc.harness.workload.check.ModelChecker;
import io.zdmosc.harness.workload.postgres.PostgresCatalogue;
import io.zdmosc.harness.workload.table.TableCase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whole migrations of every kind of table by every kind of change, while eight adversarial writers
 * write before, during and after.
 *
 * <p>By default a selection, spread over the servers; everything with {@code -Dzdm.long=true}, and
 * one case alone with {@code -Dzdm.case=name -Dzdm.seed=n}.
 */
class MigrationIT {
  private static final boolean ALL = Boolean.getBoolean("zdm.long");
  private static final int EVERY = 3;
  private static final int[] HELD_KEYS = {100_000, 100, 0};

  static Stream<Arguments> cases() {
    String only = System.getProperty("zdm.case");
    List<Integer> majors = SharedServers.majors();
    if (only != null) {
      long seed = Long.getLong("zdm.seed", 1);
      return majors.stream().map(m -> Arguments.of(PostgresCatalogue.ALL.named(only), m, seed));
    }
    List<Arguments> cases = new ArrayList<>();
    Random random = new Random();
    int number = 0;
    for (TableCase each : PostgresCatalogue.ALL.all()) {
      if (ALL || number % EVERY == 0) {
        int major = majors.get(cases.size() % majors.size());
        cases.add(Arguments.of(each, major, ALL ? random.nextInt(1_000_000) : 100 + number));
      }
      number++;
    }
    return cases.stream();
  }

  @ParameterizedTest(name = "{0} on PostgreSQL {1}, seed {2}")
  @MethodSource("cases")
  void everyAcknowledgedWriteIsThereAfterwards(TableCase tableCase, int major, long seed)
      throws Exception {
    Trail trail = new Trail();
    try (TestDatabase database = SharedServers.freshDatabase(major);
        Connection connection = database.connect()) {
      Assumptions.assumeTrue(tableCase.supportedBy(connection));
      try (Workload workload =
          Workload.start(database::connect, tableCase, seed, Runs.workload())) {
        workload.awaitOperations(50, Runs.PATIENCE);
        AtomicLong chunks = new AtomicLong();
        trail.on(MigrationState.INDEXING, () -> chunks.set(chunks(database)));
        long before = workload.operations();
        Summary summary =
            Runs.migrate(
                database,
                Runs.quoted(tableCase.table().name()),
                tableCase.change().alter(),
                // built in bulk, in the middle of the copy, or from the start
                Runs.options().withHeldKeys(HELD_KEYS[(int) (seed / 3 % HELD_KEYS.length)]),
                trail);
        long during = workload.operations() - before;
        awaitEndOrMore(workload, 100);
        WorkloadReport report = workload.stop();
        report.assertNoErrors();
        ModelChecker.check(
                connection, tableCase.change().targetTable(), tableCase, workload.model())
            .assertClean();
        Traces.assertNoneButTheRetiredTable(database);
        assertPlausible(summary);
        assertThat(chunks.get()).as("chunks").isGreaterThan(5);
        assertThat(during).as("operations during the migration").isPositive();
        assertShapeAsAfterANativeChange(tableCase, connection, major);
      }
    } catch (Exception | AssertionError e) {
      System.out.println(trail);
      throw e;
    }
  }

  private static long chunks(TestDatabase database) throws SQLException {
    return Long.parseLong(database.queryText("SELECT count(*) FROM zdm_osc.chunk"));
  }

  private static void awaitEndOrMore(Workload workload, long more) {
    long target = workload.operations() + more;
    Awaitility.await()
        .atMost(Runs.PATIENCE)
        .pollInterval(10, TimeUnit.MILLISECONDS)
        .until(() -> workload.ended() || workload.operations() >= target);
  }

  private static void assertPlausible(Summary summary) {
    assertThat(summary.state()).isEqualTo(MigrationState.SWAPPED);
    assertThat(summary.notes()).isEmpty();
    assertThat(summary.rowsCopied()).isBetween(Runs.ROWS / 2L, Runs.ROWS * 3L);
    assertThat(summary.verifiedRows()).isBetween(Runs.ROWS / 2L, Runs.ROWS * 3L);
    assertThat(summary.changesApplied()).isPositive();
    assertThat(summary.divergentRows()).isZero();
    assertThat(summary.cutOverAttempts()).isPositive();
    assertThat(summary.cutOverStallMillis()).isBetween(0.1, 4_000.0);
    assertThat(summary.retiredTable()).isNotEmpty();
  }

  /** The second database has the same table, changed by the server's own ALTER TABLE. */
  private static void assertShapeAsAfterANativeChange(
      TableCase tableCase, Connection migrated, int major) throws SQLException {
    try (TestDatabase other = SharedServers.freshDatabase(major);
        Connection connection = other.connect()) {
      tableCase.create(connection);
      tableCase.alterNatively(connection);
      String table = Runs.quoted(tableCase.change().targetTable());
      assertThat(SchemaDump.of(migrated, table).withoutSequenceStates().lines())
          .containsExactlyElementsOf(
              SchemaDump.of(connection, table).withoutSequenceStates().lines());
    }
  }
}
