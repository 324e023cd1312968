package io.zdmosc.harness.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.engine.ChangeRequest;
import io.zdmosc.engine.RunOptions;
import io.zdmosc.engine.durable.MigrationOrder;
import io.zdmosc.engine.durable.RecordText;
import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.engine.spi.ConnectionSettings;
import io.zdmosc.engine.spi.Connector;
import io.zdmosc.engine.spi.ControlStore;
import io.zdmosc.engine.spi.CutOver;
import io.zdmosc.engine.spi.Database;
import io.zdmosc.engine.spi.PlannedChange;
import io.zdmosc.engine.spi.PreparedChange;
import io.zdmosc.harness.server.SharedServers;
import io.zdmosc.harness.server.TestDatabase;
import io.zdmosc.harness.server.mysql.MySqlRelease;
import io.zdmosc.harness.server.mysql.SharedMySqlServers;
import io.zdmosc.mysql.MySqlConnector;
import io.zdmosc.postgres.PostgresConnector;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A stop cancels whatever runs, also the first statements of a cut-over that is just being opened:
 * its connections, with what they hold, must not outlive it.
 */
class InterruptedOpeningIT {
  /** So many openings, at the most, are interrupted at random moments, until some break off. */
  private static final int OPENINGS = 60;

  private static final int ENOUGH = 4;

  @Test
  void postgresKeepsNoConnectionOfACutOverThatWasNotOpened() throws Exception {
    try (TestDatabase database = SharedServers.freshDatabase(SharedServers.newestMajor())) {
      noneIsLeft(
          new PostgresConnector(),
          database,
          "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()");
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("io.zdmosc.harness.server.mysql.SharedMySqlServers#newest")
  void mySqlKeepsNoConnectionOfACutOverThatWasNotOpened(MySqlRelease release) throws Exception {
    try (TestDatabase database = SharedMySqlServers.freshDatabase(release)) {
      noneIsLeft(
          new MySqlConnector(),
          database,
          "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE DB = DATABASE()");
    }
  }

  private static void noneIsLeft(Connector connector, TestDatabase database, String connections)
      throws Exception {
    database.execute("CREATE TABLE t (id INT PRIMARY KEY, v INT)", "INSERT INTO t VALUES (1, 1)");
    ChangeRequest request = new ChangeRequest("t", "ADD COLUMN w INT");
    ConnectionSettings settings =
        new ConnectionSettings(database.jdbcUrl(), database.user(), database.password(), Map.of());
    try (Database opened = connector.connect(settings)) {
      PlannedChange planned = opened.plan(request);
      MigrationOrder order = new MigrationOrder(request, RunOptions.defaults(), planned.plan());
      try (ControlStore.Lease lease =
              opened.control().register(planned.plan(), RecordText.write(order), false);
          PreparedChange change = planned.prepare(lease, false, note -> {})) {
        int before = number(database, connections);
        assertThat(interruptedOpenings(opened, change)).isPositive();
        Until.holds("no connection is left", () -> number(database, connections) <= before);
        assertThat(change.discard()).isEmpty();
      }
    }
  }

  /** How many of the openings broke off. */
  private static int interruptedOpenings(Database opened, PreparedChange change) {
    int brokenOff = 0;
    for (int i = 0; i < OPENINGS && brokenOff < ENOUGH; i++) {
      CompletableFuture<CutOver> part = CompletableFuture.supplyAsync(change::openCutOver);
      while (!part.isDone()) {
        opened.interrupt();
      }
      try {
        part.join().close();
      } catch (RuntimeException e) {
        assertThat(e).hasRootCauseInstanceOf(SQLException.class);
        assertThat(e.getCause()).isInstanceOf(MigrationFailedException.class);
        brokenOff++; // others had nothing to cancel at that moment
      }
    }
    return brokenOff;
  }

  private static int number(TestDatabase database, String sql) throws SQLException {
    return Integer.parseInt(database.queryText(sql));
  }
}
