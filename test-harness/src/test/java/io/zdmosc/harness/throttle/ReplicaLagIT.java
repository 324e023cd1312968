package io.zdmosc.harness.throttle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zdmosc.engine.ChangeRequest;
import io.zdmosc.engine.Migration;
import io.zdmosc.engine.RunOptions;
import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.engine.progress.MigrationListener;
import io.zdmosc.engine.spi.Database;
import io.zdmosc.engine.throttle.Limit;
import io.zdmosc.engine.throttle.Limits;
import io.zdmosc.engine.throttle.Throttling;
import io.zdmosc.harness.server.PostgresServer;
import io.zdmosc.harness.server.ServerSpec;
import io.zdmosc.harness.server.SharedServers;
import io.zdmosc.harness.server.StandbyServer;
import io.zdmosc.harness.server.mysql.MySqlDatabase;
import io.zdmosc.harness.server.mysql.MySqlRelease;
import io.zdmosc.harness.server.mysql.MySqlReplica;
import io.zdmosc.harness.server.mysql.MySqlServer;
import io.zdmosc.harness.server.mysql.MySqlSpec;
import io.zdmosc.harness.server.mysql.SharedMySqlServers;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The copy waits for replicas that fall behind. */
class ReplicaLagIT {
  static List<MySqlRelease> releases() {
    return SharedMySqlServers.newest().stream().filter(MySqlRelease::embeddable).toList();
  }

  private static RunOptions options(List<String> replicas) {
    Limits limits =
        new Limits(
            Optional.of(new Limit(1_500, 3_000)),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    return ThrottledRun.options()
        .withThrottling(new Throttling(replicas, Optional.empty(), Optional.empty(), limits));
  }

  @Test
  void standbyThatReplaysNothingStopsTheCopy() throws Exception {
    try (PostgresServer primary = PostgresServer.start(ServerSpec.of(SharedServers.newestMajor()));
        StandbyServer standby = StandbyServer.of(primary)) {
      standby.pauseReplay();
      try (ThrottledRun run = new ThrottledRun(primary.createDatabase("app"), options(List.of()))) {
        run.standsStill("replica " + standby.slot());
        standby.resumeReplay();
        run.hurry();
        run.endsWell();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("releases")
  void replicaThatDoesNotApplyStopsTheCopy(MySqlRelease release) throws Exception {
    try (MySqlServer source = MySqlServer.start(release);
        MySqlReplica replica = MySqlReplica.of(source)) {
      MySqlDatabase database = source.createDatabase("app");
      String url = replica.server().jdbcUrl("");
      try (ThrottledRun run = new ThrottledRun(database, options(List.of(url)))) {
        replica.pauseApplying();
        run.standsStill("does not replicate at present");
        replica.resumeApplying();
        run.hurry();
        run.endsWell();
      }
      MySqlDatabase other = source.createDatabase("other");
      other.execute("CREATE TABLE untouched (id int PRIMARY KEY)");
      try (Database opened = ThrottledRun.open(other)) {
        // the source itself is no replica, and nothing was touched when that came out
        Migration migration =
            new Migration(
                opened,
                new ChangeRequest("untouched", ""),
                options(List.of(source.jdbcUrl(""))),
                MigrationListener.none());
        assertThatThrownBy(migration::run)
            .isInstanceOf(RefusedException.class)
            .hasMessageContaining("is no replica");
        assertThat(opened.control().unfinished()).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("releases")
  void replicasThatAnnounceThemselvesAreFound(MySqlRelease release) throws Exception {
    try (MySqlServer source = MySqlServer.start(release);
        MySqlReplica replica =
            MySqlReplica.of(source, MySqlSpec.of(release).with("report_host", "127.0.0.1"), true)) {
      try (Database opened = ThrottledRun.open(source.createDatabase("app"))) {
        assertThat(opened.replicas())
            .singleElement()
            .satisfies(
                url -> assertThat(url).endsWith("//127.0.0.1:" + replica.server().port() + "/"));
        try (var watch = opened.openReplica(opened.replicas().get(0))) {
          assertThat(watch.lagMillis()).isPresent();
        }
      }
    }
  }
}
