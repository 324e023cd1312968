package io.zdmosc.harness.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.spi.ConnectionSettings;
import io.zdmosc.engine.spi.Connector;
import io.zdmosc.engine.spi.ControlStore;
import io.zdmosc.engine.spi.Database;
import io.zdmosc.engine.spi.MigrationStatus;
import io.zdmosc.harness.server.TestDatabase;
import io.zdmosc.harness.workload.Site;
import io.zdmosc.mysql.MySqlConnector;
import io.zdmosc.postgres.PostgresConnector;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The tool itself, killed while it follows and while it rolls back; then it rolls back all the
 * same.
 */
class HeldKillsIT {
  private static final int KILLS = Boolean.getBoolean("zdm.long") ? 30 : 2;
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  static List<Site> sites() {
    return Site.all();
  }

  @ParameterizedTest
  @MethodSource("sites")
  void killedRollbackGoesOnAndLosesNothing(Site site) throws Exception {
    Random random = new Random(7);
    try (TestDatabase database = site.database();
        Database opened = open(database)) {
      database.execute(
          "CREATE TABLE killed (id int PRIMARY KEY, n int, old varchar(20))",
          "INSERT INTO killed VALUES (1, 1, 'one'), (2, 2, 'two'), (3, 3, 'three')");
      String id;
      try (ChildProcess child =
          ChildProcess.tool(
              database, "run", "--table", "killed", "--alter", "DROP COLUMN old", "--hold")) {
        await(opened, child, status -> status.detail().contains(HeldMigration.FOLLOWING));
        id = Long.toString(latest(opened).id());
        database.execute("INSERT INTO killed VALUES (4, 4)", "DELETE FROM killed WHERE id = 1");
        child.kill();
      }
      database.execute("UPDATE killed SET n = 20 WHERE id = 2");
      for (int kill = 0; kill < KILLS; kill++) {
        database.execute("UPDATE killed SET n = n + 100 WHERE id = 3");
        try (ChildProcess child = ChildProcess.tool(database, "rollback", "--id", id)) {
          Thread.sleep(800 + random.nextInt(1_800));
          child.kill();
        }
        if (latest(opened).state() == MigrationState.ROLLED_BACK) {
          break;
        }
      }
      if (latest(opened).open()) {
        try (ChildProcess child = ChildProcess.tool(database, "rollback", "--id", id)) {
          await(opened, child, status -> !status.open());
        }
      }
      assertThat(latest(opened).state()).isEqualTo(MigrationState.ROLLED_BACK);
      assertThat(database.queryText("SELECT count(*) FROM killed WHERE id = 1")).isEqualTo("0");
      assertThat(database.queryText("SELECT n FROM killed WHERE id = 2 AND old = 'two'"))
          .isEqualTo("20");
      assertThat(
              Integer.parseInt(
                  database.queryText("SELECT n FROM killed WHERE id = 3 AND old = 'three'")))
          .isBetween(103, 3 + KILLS * 100);
      assertThat(database.queryText("SELECT n FROM killed WHERE id = 4 AND old IS NULL"))
          .isEqualTo("4");
    }
  }

  private static void await(
      Database opened, ChildProcess child, Predicate<MigrationStatus> condition) {
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> !child.isAlive() || statuses(opened.control()).anyMatch(condition::test));
    assertThat(statuses(opened.control()).anyMatch(condition::test)).as(child.toString()).isTrue();
  }

  private static Stream<MigrationStatus> statuses(ControlStore control) {
    return control.latest(100).stream().filter(each -> each.table().contains("killed")).limit(1);
  }

  private static MigrationStatus latest(Database opened) {
    return statuses(opened.control()).findFirst().orElseThrow();
  }

  private static Database open(TestDatabase database) {
    Connector connector =
        Stream.of(new PostgresConnector(), new MySqlConnector())
            .filter(each -> each.accepts(database.jdbcUrl()))
            .findFirst()
            .orElseThrow();
    return connector.connect(
        new ConnectionSettings(database.jdbcUrl(), database.user(), database.password(), Map.of()));
  }
}
