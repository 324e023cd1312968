package io.zdmosc.harness.migration.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.cli.server.Product;
import io.zdmosc.engine.progress.Summary;
import io.zdmosc.harness.server.mysql.MySqlDatabase;
import io.zdmosc.harness.server.mysql.MySqlRelease;
import io.zdmosc.harness.server.mysql.SharedMySqlServers;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Histograms of columns that the change touches: more is kept than by the server itself. */
class HistogramsIT {
  static List<MySqlRelease> mySql() {
    return SharedMySqlServers.newest().stream()
        .filter(release -> release.product() == Product.MYSQL)
        .toList();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("mySql")
  void renamedAndConvertedColumnsHaveOneAndWhatCannotIsSaid(MySqlRelease release) throws Exception {
    try (MySqlDatabase database = SharedMySqlServers.freshDatabase(release)) {
      database.execute(
          "CREATE TABLE t (id INT PRIMARY KEY, `a``b` INT, c INT, d INT, u INT)",
          "INSERT INTO t VALUES (1, 1, 1, 1, 1), (2, 2, 2, 2, 2), (3, 3, 2, 2, 3)",
          "ANALYZE TABLE t UPDATE HISTOGRAM ON `a``b`, c, u WITH 9 BUCKETS",
          "ANALYZE TABLE t UPDATE HISTOGRAM ON d WITH 8 BUCKETS AUTO UPDATE",
          "INSERT INTO t VALUES (4, 40, 40, 40, 40)");
      String before = histogram(database, "a`b", "'$.\"last-updated\"'");

      Summary summary =
          MySqlRuns.migrate(
              database,
              "t",
              "RENAME COLUMN `a``b` TO `x``y`, MODIFY c BIGINT, MODIFY d BIGINT, ADD UNIQUE (u)");

      assertThat(histogram(database, "x`y", "'$.\"last-updated\"'")).isEqualTo(before);
      assertThat(histogram(database, "c", "'$.none'"))
          .contains("[40, 1.0]", "\"auto-update\": false", "\"number-of-buckets-specified\": 9");
      assertThat(histogram(database, "d", "'$.none'"))
          .contains("[40, 1.0]", "\"auto-update\": true", "\"number-of-buckets-specified\": 8");
      assertThat(summary.notes())
          .hasSize(1)
          .allMatch(note -> note.contains("column `u` has no histogram any more"));
    }
  }

  private static String histogram(MySqlDatabase database, String column, String without)
      throws SQLException {
    return database.queryText(
        "SELECT JSON_REMOVE(HISTOGRAM, "
            + without
            + ") FROM information_schema.COLUMN_STATISTICS"
            + " WHERE SCHEMA_NAME = DATABASE() AND TABLE_NAME = 't' AND COLUMN_NAME = '"
            + column
            + "'");
  }
}
