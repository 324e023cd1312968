package io.zdmosc.harness.migration.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.cli.server.Product;
import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.progress.Summary;
import io.zdmosc.harness.server.mysql.MySqlDatabase;
import io.zdmosc.harness.server.mysql.MySqlRelease;
import io.zdmosc.harness.server.mysql.MySqlServer;
import io.zdmosc.harness.server.mysql.MySqlSpec;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole migrations while writers go on, on servers whose settings are hard on other sessions. */
class LiveOnVariantsIT {
  private static final String RELEASES = "io.zdmosc.harness.server.mysql.SharedMySqlServers#newest";

  private static final KeyCase NUMBERS = KeyCase.ALL.get(0);
  private static final KeyCase REPEATED_HOUR =
      new KeyCase(
          "in the repeated hour",
          "a TIMESTAMP(1) NOT NULL",
          "a",
          n -> List.of("FROM_UNIXTIME(1603584000 + " + n + " * 0.5)"));
  private static final KeyCase LONG_TEXTS =
      new KeyCase(
          "long texts",
          "a VARCHAR(400) CHARACTER SET latin1 NOT NULL",
          "a",
          n -> List.of("CONCAT(" + n + ", REPEAT('k', 300))"));

  @ParameterizedTest(name = "{0}")
  @MethodSource(RELEASES)
  void everyAcknowledgedWriteIsThereAfterwards(MySqlRelease release) throws Exception {
    MySqlSpec spec =
        MySqlSpec.of(release).withCompressedBinlog().with("lower_case_table_names", "1");
    try (MySqlServer server = MySqlServer.start(spec)) {
      server.addTimeZone("Europe/Berlin");
      migrate(server, "Zone", REPEATED_HOUR, "time_zone = 'Europe/Berlin'");
      migrate(server, "Packets", LONG_TEXTS, "max_allowed_packet = 16384");
      migrate(
          server,
          "Isolated",
          NUMBERS,
          "transaction_isolation = 'SERIALIZABLE'",
          "autocommit = 0",
          "unique_checks = 0");
      List<String> impatient =
          new ArrayList<>(
              List.of(
                  "wait_timeout = 1",
                  "interactive_timeout = 1",
                  "net_read_timeout = 1",
                  "net_write_timeout = 1",
                  "innodb_lock_wait_timeout = 1",
                  "lock_wait_timeout = 1"));
      if (release.product() == Product.MARIADB) {
        impatient.add("idle_transaction_timeout = 1");
        impatient.add("idle_write_transaction_timeout = 1");
        impatient.add("idle_readonly_transaction_timeout = 1");
        impatient.add("max_statement_time = 1");
      } else {
        impatient.add("max_execution_time = 1000");
      }
      migrate(server, "Impatient", NUMBERS, impatient.toArray(String[]::new));
    }
  }

  private static void migrate(MySqlServer server, String name, KeyCase keys, String... globals)
      throws Exception {
    List<String> old = new ArrayList<>();
    try (MySqlDatabase database = server.createDatabase(name)) {
      Writers.createTable(database, keys);
      for (String global : globals) {
        String variable = global.substring(0, global.indexOf(' '));
        String value = server.variable(variable);
        old.add(variable + " = " + (value.matches("[0-9.]+") ? value : "'" + value + "'"));
        server.execute("SET GLOBAL " + global);
      }
      try (Writers writers = Writers.start(database, keys, 42)) {
        Summary summary = MySqlRuns.migrate(database, "T", "ADD COLUMN extra INT, ADD KEY n (n)");
        Thread.sleep(100);
        writers.stop();
        assertThat(writers.errors()).as(name).isEmpty();
        assertThat(writers.differences(database, "t")).as(name).isEmpty();
        assertThat(summary.state()).as(name).isEqualTo(MigrationState.SWAPPED);
        assertThat(summary.divergentRows()).as(name).isZero();
        assertThat(summary.changesApplied()).as(name).isPositive();
      }
    } finally {
      for (String global : old) {
        server.execute("SET GLOBAL " + global);
      }
    }
  }
}
