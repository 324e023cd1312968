package io.zdmosc.harness.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.engine.AfterAttempts;
import io.zdmosc.engine.ChangeRequest;
import io.zdmosc.engine.Migration;
import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.RunOptions;
import io.zdmosc.engine.progress.Summary;
import io.zdmosc.engine.spi.Database;
import io.zdmosc.harness.server.TestDatabase;
import io.zdmosc.harness.workload.ConnectionSource;
import io.zdmosc.harness.workload.Workload;
import io.zdmosc.harness.workload.WorkloadOptions;
import io.zdmosc.harness.workload.WorkloadOptions.Trait;
import io.zdmosc.harness.workload.WorkloadReport;
import io.zdmosc.harness.workload.check.ModelChecker;
import io.zdmosc.harness.workload.table.TableCase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.awaitility.Awaitility;

/**
 * One whole migration of a table of the catalogue, while eight adversarial writers write before,
 * during and after; then the model decides whether every acknowledged write is there.
 *
 * @param opened gives the connector's view of the database
 * @param database where the table is made
 * @param application connections as the writers have them
 */
public record AttackedMigration(
    Supplier<Database> opened, TestDatabase database, ConnectionSource application) {
  public static final Duration PATIENCE = Duration.ofSeconds(90);

  /** How many rows a workload's table has at first. */
  public static final int ROWS = 6_000;

  /**
   * Chunks as small as can be, so that there are many; a generous budget for the cut-over, because
   * test machines are slow and busy. One that is not reached is a failure, and not waited for.
   */
  public static RunOptions options() {
    return RunOptions.defaults()
        .withChunkTime(Duration.ofMillis(10))
        .withCutOverBudget(Duration.ofSeconds(2))
        .withAfterAttempts(AfterAttempts.DISCARD);
  }

  /**
   * Eight writers of every character, at a rate that a small machine can stand: on one where they
   * alone use up all processors, no change stream could ever be followed.
   */
  public static WorkloadOptions workload() {
    return WorkloadOptions.defaults()
        .withWriters(8)
        .withInitialRows(ROWS)
        .withLongTransaction(Duration.ofMillis(400))
        .withStatementsPerSecond(60)
        .with(Trait.GO_ON_AFTER_CHANGE);
  }

  /** Runs it; fails unless all is as it must be. What it went through is printed on failure. */
  public Summary run(
      TableCase tableCase, long seed, RunOptions options, WorkloadOptions workloadOptions)
      throws Exception {
    Trail trail = new Trail();
    try (Workload workload = Workload.start(application, tableCase, seed, workloadOptions)) {
      workload.awaitOperations(50, PATIENCE);
      AtomicLong chunks = new AtomicLong();
      trail.on(MigrationState.INDEXING, () -> chunks.set(chunks()));
      long before = workload.operations();
      Summary summary = migrate(tableCase, options, trail);
      long during = workload.operations() - before;
      awaitEndOrMore(workload, 100);
      WorkloadReport report = workload.stop();
      report.assertNoErrors();
      try (Connection connection = database.connect()) {
        ModelChecker.check(
                connection, tableCase.change().targetTable(), tableCase, workload.model())
            .assertClean();
      }
      assertPlausible(summary, workloadOptions.initialRows());
      assertThat(chunks.get()).as("chunks").isGreaterThan(5);
      assertThat(during).as("operations during the migration").isPositive();
      return summary;
    } catch (Exception | AssertionError e) {
      System.out.println(trail);
      throw e;
    }
  }

  private Summary migrate(TableCase tableCase, RunOptions options, Trail trail) {
    try (Database view = opened.get()) {
      ChangeRequest request = new ChangeRequest(tableCase.sourceName(), tableCase.change().alter());
      return new Migration(view, request, options, trail).run();
    }
  }

  private long chunks() throws SQLException {
    return Long.parseLong(database.queryText("SELECT count(*) FROM zdm_osc.chunk"));
  }

  /** Writers end by themselves where what they write would no longer be comparable. */
  static void awaitEndOrMore(Workload workload, long more) {
    long target = workload.operations() + more;
    Awaitility.await()
        .atMost(PATIENCE)
        .pollInterval(10, TimeUnit.MILLISECONDS)
        .until(() -> workload.ended() || workload.operations() >= target);
  }

  private static void assertPlausible(Summary summary, long rows) {
    assertThat(summary.state()).isEqualTo(MigrationState.SWAPPED);
    assertThat(summary.notes()).isEmpty();
    assertThat(summary.rowsCopied()).isBetween(rows / 2, rows * 3);
    assertThat(summary.verifiedRows()).isBetween(rows / 2, rows * 3);
    assertThat(summary.changesApplied()).isPositive();
    assertThat(summary.divergentRows()).isZero();
    assertThat(summary.cutOverAttempts()).isPositive();
    assertThat(summary.cutOverStallMillis()).isBetween(0.1, 4_000.0);
    assertThat(summary.retiredTable()).isNotEmpty();
  }
}
