package io.zdmosc.harness.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PostgresServerIT {

  @ParameterizedTest
  @MethodSource("io.zdmosc.harness.server.SharedServers#majors")
  void everyMajorRunsReadyForLogicalDecoding(int major) throws SQLException {
    PostgresServer server = SharedServers.of(major);

    assertThat(server.version()).startsWith(major + ".");
    try (PostgresDatabase database = SharedServers.freshDatabase(major)) {
      assertThat(database.queryText("SHOW wal_level")).isEqualTo("logical");
      assertThat(database.queryText("SHOW max_replication_slots")).isEqualTo("20");
      database.execute("SELECT pg_create_logical_replication_slot('s', 'pgoutput')");
      assertThat(database.replicationSlots()).containsExactly("s");
    }
  }

  @Test
  void eachDatabaseIsFreshAndGoneAfterwardsThoughSomebodyIsConnected() throws SQLException {
    int major = SharedServers.newestMajor();
    TestDatabase database = SharedServers.freshDatabase(major);
    try (Connection lingering = database.connect()) {
      database.execute("CREATE TABLE t ()");
      database.close();

      assertThatThrownBy(database::connect).hasMessageContaining("does not exist");
      assertThat(lingering.isValid(1)).isFalse();
    }
  }

  @Test
  void aWrongPasswordIsRefused() {
    PostgresServer server = SharedServers.of(SharedServers.newestMajor());

    assertThatThrownBy(
            () -> DriverManager.getConnection(server.jdbcUrl("postgres"), server.user(), "wrong"))
        .hasMessageContaining("password authentication failed");
  }

  @ParameterizedTest
  @MethodSource("io.zdmosc.harness.server.SharedServers#majors")
  void whatWasCommittedSurvivesARestartAndAKill(int major) throws SQLException {
    try (PostgresServer server = PostgresServer.start(major, Map.of("work_mem", "5MB"));
        TestDatabase database = server.createDatabase("d")) {
      int port = server.port();
      database.execute("CREATE TABLE t (a int)", "INSERT INTO t VALUES (1)");
      server.restart();
      database.execute("INSERT INTO t VALUES (2)");
      server.killImmediately();
      assertThatThrownBy(server::connect).isInstanceOf(SQLException.class);
      server.startAgain();

      assertThat(database.queryText("SELECT count(*) FROM t")).isEqualTo("2");
      assertThat(database.queryText("SHOW work_mem")).isEqualTo("5MB");
      assertThat(server.port()).isEqualTo(port);
    }
  }

  @Test
  void aFrozenBackendAnswersOnlyAfterItIsResumed() throws Exception {
    PostgresServer server = SharedServers.of(SharedServers.newestMajor());
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement()) {
      long pid;
      try (ResultSet rows = statement.executeQuery("SELECT pg_backend_pid()")) {
        rows.next();
        pid = rows.getLong(1);
      }
      server.pauseBackend(pid);
      CompletableFuture<Boolean> answer =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return statement.execute("SELECT 1");
                } catch (SQLException e) {
                  throw new IllegalStateException(e);
                }
              });
      assertThatThrownBy(() -> answer.get(300, TimeUnit.MILLISECONDS))
          .isInstanceOf(TimeoutException.class);
      server.resumeBackend(pid);

      assertThat(answer.get(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @ParameterizedTest
  @MethodSource("io.zdmosc.harness.server.SharedServers#majors")
  void aStandbyFollowsAndFallsBehindWhileReplayIsPaused(int major) throws SQLException {
    PostgresServer primary = SharedServers.of(major);
    assumeTrue(primary instanceof EmbeddedPostgresServer, "needs an embedded server");
    try (TestDatabase database = SharedServers.freshDatabase(major);
        StandbyServer standby = StandbyServer.of(primary)) {
      TestDatabase copy = new PostgresDatabase(standby.server(), database.name());
      database.execute("CREATE TABLE t AS SELECT 1 AS a");
      await().ignoreExceptions().untilAsserted(() -> assertThat(rows(copy)).isEqualTo("1"));

      standby.pauseReplay();
      database.execute("INSERT INTO t VALUES (2)");
      await()
          .untilAsserted(
              () ->
                  assertThat(
                          new PostgresDatabase(standby.server(), "postgres")
                              .queryText(
                                  "SELECT pg_last_wal_receive_lsn() > pg_last_wal_replay_lsn()"))
                      .isEqualTo("t"));
      assertThat(rows(copy)).isEqualTo("1");

      standby.resumeReplay();
      await().untilAsserted(() -> assertThat(rows(copy)).isEqualTo("2"));
    }
  }

  private static String rows(TestDatabase database) throws SQLException {
    return database.queryText("SELECT count(*) FROM t");
  }
}
