package io.zdmosc.harness.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zdmosc.cli.server.Product;
import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.engine.spi.ConnectionSettings;
import io.zdmosc.engine.spi.Connector;
import io.zdmosc.engine.spi.Database;
import io.zdmosc.engine.spi.TrafficLog;
import io.zdmosc.engine.traffic.TrafficSample;
import io.zdmosc.harness.server.SharedServers;
import io.zdmosc.harness.server.TestDatabase;
import io.zdmosc.harness.server.mysql.MySqlDatabase;
import io.zdmosc.harness.server.mysql.MySqlRelease;
import io.zdmosc.harness.server.mysql.MySqlServer;
import io.zdmosc.harness.server.mysql.MySqlSpec;
import io.zdmosc.harness.server.mysql.SharedMySqlServers;
import io.zdmosc.mysql.MySqlConnector;
import io.zdmosc.postgres.PostgresConnector;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the servers' statistics tell of real writes. */
class TrafficLogIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @ParameterizedTest(name = "PostgreSQL {0}")
  @MethodSource("io.zdmosc.harness.server.SharedServers#majors")
  void postgresCountsTheWritesOfTheTable(int major) throws Exception {
    try (TestDatabase database = SharedServers.freshDatabase(major)) {
      database.execute("CREATE TABLE \"T 1\" (id int PRIMARY KEY, v int)");
      try (Database opened = open(new PostgresConnector(), database)) {
        countsWrites(
            database,
            opened.traffic("\"T 1\""),
            "INSERT INTO \"T 1\" SELECT n, n FROM generate_series(1, 100) n",
            "UPDATE \"T 1\" SET v = v + 1",
            "DELETE FROM \"T 1\" WHERE id > 50");
      }
    }
  }

  @Test
  void partitionsCountForTheWholeTable() throws Exception {
    try (TestDatabase database = SharedServers.freshDatabase(SharedServers.newestMajor())) {
      database.execute(
          "CREATE TABLE t (id int PRIMARY KEY, v int) PARTITION BY RANGE (id)",
          "CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (50)",
          "CREATE TABLE t2 PARTITION OF t FOR VALUES FROM (50) TO (1000)");
      try (Database opened = open(new PostgresConnector(), database)) {
        countsWrites(
            database,
            opened.traffic("t"),
            "INSERT INTO t SELECT n, n FROM generate_series(1, 100) n",
            "UPDATE t SET v = v + 1",
            "DELETE FROM t WHERE id > 50");
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("io.zdmosc.harness.server.mysql.SharedMySqlServers#newest")
  void theServersWritesAreCounted(MySqlRelease release) throws Exception {
    try (MySqlDatabase database = SharedMySqlServers.freshDatabase(release)) {
      database.execute("CREATE TABLE `T 1` (id INT PRIMARY KEY, v INT)");
      try (Database opened = open(new MySqlConnector(), database)) {
        TrafficLog log = opened.traffic("`T 1`");
        if (release.product() == Product.MYSQL) {
          countsWrites(database, log, mySqlWrites());
        } else {
          // without performance schema and user statistics, nothing counts a table's own writes
          TrafficSample before = log.sample();
          database.execute(mySqlWrites());
          TrafficSample after = log.sample();
          assertThat(before.tableWrites()).isEqualTo(-1);
          assertThat(after.tableWrites()).isEqualTo(-1);
          assertThat(after.serverWrites() - before.serverWrites()).isGreaterThanOrEqualTo(250);
        }
      }
    }
  }

  @Test
  void mariaDbCountsTheWritesOfTheTableByUserStatistics() throws Exception {
    try (MySqlServer server =
        MySqlServer.start(MySqlSpec.of(MySqlRelease.MARIADB).with("userstat", "ON"))) {
      try (MySqlDatabase database = server.createDatabase("shop")) {
        database.execute("CREATE TABLE `T 1` (id INT PRIMARY KEY, v INT)");
        try (Database opened = open(new MySqlConnector(), database)) {
          countsWrites(database, opened.traffic("shop.`T 1`"), mySqlWrites());
        }
      }
    }
  }

  private static String[] mySqlWrites() {
    return new String[] {
      "INSERT INTO `T 1` WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n <"
          + " 100) SELECT n, n FROM s",
      "UPDATE `T 1` SET v = v + 1",
      "DELETE FROM `T 1` WHERE id > 50"
    };
  }

  private static void countsWrites(TestDatabase database, TrafficLog log, String... writes)
      throws SQLException, InterruptedException {
    TrafficSample before = log.sample();
    database.execute(writes);
    TrafficSample after = eventually(log, sample -> sample.tableWrites() >= 250);

    assertThat(after.tableWrites() - before.tableWrites()).isEqualTo(250);
    assertThat(after.serverWrites() - before.serverWrites()).isGreaterThanOrEqualTo(250);
    assertThat(after.at()).isAfter(before.at());
    assertThat(Duration.between(before.at(), Instant.now()).abs()).isLessThan(PATIENCE);
    List<TrafficSample> stored = log.stored();
    assertThat(stored.get(0).at().truncatedTo(ChronoUnit.MILLIS))
        .isEqualTo(before.at().truncatedTo(ChronoUnit.MILLIS));
    assertThat(stored.get(stored.size() - 1).tableWrites()).isEqualTo(after.tableWrites());
  }

  /** PostgreSQL's processes report what they did a little later. */
  private static TrafficSample eventually(TrafficLog log, Predicate<TrafficSample> condition)
      throws InterruptedException {
    long until = System.nanoTime() + PATIENCE.toNanos();
    TrafficSample sample = log.sample();
    while (!condition.test(sample) && System.nanoTime() - until < 0) {
      Thread.sleep(200);
      sample = log.sample();
    }
    return sample;
  }

  @Test
  void aTableThatIsNotThereIsNamed() throws Exception {
    try (TestDatabase database = SharedServers.freshDatabase(SharedServers.newestMajor());
        Database opened = open(new PostgresConnector(), database)) {
      assertThatThrownBy(() -> opened.traffic("nix"))
          .isInstanceOf(RefusedException.class)
          .hasMessageContaining("nix");
    }
  }

  private static Database open(Connector connector, TestDatabase database) {
    return connector.connect(
        new ConnectionSettings(database.jdbcUrl(), database.user(), database.password(), Map.of()));
  }
}
