package io.zdmosc.harness.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.harness.server.TestDatabase;
import io.zdmosc.harness.server.TestServer;
import io.zdmosc.harness.server.mysql.MySqlRelease;
import io.zdmosc.harness.server.mysql.SharedMySqlServers;
import io.zdmosc.harness.workload.Workload;
import io.zdmosc.harness.workload.check.ModelChecker;
import io.zdmosc.harness.workload.table.TableCase;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One owner: a process that slept while another one took its migration over can do no harm. */
class StaleProcessIT {
  private static final Duration PATIENCE = Duration.ofSeconds(240);

  /** How many states the process has told of when it falls asleep. */
  private static final List<Integer> STATES = List.of(2, 3);

  static List<MySqlRelease> releases() {
    return SharedMySqlServers.newest();
  }

  @Test
  void onPostgres() throws Exception {
    sleepers(KillTarget.Postgres.start());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("releases")
  void onMySql(MySqlRelease release) throws Exception {
    sleepers(KillTarget.MySql.start(release));
  }

  private static void sleepers(KillTarget target) throws Exception {
    try (TestServer server = target.server()) {
      for (int states : STATES) {
        sleeper(target, states);
      }
    }
  }

  private static void sleeper(KillTarget target, int states) throws Exception {
    TableCase tableCase = target.cases().get(states);
    try (TestDatabase database = target.server().createDatabase("stale_" + states);
        Workload workload =
            Workload.start(
                database::connect,
                tableCase,
                states,
                Runs.workload().withWriters(3).withInitialRows(1_500).withStatementsPerSecond(10));
        ChildProcess sleeper =
            ChildProcess.run(
                database,
                target.user(),
                target.password(),
                target.quoted(tableCase.table().name()),
                tableCase.change().alter(),
                100)) {
      workload.awaitOperations(20, Runs.PATIENCE);
      sleeper.awaitStates(states, PATIENCE);
      sleeper.signal("STOP");
      long id = target.unfinished(database).orElseThrow();
      refused(target, database, id);
      try (ChildProcess heir =
          ChildProcess.takeOver(database, target.user(), target.password(), id)) {
        heir.awaitStates(2, PATIENCE);
        sleeper.signal("CONT");
        sleeper.awaitEnd(PATIENCE);
        assertThat(sleeper.hasSaid("failed")).as(sleeper.toString()).isTrue();
        assertThat(sleeper.hasSaid("done")).as(sleeper.toString()).isFalse();
        heir.awaitEnd(PATIENCE);
        assertThat(heir.hasSaid("done")).as(heir + "\nsleeper:\n" + sleeper).isTrue();
      }
      workload.stop().assertNoErrors();
      try (Connection connection = database.connect()) {
        ModelChecker.check(
                connection, tableCase.change().targetTable(), tableCase, workload.model())
            .assertClean();
      }
      target.assertNoTraces(database);
    }
  }

  private static void refused(KillTarget target, TestDatabase database, long id) throws Exception {
    try (ChildProcess another =
        ChildProcess.resume(database, target.user(), target.password(), id)) {
      another.awaitEnd(PATIENCE);
      assertThat(another.toString()).contains("another process drives it");
    }
  }
}
