package io.zdmosc.harness.throttle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zdmosc.engine.Migration;
import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.engine.progress.MigrationListener;
import io.zdmosc.engine.spi.ControlStore.Unfinished;
import io.zdmosc.engine.spi.Database;
import io.zdmosc.harness.server.PostgresDatabase;
import io.zdmosc.harness.server.PostgresServer;
import io.zdmosc.harness.server.ServerSpec;
import io.zdmosc.harness.server.SharedServers;
import io.zdmosc.harness.server.StandbyServer;
import io.zdmosc.harness.server.TestDatabase;
import io.zdmosc.harness.server.TestServer;
import io.zdmosc.harness.server.mysql.MySqlDatabase;
import io.zdmosc.harness.server.mysql.MySqlRelease;
import io.zdmosc.harness.server.mysql.MySqlReplica;
import io.zdmosc.harness.server.mysql.MySqlServer;
import io.zdmosc.harness.server.mysql.SharedMySqlServers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A migration whose server has failed over to a replica says so and leaves nothing there. */
class FailoverIT {
  static List<MySqlRelease> releases() {
    return SharedMySqlServers.newest().stream().filter(MySqlRelease::embeddable).toList();
  }

  /** Copies a part, then the server goes down for good; the migration is kept. */
  private static void goDown(ThrottledRun run, TestServer server) {
    run.await(present -> present.state() == MigrationState.COPYING && present.rowsDone() > 1_000);
    server.stop();
    assertThatThrownBy(() -> run.ending().join()).isInstanceOf(CompletionException.class);
  }

  private static void resumeSaysWhyAndLeavesNothing(TestDatabase promoted, String why)
      throws Exception {
    String rows = promoted.queryText("SELECT count(*) FROM throttled");
    try (Database opened = ThrottledRun.open(promoted)) {
      Unfinished unfinished = opened.control().unfinished().get(0);
      Migration migration =
          Migration.unfinished(opened, unfinished.id(), false, MigrationListener.none());
      assertThatThrownBy(migration::run)
          .isInstanceOf(MigrationFailedException.class)
          .hasMessageContaining(why);
      assertThat(opened.control().unfinished()).isEmpty();
    }
    assertThat(promoted.queryText("SELECT count(*) FROM throttled")).isEqualTo(rows);
    assertThat(
            promoted.queryText(
                "SELECT count(*) FROM information_schema.tables WHERE table_name LIKE 'zdm%new%'"))
        .isEqualTo("0");
  }

  private static void cleanupLeavesNothing(TestDatabase promoted) throws Exception {
    try (Database opened = ThrottledRun.open(promoted)) {
      Unfinished unfinished = opened.control().unfinished().get(0);
      assertThat(opened.control().remove(unfinished)).isEmpty();
      assertThat(opened.control().unfinished()).isEmpty();
    }
  }

  @Test
  void promotedStandbyIsOnAnotherTimeline() throws Exception {
    PostgresServer primary = PostgresServer.start(ServerSpec.of(SharedServers.newestMajor()));
    StandbyServer standby = StandbyServer.of(primary);
    StandbyServer other = StandbyServer.of(primary);
    try (ThrottledRun run =
        new ThrottledRun(
            primary.createDatabase("app"),
            ThrottledRun.options().withRetryTime(Duration.ofMillis(1)))) {
      goDown(run, primary);
      promote(standby);
      resumeSaysWhyAndLeavesNothing(
          new PostgresDatabase(standby.server(), "app"), "failed over to another one");
      promote(other);
      cleanupLeavesNothing(new PostgresDatabase(other.server(), "app"));
      primary.startAgain();
    } finally {
      standby.close();
      other.close();
      primary.close();
    }
  }

  private static void promote(StandbyServer standby) throws Exception {
    standby.server().execute("SELECT pg_promote()");
    PostgresDatabase database = new PostgresDatabase(standby.server(), "app");
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> database.queryText("SELECT pg_is_in_recovery()").equals("f"));
  }

  @ParameterizedTest
  @MethodSource("releases")
  void promotedReplicaIsAnotherServer(MySqlRelease release) throws Exception {
    MySqlServer source = MySqlServer.start(release);
    MySqlReplica replica = MySqlReplica.of(source);
    try (ThrottledRun run =
        new ThrottledRun(
            source.createDatabase("app"),
            ThrottledRun.options().withRetryTime(Duration.ofMillis(1)))) {
      run.await(present -> present.rowsDone() > 1_000);
      replica.awaitCaughtUp();
      goDown(run, source);
      replica
          .server()
          .execute(release.product().name().equals("MYSQL") ? "STOP REPLICA" : "STOP SLAVE");
      resumeSaysWhyAndLeavesNothing(
          new MySqlDatabase(replica.server(), "app"), "another server now");
      source.startAgain();
    } finally {
      replica.close();
      source.close();
    }
  }
}
