package io.zdmosc.harness.migration.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.progress.Summary;
import io.zdmosc.engine.spi.Orders.Ending;
import io.zdmosc.harness.migration.AttackedMigration;
import io.zdmosc.harness.migration.HeldMigration;
import io.zdmosc.harness.schema.MySqlSchemaDump;
import io.zdmosc.harness.server.mysql.MySqlDatabase;
import io.zdmosc.harness.server.mysql.MySqlRelease;
import io.zdmosc.harness.server.mysql.SharedMySqlServers;
import io.zdmosc.harness.workload.Workload;
import io.zdmosc.harness.workload.WorkloadOptions;
import io.zdmosc.harness.workload.check.ModelChecker;
import io.zdmosc.harness.workload.mysql.MySqlCatalogue;
import io.zdmosc.harness.workload.table.TableCase;
import java.sql.Connection;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Forth, back and forth again, while adversarial writers write all the time. */
class MySqlRollbackIT {
  private static final WorkloadOptions WORKLOAD =
      AttackedMigration.workload()
          .withWriters(4)
          .withInitialRows(1_500)
          .withStatementsPerSecond(10);

  static List<MySqlRelease> releases() {
    return SharedMySqlServers.newest();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("releases")
  void noWriteIsLostAtAnyOfThree(MySqlRelease release) throws Exception {
    TableCase tableCase =
        MySqlCatalogue.of(release.product()).all().stream()
            .filter(each -> each.name().equals("int_auto/key_to_bigint"))
            .findFirst()
            .orElseThrow();
    try (MySqlDatabase database = SharedMySqlServers.freshDatabase(release);
        Connection connection = database.connect();
        Workload workload = Workload.start(database::connect, tableCase, 7, WORKLOAD)) {
      workload.awaitOperations(30, AttackedMigration.PATIENCE);
      String table = tableCase.table().name();
      List<String> before = MySqlSchemaDump.of(connection, table).lines();
      forthAndBack(database, tableCase, workload);
      assertThat(MySqlSchemaDump.of(connection, table).lines()).isEqualTo(before);
      MySqlRuns.migrate(database, tableCase.sourceName(), tableCase.change().alter());
      workload.awaitOperations(30, AttackedMigration.PATIENCE);
      workload.stop().assertNoErrors();
      ModelChecker.check(connection, tableCase.change().targetTable(), tableCase, workload.model())
          .assertClean();
    }
  }

  private static void forthAndBack(MySqlDatabase database, TableCase tableCase, Workload workload)
      throws Exception {
    try (HeldMigration held =
        HeldMigration.begin(
            () -> MySqlRuns.open(database),
            tableCase.sourceName(),
            tableCase.change().alter(),
            Map.of())) {
      try {
        workload.awaitOperations(60, AttackedMigration.PATIENCE);
        Summary summary = held.end(Ending.ROLLBACK_AND_DROP);
        assertThat(summary.state()).isEqualTo(MigrationState.ROLLED_BACK);
        assertThat(summary.notes()).isEmpty();
        assertThat(summary.divergentRows()).isZero(); // a lost change would be repaired in silence
        workload.awaitOperations(30, AttackedMigration.PATIENCE);
        MySqlTraces.assertNone(database);
        workload.pause();
        try (Connection connection = database.connect()) {
          ModelChecker.checkSource(connection, tableCase, workload.model()).assertClean();
        }
        workload.resume();
      } catch (Exception | AssertionError e) {
        System.out.println(held);
        throw e;
      }
    }
  }
}
