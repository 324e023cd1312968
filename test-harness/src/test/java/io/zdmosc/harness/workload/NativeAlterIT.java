package io.zdmosc.harness.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.harness.server.TestDatabase;
import io.zdmosc.harness.workload.WorkloadOptions.Trait;
import io.zdmosc.harness.workload.check.CheckReport;
import io.zdmosc.harness.workload.check.ModelChecker;
import io.zdmosc.harness.workload.postgres.PostgresCatalogue;
import io.zdmosc.harness.workload.table.TableCase;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The catalogue's mappings say what the database's own ALTER TABLE makes of the rows. */
class NativeAlterIT {
  private static final WorkloadOptions OPTIONS = Trials.small().with(Trait.NO_SNAPSHOT_READERS);

  static List<TableCase> changes() {
    return PostgresCatalogue.byChange();
  }

  static List<TableCase> renames() {
    return changes().stream()
        .filter(each -> each.name().matches(".*/(rename_.*|swap_names|several|drop_text)"))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("changes")
  void modelAndTableAgreeAfterNativeAlter(TableCase tableCase) throws Exception {
    try (TestDatabase database = Trials.database();
        Connection connection = database.connect()) {
      Trials.assumeSupported(connection, tableCase);
      try (Workload workload = Workload.start(database::connect, tableCase, 21, OPTIONS)) {
        workload.awaitOperations(40, Trials.PATIENCE);
        tableCase.alterNatively(connection);
        awaitEndOrMore(workload, 40);
        workload.stop().assertNoErrors();
        check(connection, tableCase, workload).assertClean();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("renames")
  void writersThatKnowTheNewNamesGoOn(TableCase tableCase) throws Exception {
    try (TestDatabase database = Trials.database();
        Connection connection = database.connect();
        Workload workload =
            Workload.start(
                database::connect, tableCase, 22, OPTIONS.with(Trait.GO_ON_AFTER_CHANGE))) {
      workload.awaitOperations(50, Trials.PATIENCE);
      tableCase.alterNatively(connection);
      workload.awaitOperations(100, Trials.PATIENCE);
      WorkloadReport report = workload.stop();
      report.assertNoErrors();
      if (tableCase.change().clauses().toString().contains("RENAME COLUMN")) {
        assertThat(report.shapeSwitches()).as(report.toString()).isPositive();
      }
      check(connection, tableCase, workload).assertClean();
    }
  }

  /**
   * A native rewrite shows old snapshots an empty table; whoever does better must be told apart.
   */
  @Test
  void snapshotReadersSeeAChangeThatIsNotSafeForThem() throws Exception {
    TableCase tableCase = PostgresCatalogue.named("bigserial/numeric_scale");
    WorkloadOptions options = Trials.small().withLongTransaction(Duration.ofMillis(600));
    try (TestDatabase database = Trials.database();
        Workload workload = Workload.start(database::connect, tableCase, 23, options)) {
      Awaitility.await()
          .atMost(Trials.PATIENCE)
          .until(
              () -> {
                database.execute("ALTER TABLE orders ALTER amount TYPE numeric(20,6)");
                database.execute("ALTER TABLE orders ALTER amount TYPE numeric(20,7)");
                return workload.report().errors().stream()
                    .anyMatch(
                        error -> error.message().contains("a snapshot sees [rows, sum] [0, 0]"));
              });
    }
  }

  private static CheckReport check(Connection connection, TableCase tableCase, Workload workload)
      throws Exception {
    String table = tableCase.change().targetTable();
    return ModelChecker.check(connection, table, tableCase, workload.model());
  }

  private static void awaitEndOrMore(Workload workload, long more) {
    long target = workload.operations() + more;
    Awaitility.await()
        .atMost(Trials.PATIENCE)
        .pollInterval(10, TimeUnit.MILLISECONDS)
        .until(() -> workload.ended() || workload.operations() >= target);
  }
}
