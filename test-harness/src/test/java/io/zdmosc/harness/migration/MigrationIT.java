package io.zdmosc.harness.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.engine.RunOptions;
import io.zdmosc.harness.schema.SchemaDump;
import io.zdmosc.harness.server.SharedServers;
import io.zdmosc.harness.server.TestDatabase;
import io.zdmosc.harness.workload.postgres.PostgresCatalogue;
import io.zdmosc.harness.workload.table.TableCase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
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
  private static final int EVERY = 4;
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
    try (TestDatabase database = SharedServers.freshDatabase(major);
        Connection connection = database.connect()) {
      Assumptions.assumeTrue(tableCase.supportedBy(connection));
      // built in bulk, in the middle of the copy, or from the start
      RunOptions options =
          AttackedMigration.options()
              .withHeldKeys(HELD_KEYS[(int) (seed / EVERY % HELD_KEYS.length)]);
      new AttackedMigration(() -> Runs.open(database), database, database::connect)
          .run(tableCase, seed, options, Runs.workload());
      Traces.assertNoneButTheRetiredTable(database);
      assertShapeAsAfterANativeChange(tableCase, connection, major);
    }
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
