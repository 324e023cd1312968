package io.zdmosc.harness.server.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MySqlReplicaIT {

  static List<MySqlRelease> releases() {
    return SharedMySqlServers.releases().stream().filter(MySqlRelease::embeddable).toList();
  }

  @ParameterizedTest
  @MethodSource("releases")
  void aReplicaFollowsByPositionAndFallsBehindWhileItDoesNotApply(MySqlRelease release)
      throws SQLException {
    try (MySqlServer source = MySqlServer.start(MySqlSpec.of(release).withoutGtids());
        MySqlDatabase database = source.createDatabase("d")) {
      database.execute("CREATE TABLE t (a int PRIMARY KEY)", "INSERT INTO t VALUES (1)");
      try (MySqlReplica replica = MySqlReplica.byPosition(source)) {
        MySqlDatabase copy = new MySqlDatabase(replica.server(), "d");
        replica.awaitCaughtUp();
        assertThat(rows(copy)).isEqualTo("1");

        replica.pauseApplying();
        database.execute("INSERT INTO t VALUES (2)");
        assertThat(rows(copy)).isEqualTo("1");
        replica.resumeApplying();
        replica.awaitCaughtUp();
        assertThat(rows(copy)).isEqualTo("2");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("releases")
  void aCommitIsInTheBinlogButInvisibleUntilTheReplicaAcknowledgesIt(MySqlRelease release)
      throws Exception {
    try (MySqlServer source = MySqlServer.start(release);
        MySqlDatabase database = source.createDatabase("d");
        MySqlReplica replica = MySqlReplica.of(source)) {
      database.execute("CREATE TABLE t (a int PRIMARY KEY)");
      replica.makeSemiSynchronous();
      replica.awaitCaughtUp();

      replica.link().hold();
      CompletableFuture<Void> commit = CompletableFuture.runAsync(() -> insert(database, 1));
      await().until(() -> replica.waitingCommits() == 1);
      assertThatThrownBy(() -> commit.get(300, TimeUnit.MILLISECONDS))
          .isInstanceOf(TimeoutException.class);
      assertThat(rows(database)).isEqualTo("0");
      await().until(() -> rows(new MySqlDatabase(replica.server(), "d")).equals("1"));
      assertThat(rows(database)).isEqualTo("0");

      replica.link().release();
      commit.get(10, TimeUnit.SECONDS);
      assertThat(rows(database)).isEqualTo("1");

      replica.link().delay(Duration.ofMillis(200));
      long start = System.nanoTime();
      insert(database, 2);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(200));
      assertThat(rows(database)).isEqualTo("2");
    }
  }

  private static void insert(MySqlDatabase database, int value) {
    try {
      database.execute("INSERT INTO t VALUES (" + value + ")");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String rows(MySqlDatabase database) throws SQLException {
    return database.queryText("SELECT count(*) FROM t");
  }
}
