package io.zdmosc.harness.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.harness.server.TestDatabase;
import io.zdmosc.harness.workload.WorkloadOptions.Trait;
import io.zdmosc.harness.workload.check.ModelChecker;
import io.zdmosc.harness.workload.postgres.PostgresCatalogue;
import io.zdmosc.harness.workload.table.TableCase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The model stays exact when connections are lost, also during a commit. */
class LostCommitsIT {
  private static final TableCase ANY = PostgresCatalogue.named("bigserial/rebuild");
  private static final WorkloadOptions OPTIONS =
      Trials.small().with(Trait.FAULTS_EXPECTED).with(Trait.NO_SNAPSHOT_READERS);

  @ParameterizedTest
  @EnumSource
  void commitsWithoutAnAnswerAreFoundOutAbout(CommitCutter.Cut cut) throws Exception {
    try (TestDatabase database = Trials.database();
        CommitCutter cutter = CommitCutter.start(database.server().port(), cut);
        Connection connection = database.connect();
        Workload workload = Workload.start(() -> through(cutter, database), ANY, 41, OPTIONS)) {
      workload.awaitOperations(50, Trials.PATIENCE);
      cutter.cutEvery(7);
      workload.awaitOperations(150, Trials.PATIENCE);
      cutter.cutNever();
      WorkloadReport report = workload.stop();
      report.assertNoErrors();
      assertThat(report.connectionLosses()).isPositive();
      assertThat(report.resolvedCommits()).isPositive();
      assertThat(workload.model().unresolved()).isEmpty();
      ModelChecker.checkSource(connection, ANY, workload.model()).assertClean();
    }
  }

  @Test
  void terminatedBackendsAreNoLossToTheModel() throws Exception {
    try (TestDatabase database = Trials.database();
        Connection connection = database.connect();
        Workload workload = Workload.start(database::connect, ANY, 42, OPTIONS)) {
      for (int i = 0; i < 5; i++) {
        workload.awaitOperations(30, Trials.PATIENCE);
        database.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname ="
                + " current_database() AND query LIKE '%orders%' AND pid <> pg_backend_pid()"
                + " AND random() < 0.5");
      }
      WorkloadReport report = workload.stop();
      report.assertNoErrors();
      assertThat(report.connectionLosses()).isPositive();
      ModelChecker.checkSource(connection, ANY, workload.model()).assertClean();
    }
  }

  private static Connection through(CommitCutter cutter, TestDatabase database)
      throws SQLException {
    String url =
        "jdbc:postgresql://127.0.0.1:"
            + cutter.port()
            + "/"
            + database.name()
            + "?preferQueryMode=simple"; // so that commits travel as text
    return DriverManager.getConnection(url, database.user(), database.password());
  }
}
