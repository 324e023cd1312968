package io.zdmosc.harness.migration.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.progress.Summary;
import io.zdmosc.harness.server.mysql.MySqlDatabase;
import io.zdmosc.harness.server.mysql.MySqlRelease;
import io.zdmosc.harness.server.mysql.SharedMySqlServers;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole migrations of tables with every type of key, while writers go on. */
class LiveMigrationIT {

  static Stream<Arguments> cases() {
    String only = System.getProperty("zdm.case", "");
    return SharedMySqlServers.newest().stream()
        .flatMap(
            release ->
                KeyCase.ALL.stream()
                    .filter(keys -> only.isEmpty() || keys.name().equals(only))
                    .map(keys -> Arguments.of(keys, release)));
  }

  @ParameterizedTest(name = "{0} on {1}")
  @MethodSource("cases")
  void everyAcknowledgedWriteIsThereAfterwards(KeyCase keys, MySqlRelease release)
      throws Exception {
    try (MySqlDatabase database = SharedMySqlServers.freshDatabase(release)) {
      Writers.createTable(database, keys);
      try (Writers writers = Writers.start(database, keys, 42)) {
        Summary summary =
            MySqlRuns.migrate(
                database,
                "t",
                "ADD COLUMN extra VARCHAR(20) NOT NULL DEFAULT 'x' AFTER n, ADD KEY n (n)");
        Thread.sleep(200);
        writers.stop();

        assertThat(writers.errors()).isEmpty();
        assertThat(writers.differences(database, "t")).isEmpty();
        assertThat(summary.state()).isEqualTo(MigrationState.SWAPPED);
        assertThat(summary.divergentRows()).isZero();
        assertThat(summary.changesApplied()).isPositive();
        assertThat(summary.verifiedRows()).isGreaterThan(Writers.ROWS / 2);
        assertThat(
                database.queryText(
                    "SELECT COUNT(*) FROM information_schema.STATISTICS WHERE TABLE_NAME = 't'"
                        + " AND INDEX_NAME IN ('u', 'v', 'n') AND SEQ_IN_INDEX = 1 AND"
                        + " TABLE_SCHEMA = DATABASE()"))
            .isEqualTo("3");
        assertThat(database.queryText("SELECT MAX(extra) FROM t")).isEqualTo("x");
      }
    }
  }
}
