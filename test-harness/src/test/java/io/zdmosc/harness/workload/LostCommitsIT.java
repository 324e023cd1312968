package io.zdmosc.harness.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.harness.server.TestDatabase;
import io.zdmosc.harness.server.mysql.MySqlDatabase;
import io.zdmosc.harness.workload.WorkloadOptions.Trait;
import io.zdmosc.harness.workload.check.ModelChecker;
import io.zdmosc.harness.workload.table.TableCase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The model stays exact when connections are lost, also during a commit. */
class LostCommitsIT {
  private static final WorkloadOptions OPTIONS =
      Trials.small().with(Trait.FAULTS_EXPECTED).with(Trait.NO_SNAPSHOT_READERS);

  static List<Site> sites() {
    return Site.all();
  }

  static Stream<Arguments> cuts() {
    return sites().stream()
        .flatMap(site -> Stream.of(CommitCutter.Cut.values()).map(cut -> Arguments.of(site, cut)));
  }

  @ParameterizedTest
  @MethodSource("cuts")
  void commitsWithoutAnAnswerAreFoundOutAbout(Site site, CommitCutter.Cut cut) throws Exception {
    TableCase any = site.plain();
    try (TestDatabase database = site.database();
        CommitCutter cutter = CommitCutter.start(database.server().port(), cut);
        Connection connection = database.connect();
        Workload workload = Workload.start(() -> through(cutter, database), any, 41, OPTIONS)) {
      workload.awaitOperations(50, Trials.PATIENCE);
      cutter.cutEvery(7);
      workload.awaitOperations(150, Trials.PATIENCE);
      cutter.cutNever();
      WorkloadReport report = workload.stop();
      report.assertNoErrors();
      assertThat(report.connectionLosses()).isPositive();
      assertThat(report.resolvedCommits()).isPositive();
      assertThat(workload.model().unresolved()).isEmpty();
      ModelChecker.checkSource(connection, any, workload.model()).assertClean();
    }
  }

  @ParameterizedTest
  @MethodSource("sites")
  void terminatedSessionsAreNoLossToTheModel(Site site) throws Exception {
    TableCase any = site.plain();
    try (TestDatabase database = site.database();
        Workload workload = Workload.start(site.application(database), any, 42, OPTIONS)) {
      Random random = new Random(42);
      for (int i = 0; i < 5; i++) {
        workload.awaitOperations(30, Trials.PATIENCE);
        terminateSome(database, random);
      }
      WorkloadReport report = workload.stop();
      report.assertNoErrors();
      assertThat(report.connectionLosses()).isPositive();
      try (Connection connection = database.connect()) {
        ModelChecker.checkSource(connection, any, workload.model()).assertClean();
      }
    }
  }

  private static void terminateSome(TestDatabase database, Random random) throws SQLException {
    if (database instanceof MySqlDatabase mySql) {
      for (long session : mySql.sessions()) {
        if (random.nextBoolean()) {
          mySql.endSession(session);
        }
      }
    } else {
      database.execute(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname ="
              + " current_database() AND query LIKE '%orders%' AND pid <> pg_backend_pid()"
              + " AND random() < 0.5");
    }
  }

  /** Commits must travel as readable text. */
  private static Connection through(CommitCutter cutter, TestDatabase database)
      throws SQLException {
    String url =
        database.jdbcUrl().replace(":" + database.server().port() + "/", ":" + cutter.port() + "/");
    String options =
        switch (database.server().product()) {
          case "PostgreSQL" -> "?preferQueryMode=simple";
          case "MySQL" -> "?sslMode=DISABLED&allowPublicKeyRetrieval=true";
          default -> "?sslMode=disable";
        };
    return DriverManager.getConnection(url + options, database.user(), database.password());
  }
}
