package io.zdmosc.harness.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.harness.server.TestDatabase;
import io.zdmosc.harness.workload.WorkloadOptions.Trait;
import io.zdmosc.harness.workload.check.CheckReport;
import io.zdmosc.harness.workload.check.ModelChecker;
import io.zdmosc.harness.workload.table.Catalogue;
import io.zdmosc.harness.workload.table.TableCase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The catalogues' mappings say what the database's own ALTER TABLE makes of the rows. */
class NativeAlterIT {
  private static final WorkloadOptions OPTIONS = Trials.small().with(Trait.NO_SNAPSHOT_READERS);

  static Stream<Arguments> changes() {
    return Site.cases(Catalogue::byChange);
  }

  static Stream<Arguments> renames() {
    return Site.cases(
        catalogue ->
            catalogue.byChange().stream()
                .filter(each -> each.name().matches(".*/(rename_.*|swap_names|several|drop_text)"))
                .toList());
  }

  static List<Site> sites() {
    return Site.all();
  }

  @ParameterizedTest
  @MethodSource("changes")
  void modelAndTableAgreeAfterNativeAlter(Site site, TableCase tableCase) throws Exception {
    try (TestDatabase database = site.database();
        Connection connection = database.connect()) {
      Trials.assumeSupported(connection, tableCase);
      try (Workload workload = Workload.start(site.application(database), tableCase, 21, OPTIONS)) {
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
  void writersThatKnowTheNewNamesGoOn(Site site, TableCase tableCase) throws Exception {
    WorkloadOptions options = OPTIONS.with(Trait.GO_ON_AFTER_CHANGE);
    try (TestDatabase database = site.database();
        Connection connection = database.connect();
        Workload workload = Workload.start(site.application(database), tableCase, 22, options)) {
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
   * A native rewrite shows old snapshots an empty table, an error, or (MariaDB, by an index) some
   * of the rows; whoever does better must be told apart.
   */
  @ParameterizedTest
  @MethodSource("sites")
  void snapshotReadersSeeAChangeThatIsNotSafeForThem(Site site) throws Exception {
    TableCase tableCase = site.plain();
    boolean postgres = tableCase.dialect().hasDeferrableConstraints();
    String alter = postgres ? "ALTER amount TYPE numeric(20,%d)" : "MODIFY amount decimal(20,%d)";
    Pattern sight =
        Pattern.compile(
            postgres
                ? "a snapshot sees \\[rows, sum\\] \\[0, 0\\]"
                : "a snapshot sees|Table definition has changed");
    WorkloadOptions options = Trials.small().withLongTransaction(Duration.ofMillis(600));
    try (TestDatabase database = site.database();
        Connection connection = database.connect();
        Workload workload = Workload.start(site.application(database), tableCase, 23, options)) {
      Awaitility.await()
          .atMost(Trials.PATIENCE)
          .until(
              () -> {
                alter(connection, String.format(alter, 6));
                alter(connection, String.format(alter, 7));
                return workload.report().errors().stream()
                    .anyMatch(error -> sight.matcher(error.message()).find());
              });
    }
  }

  private static void alter(Connection connection, String clause) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("ALTER TABLE orders " + clause);
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
