package io.zdmosc.harness.migration.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zdmosc.cli.server.Product;
import io.zdmosc.engine.RunOptions;
import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.engine.progress.Summary;
import io.zdmosc.harness.server.mysql.MySqlDatabase;
import io.zdmosc.harness.server.mysql.MySqlRelease;
import io.zdmosc.harness.server.mysql.MySqlServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Less than whole rows in the binary log: taken where every key is there, else refused. */
class RowImageIT {
  private static final String RELEASES = "io.zdmosc.harness.server.mysql.SharedMySqlServers#newest";

  @ParameterizedTest(name = "{0}")
  @MethodSource(RELEASES)
  void everyAcknowledgedWriteIsThereAfterwards(MySqlRelease release) throws Exception {
    List<String> images = new ArrayList<>(List.of("MINIMAL", "NOBLOB"));
    if (release.product() == Product.MARIADB) {
      images.add("FULL_NODUP");
    }
    KeyCase keys =
        KeyCase.ALL.stream().filter(each -> each.name().equals("composite")).findFirst().get();
    try (MySqlServer server = MySqlServer.start(release)) {
      for (String image : images) {
        server.execute("SET GLOBAL binlog_row_image = " + image);
        try (MySqlDatabase database =
            server.createDatabase("d_" + image.toLowerCase(Locale.ROOT))) {
          migrateUnderLoad(database, keys, image);
          refusals(database, image);
        }
      }
    }
  }

  private static void migrateUnderLoad(MySqlDatabase database, KeyCase keys, String image)
      throws Exception {
    Writers.createTable(database, keys);
    RunOptions options = RunOptions.defaults().withCutOverBudget(Duration.ofSeconds(2));
    try (Writers writers = Writers.start(database, keys, 7)) {
      Summary summary = MySqlRuns.migrate(database, "t", "ADD COLUMN extra INT", options);
      Thread.sleep(100);
      writers.stop();

      assertThat(writers.errors()).as(image).isEmpty();
      assertThat(writers.differences(database, "t")).as(image).isEmpty();
      assertThat(summary.changesApplied()).as(image).isPositive();
    }
  }

  private static void refusals(MySqlDatabase database, String image) throws Exception {
    database.execute(
        "CREATE TABLE by_index (a INT NOT NULL, b INT, UNIQUE KEY by_a (a))",
        "CREATE TABLE by_default (a INT NOT NULL, b INT DEFAULT 7, PRIMARY KEY (a, b))",
        "CREATE TABLE by_other (a INT AUTO_INCREMENT PRIMARY KEY, b INT DEFAULT 7)");
    MySqlRuns.migrate(database, "by_other", "ADD COLUMN c INT");
    if (!image.equals("MINIMAL")) {
      MySqlRuns.migrate(database, "by_index", "ADD COLUMN c INT");
      MySqlRuns.migrate(database, "by_default", "ADD COLUMN c INT");
      return;
    }
    assertThatThrownBy(() -> MySqlRuns.migrate(database, "by_index", "ADD COLUMN c INT"))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("binlog_row_image")
        .hasMessageContaining("unique index by_a");
    assertThatThrownBy(() -> MySqlRuns.migrate(database, "by_default", "ADD COLUMN c INT"))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("binlog_row_image")
        .hasMessageContaining("key column b");
  }
}
