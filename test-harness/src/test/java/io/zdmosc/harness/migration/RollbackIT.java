package io.zdmosc.harness.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.progress.Summary;
import io.zdmosc.engine.spi.Orders.Ending;
import io.zdmosc.harness.schema.SchemaDump;
import io.zdmosc.harness.server.SharedServers;
import io.zdmosc.harness.server.TestDatabase;
import io.zdmosc.harness.workload.Workload;
import io.zdmosc.harness.workload.check.ModelChecker;
import io.zdmosc.harness.workload.postgres.PostgresCatalogue;
import io.zdmosc.harness.workload.table.TableCase;
import java.sql.Connection;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Forth, back and forth again, while eight adversarial writers write all the time. */
class RollbackIT {
  private static final List<String> CASES =
      List.of("identity_always/key_to_bigint", "bigserial/int_to_bigint", "bigserial/rebuild");

  /** On the oldest and the newest server; on all of them with {@code -Dzdm.long=true}. */
  static Stream<Arguments> cases() {
    List<Integer> majors = SharedServers.majors();
    int first = majors.get(0);
    int last = majors.get(majors.size() - 1);
    return majors.stream()
        .filter(major -> major == first || major == last || Boolean.getBoolean("zdm.long"))
        .map(major -> Arguments.of(CASES.get(major % CASES.size()), major));
  }

  @ParameterizedTest(name = "{0} on PostgreSQL {1}")
  @MethodSource("cases")
  void noWriteIsLostAtAnyOfThree(String name, int major) throws Exception {
    TableCase tableCase = PostgresCatalogue.ALL.named(name);
    try (TestDatabase database = SharedServers.freshDatabase(major);
        Connection connection = database.connect();
        Workload workload = Workload.start(database::connect, tableCase, major, Runs.workload())) {
      workload.awaitOperations(50, Runs.PATIENCE);
      SchemaDump before =
          SchemaDump.of(connection, tableCase.table().name()).withoutSequenceStates();
      for (int round = 0; round < 2; round++) {
        forthAndBack(database, tableCase, workload);
      }
      assertThat(
              SchemaDump.of(connection, tableCase.table().name()).withoutSequenceStates().lines())
          .isEqualTo(before.lines());
      Runs.migrate(database, tableCase.sourceName(), tableCase.change().alter());
      workload.awaitOperations(50, Runs.PATIENCE);
      workload.stop().assertNoErrors();
      ModelChecker.check(connection, tableCase.change().targetTable(), tableCase, workload.model())
          .assertClean();
    }
  }

  private static void forthAndBack(TestDatabase database, TableCase tableCase, Workload workload)
      throws Exception {
    try (HeldMigration held =
        HeldMigration.begin(
            () -> Runs.open(database),
            tableCase.sourceName(),
            tableCase.change().alter(),
            Map.of())) {
      try {
        workload.awaitOperations(100, Runs.PATIENCE);
        Summary summary = held.end(Ending.ROLLBACK_AND_DROP);
        assertThat(summary.state()).isEqualTo(MigrationState.ROLLED_BACK);
        assertThat(summary.notes()).isEmpty();
        assertThat(summary.divergentRows()).isZero(); // a lost change would be repaired in silence
        workload.awaitOperations(50, Runs.PATIENCE);
        Traces.assertNone(database);
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
