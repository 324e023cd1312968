package io.zdmosc.harness.migration.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.harness.migration.AttackedMigration;
import io.zdmosc.harness.schema.MySqlSchemaDump;
import io.zdmosc.harness.server.mysql.MySqlDatabase;
import io.zdmosc.harness.server.mysql.MySqlRelease;
import io.zdmosc.harness.server.mysql.SharedMySqlServers;
import io.zdmosc.harness.workload.ConnectionSource;
import io.zdmosc.harness.workload.WorkloadOptions;
import io.zdmosc.harness.workload.mysql.MySqlCatalogue;
import io.zdmosc.harness.workload.table.TableCase;
import java.sql.Connection;
import java.sql.DriverManager;
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
 * write before, during and after; and the definition is the one that the server's own ALTER TABLE
 * gives.
 *
 * <p>By default one case on each server; everything with {@code -Dzdm.long=true}, and one case
 * alone with {@code -Dzdm.case=name -Dzdm.seed=n}.
 */
class AdversarialMigrationIT {
  private static final boolean ALL = Boolean.getBoolean("zdm.long");
  private static final String USUAL = "int_auto/rebuild";

  /** Bulk updates among them change most of the table each second. */
  private static final WorkloadOptions WORKLOAD =
      AttackedMigration.workload().withInitialRows(2_000).withStatementsPerSecond(15);

  static Stream<Arguments> cases() {
    String only = System.getProperty("zdm.case", "");
    Random random = new Random();
    List<Arguments> cases = new ArrayList<>();
    for (MySqlRelease release : SharedMySqlServers.newest()) {
      for (TableCase each : MySqlCatalogue.of(release.product()).all()) {
        String name = each.name();
        if (only.isEmpty() ? ALL || name.equals(USUAL) : name.equals(only)) {
          long seed = ALL ? random.nextInt(1_000_000) : 100;
          cases.add(Arguments.of(each, release, Long.getLong("zdm.seed", seed)));
        }
      }
    }
    return cases.stream();
  }

  @ParameterizedTest(name = "{0} on {1}, seed {2}")
  @MethodSource("cases")
  void everyAcknowledgedWriteIsThereAfterwards(TableCase tableCase, MySqlRelease release, long seed)
      throws Exception {
    try (MySqlDatabase database = SharedMySqlServers.freshDatabase(release);
        Connection connection = database.connect()) {
      Assumptions.assumeTrue(tableCase.supportedBy(connection));
      new AttackedMigration(() -> SmallChunks.open(database), database, application(database))
          .run(tableCase, seed, AttackedMigration.options(), WORKLOAD);
      MySqlTraces.assertNoneButTheRetiredTable(database);
      assertShapeAsAfterANativeChange(tableCase, connection, release);
    }
  }

  /** The drivers let the server prepare, as an application's do. */
  private static ConnectionSource application(MySqlDatabase database) {
    String url = database.jdbcUrl() + "?useServerPrepStmts=true";
    return () -> DriverManager.getConnection(url, database.user(), database.password());
  }

  /** The second database has the same table, changed by the server's own ALTER TABLE. */
  private static void assertShapeAsAfterANativeChange(
      TableCase tableCase, Connection migrated, MySqlRelease release) throws SQLException {
    try (MySqlDatabase other = SharedMySqlServers.freshDatabase(release);
        Connection connection = other.connect()) {
      tableCase.create(connection);
      tableCase.alterNatively(connection);
      String table = tableCase.change().targetTable();
      assertThat(MySqlSchemaDump.of(migrated, table).lines())
          .containsExactlyElementsOf(MySqlSchemaDump.of(connection, table).lines());
    }
  }
}
