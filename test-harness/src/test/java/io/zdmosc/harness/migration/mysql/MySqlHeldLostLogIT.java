package io.zdmosc.harness.migration.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zdmosc.cli.server.Product;
import io.zdmosc.engine.Migration;
import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.engine.progress.MigrationListener;
import io.zdmosc.engine.spi.Database;
import io.zdmosc.engine.spi.Orders.Ending;
import io.zdmosc.harness.migration.HeldMigration;
import io.zdmosc.harness.server.mysql.MySqlDatabase;
import io.zdmosc.harness.server.mysql.MySqlRelease;
import io.zdmosc.harness.server.mysql.MySqlReplica;
import io.zdmosc.harness.server.mysql.MySqlServer;
import io.zdmosc.harness.server.mysql.SharedMySqlServers;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A pair whose log is gone, or on another server, has no way back: only its end is suggested. */
class MySqlHeldLostLogIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  static List<MySqlRelease> releases() {
    return SharedMySqlServers.newest().stream().filter(MySqlRelease::embeddable).toList();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("releases")
  void onlyTheContractIsSuggestedAndWorks(MySqlRelease release) throws Exception {
    try (MySqlServer source = MySqlServer.start(release);
        MySqlReplica replica = MySqlReplica.of(source)) {
      MySqlDatabase database = source.createDatabase("app");
      database.execute("CREATE TABLE t (id INT PRIMARY KEY, n INT)", "INSERT INTO t VALUES (1, 1)");
      long id;
      try (HeldMigration held =
          HeldMigration.begin(() -> MySqlRuns.open(database), "t", "MODIFY n BIGINT", Map.of())) {
        id = held.id();
        held.stop();
      }
      database.execute("INSERT INTO t VALUES (2, 5000000000)");
      replica.awaitCaughtUp();
      replica.server().execute(stopped(release));

      hasNoWayBack(new MySqlDatabase(replica.server(), "app"), id, "another server now");
      purge(source);
      hasNoWayBack(database, id, "does not send its binary log");
    }
  }

  private static String stopped(MySqlRelease release) {
    return release.product() == Product.MYSQL ? "STOP REPLICA" : "STOP SLAVE";
  }

  private static void hasNoWayBack(MySqlDatabase database, long id, String why) throws Exception {
    try (Database opened = MySqlRuns.open(database)) {
      assertThatThrownBy(Migration.unfinished(opened, id, false, MigrationListener.none())::run)
          .hasMessageContaining(why)
          .isInstanceOfSatisfying(
              MigrationFailedException.class,
              e -> {
                assertThat(e.state()).contains("The new table serves").contains("no way back");
                assertThat(e.next()).isEqualTo("zdm-osc contract --id " + id + " ends it.");
              });
      opened.control().order(id, orders -> orders.ending(Optional.of(Ending.CONTRACT)));
      assertThat(Migration.unfinished(opened, id, false, MigrationListener.none()).run().state())
          .isEqualTo(MigrationState.CONTRACTED);
    }
    assertThat(database.queryText("SELECT MAX(n) FROM t")).isEqualTo("5000000000");
    MySqlTraces.assertNone(database);
  }

  /** Until the replica's connection is over, the server keeps the file that it was at. */
  private static void purge(MySqlServer server) {
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              List<String> files = files(server);
              if (files.size() < 3) {
                server.execute("FLUSH BINARY LOGS");
                return false;
              }
              server.execute("PURGE BINARY LOGS TO '" + files.get(files.size() - 1) + "'");
              return files(server).size() == 1;
            });
  }

  private static List<String> files(MySqlServer server) throws SQLException {
    List<String> files = new ArrayList<>();
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SHOW BINARY LOGS")) {
      while (rows.next()) {
        files.add(rows.getString(1));
      }
    }
    return files;
  }
}
