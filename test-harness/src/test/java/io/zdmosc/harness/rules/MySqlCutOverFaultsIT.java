package io.zdmosc.harness.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.cli.server.Product;
import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.progress.Summary;
import io.zdmosc.engine.spi.CutOver;
import io.zdmosc.engine.spi.FlushResult;
import io.zdmosc.engine.spi.Key;
import io.zdmosc.engine.spi.PreparedChange;
import io.zdmosc.harness.migration.mysql.MySqlTraces;
import io.zdmosc.harness.rules.StatementCutter.Lost;
import io.zdmosc.harness.server.TestDatabase;
import io.zdmosc.harness.server.mysql.MySqlDatabase;
import io.zdmosc.harness.server.mysql.MySqlRelease;
import io.zdmosc.harness.server.mysql.SharedMySqlServers;
import io.zdmosc.harness.workload.Workload;
import io.zdmosc.harness.workload.WorkloadOptions;
import io.zdmosc.harness.workload.WorkloadOptions.Trait;
import io.zdmosc.harness.workload.WorkloadReport;
import io.zdmosc.harness.workload.check.ModelChecker;
import io.zdmosc.harness.workload.mysql.MySqlCatalogue;
import io.zdmosc.harness.workload.table.TableCase;
import io.zdmosc.mysql.sql.Session;
import java.lang.reflect.Field;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Connections that are lost at every step of the cut-over, while writers go on. Whatever is lost,
 * the attempt ends within its time, the next one succeeds, and no write is missing.
 */
@Tag("alone")
class MySqlCutOverFaultsIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Below the time after which a server would take a forgotten lock away by itself. */
  private static final double LONGEST_STALL_MILLIS = 8_000;

  /** Where in the cut-over a connection is ended. */
  private enum Step {
    AFTER_THE_LOCK,
    IN_THE_FINAL_FLUSH,
    BEFORE_THE_EXCHANGE
  }

  private static final String RECORD = "UPDATE zdm_osc.migration SET state = 'swapped'";
  private static final List<String> MYSQL_STATEMENTS =
      List.of("(?<!UN)LOCK TABLES `", "RENAME TABLE", "UNLOCK TABLES", RECORD);
  private static final List<String> MARIADB_STATEMENTS =
      List.of(
          "(?<!UN)LOCK TABLES `", "RENAME TABLE", "DROP TABLE `.*_old`", "UNLOCK TABLES", RECORD);

  static Stream<Arguments> ended() {
    return SharedMySqlServers.newest().stream()
        .flatMap(
            release ->
                Stream.of(Step.values())
                    .flatMap(
                        step -> sessions(release, step).map(s -> Arguments.of(release, s, step))));
  }

  private static Stream<String> sessions(MySqlRelease release, Step step) {
    return switch (step) {
      case AFTER_THE_LOCK -> Stream.of("locker", "watch");
      case IN_THE_FINAL_FLUSH -> Stream.of("locker");
      case BEFORE_THE_EXCHANGE ->
          release.product() == Product.MYSQL ? Stream.of("locker") : Stream.of("locker", "renamer");
    };
  }

  static Stream<Arguments> lost() {
    return SharedMySqlServers.newest().stream()
        .flatMap(
            release ->
                (release.product() == Product.MYSQL ? MYSQL_STATEMENTS : MARIADB_STATEMENTS)
                    .stream()
                        .flatMap(
                            statement ->
                                Stream.of(Lost.values())
                                    .map(lost -> Arguments.of(release, statement, lost))));
  }

  /** An administrator, or the server, ends the connection. */
  @ParameterizedTest(name = "{0}: {1} ends {2}")
  @MethodSource("ended")
  void anEndedConnectionCostsAnAttempt(MySqlRelease release, String session, Step step)
      throws Exception {
    try (MySqlDatabase database = SharedMySqlServers.freshDatabase(release)) {
      Killing killing = new Killing(database, session, step);
      Summary summary = migrate(database, database, killing::wrapped);

      assertThat(killing.times.get()).as("connections ended").isPositive();
      if (step != Step.IN_THE_FINAL_FLUSH) {
        assertThat(summary.cutOverAttempts()).isGreaterThan(1);
      }
    }
  }

  /** The network loses the connection; the server does not notice. */
  @ParameterizedTest(name = "{0}: {2} of {1} is lost")
  @MethodSource("lost")
  void aLostConnectionIsEndedOnTheServerToo(MySqlRelease release, String statement, Lost lost)
      throws Exception {
    try (MySqlDatabase database = SharedMySqlServers.freshDatabase(release);
        StatementCutter cutter = StatementCutter.at(statement, lost, database.server().port())) {
      migrate(database, cutter.to(database), UnaryOperator.identity());

      assertThat(cutter.isDone()).isTrue();
    }
  }

  private static Summary migrate(
      MySqlDatabase database, TestDatabase tools, UnaryOperator<PreparedChange> wrapper)
      throws Exception {
    var catalogue = MySqlCatalogue.of(database.server().spec().release().product());
    TableCase tableCase = catalogue.named("int_auto/add_column");
    WorkloadOptions options =
        WorkloadOptions.defaults()
            .withWriters(3)
            .withInitialRows(300)
            .withStatementsPerSecond(40)
            .with(Trait.GO_ON_AFTER_CHANGE);
    try (Workload workload = Workload.start(database::connect, tableCase, 5, options);
        Run run = Run.start(tools, tableCase.sourceName(), tableCase.change().alter(), wrapper)) {
      Summary summary = run.await();
      workload.awaitOperations(20, PATIENCE);
      WorkloadReport report = workload.stop();
      report.assertNoErrors();
      try (Connection connection = database.connect()) {
        ModelChecker.check(
                connection, tableCase.change().targetTable(), tableCase, workload.model())
            .assertClean();
      }
      assertThat(summary.state()).isEqualTo(MigrationState.SWAPPED);
      assertThat(summary.divergentRows()).isZero();
      assertThat(report.latency().maxMillis()).isLessThan(LONGEST_STALL_MILLIS);
      MySqlTraces.assertNoneButTheRetiredTable(database);
      return summary;
    }
  }

  /** Ends one of the cut-over's sessions, in the flush at several moments. */
  private static final class Killing {
    private static final int TIMES_IN_THE_FLUSH = 4;

    private final MySqlDatabase database;
    private final String session;
    private final Step step;
    private final AtomicInteger times = new AtomicInteger();

    Killing(MySqlDatabase database, String session, Step step) {
      this.database = database;
      this.session = session;
      this.step = step;
    }

    PreparedChange wrapped(PreparedChange change) {
      return new ChangeDelegate(change) {
        @Override
        public CutOver openCutOver() {
          CutOver real = super.openCutOver();
          return new CutOverDelegate(real) {
            @Override
            public void lock(Duration timeout, Duration budget) {
              super.lock(timeout, budget);
              endOnce(real, Step.AFTER_THE_LOCK);
            }

            @Override
            public FlushResult flush(List<Key> keys) {
              if (step == Step.IN_THE_FINAL_FLUSH && times.get() < TIMES_IN_THE_FLUSH) {
                int time = times.getAndIncrement();
                Background.run(
                    () -> {
                      Thread.sleep(time * 2L);
                      end(real);
                    });
              }
              return super.flush(keys);
            }

            @Override
            public void swap(Duration timeout) {
              super.swap(timeout);
              endOnce(real, Step.BEFORE_THE_EXCHANGE);
            }
          };
        }
      };
    }

    private void endOnce(CutOver real, Step at) {
      if (step == at && times.compareAndSet(0, 1)) {
        end(real);
      }
    }

    private void end(CutOver real) {
      try {
        long id = session(real).id();
        database.endSession(id);
        Until.holds(
            "the session is gone",
            () ->
                database
                    .queryText(
                        "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE ID = " + id)
                    .equals("0"));
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }

    /** The sessions are nobody's business; but one of them has to be found. */
    private Session session(CutOver real) throws ReflectiveOperationException {
      for (Class<?> type = real.getClass(); type != null; type = type.getSuperclass()) {
        for (Field field : type.getDeclaredFields()) {
          if (field.getName().equals(session)) {
            field.setAccessible(true);
            return (Session) field.get(real);
          }
        }
      }
      throw new NoSuchFieldException(session);
    }
  }
}
