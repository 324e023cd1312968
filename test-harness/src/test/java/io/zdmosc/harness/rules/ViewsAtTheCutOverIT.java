package io.zdmosc.harness.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.engine.ChangeRequest;
import io.zdmosc.engine.Dependents;
import io.zdmosc.engine.Retire;
import io.zdmosc.engine.RunOptions;
import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.engine.spi.CutOver;
import io.zdmosc.engine.spi.PreparedChange;
import io.zdmosc.harness.schema.ViewDump;
import io.zdmosc.harness.server.SharedServers;
import io.zdmosc.harness.server.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The cut-over of a table with a view that is given its query anew, one that is made anew, and a
 * materialized one that changes places with another, when somebody holds it up or it dies.
 */
class ViewsAtTheCutOverIT {
  private static final RunOptions GOING_ON = Run.OPTIONS.withRetryTime(Duration.ofMinutes(2));

  private TestDatabase database;

  @BeforeEach
  void createViews() throws SQLException {
    database = SharedServers.freshDatabase(SharedServers.newestMajor());
    database.execute(
        "CREATE TABLE t (id int PRIMARY KEY, v text, k int)",
        "INSERT INTO t SELECT g, 'v' || g, g FROM generate_series(1, 100) AS g",
        "CREATE VIEW in_place AS SELECT id, v FROM t",
        "CREATE VIEW made_anew AS SELECT id, v, k FROM t",
        "CREATE MATERIALIZED VIEW kept AS SELECT id, v FROM t",
        "CREATE UNIQUE INDEX kept_by_id ON kept (id)");
  }

  @AfterEach
  void drop() throws SQLException {
    database.close();
  }

  private Run start(RunOptions options, UnaryOperator<PreparedChange> wrapper) {
    return Run.start(
        database,
        new ChangeRequest(
            "t",
            "ADD COLUMN w int, ALTER COLUMN k TYPE bigint",
            "",
            false,
            Map.of(),
            Dependents.KEPT.rebuildingMaterializedViews()),
        options,
        wrapper);
  }

  /** A lock on the view alone: the table is free. */
  @ParameterizedTest
  @EnumSource(Held.class)
  void whoHoldsAViewIsNamedAndTheAttemptIsGivenUp(Held held) throws Exception {
    List<String> obstacles = new CopyOnWriteArrayList<>();
    AtomicBoolean seeing = new AtomicBoolean(true);
    Gate cutOver = new Gate("before the cut-over");
    try (Connection other = database.connect();
        Statement statement = other.createStatement();
        Run run = start(Run.OPTIONS, change -> watched(change, cutOver, obstacles, seeing))) {
      cutOver.awaitReached();
      other.setAutoCommit(false);
      statement.execute(held.statement);
      cutOver.open();
      Until.holds(
          "it is named",
          () ->
              obstacles.stream()
                  .anyMatch(
                      o -> o.contains("has held") && o.contains(" on " + held.view() + " for")));
      assertThat(obstacles).noneMatch(o -> o.contains(" on t for "));
      seeing.set(false);
      assertThat(run.awaitNote("could not lock \"public\".\"" + held.view() + "\" within"))
          .contains(" ms: an idle transaction of ")
          .contains(" on " + held.view() + " for ");
      other.rollback();
      run.await();
    }
    assertSwapped();
  }

  /** What somebody does to a view, and goes away. */
  private enum Held {
    IN_PLACE("COMMENT ON VIEW in_place IS 'never'"),
    MADE_ANEW("COMMENT ON VIEW made_anew IS 'never'"),
    KEPT("SELECT FROM kept LIMIT 1");

    private final String statement;

    Held(String statement) {
      this.statement = statement;
    }

    private String view() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static PreparedChange watched(
      PreparedChange change, Gate gate, List<String> obstacles, AtomicBoolean seeing) {
    return new ChangeDelegate(change) {
      @Override
      public CutOver openCutOver() {
        gate.pass();
        return new CutOverDelegate(super.openCutOver()) {
          @Override
          public List<String> obstacles() {
            List<String> found = super.obstacles();
            obstacles.addAll(found);
            return seeing.get() ? found : List.of();
          }
        };
      }
    };
  }

  /** Everything has been bound anew, but nothing of it is committed. */
  @Test
  void aSwapThatDiesBeforeItsCommitIsMadeAgain() throws Exception {
    List<String> before = views();
    AtomicBoolean done = new AtomicBoolean();
    try (Run run =
        start(
            GOING_ON,
            change ->
                new ChangeDelegate(change) {
                  @Override
                  public CutOver openCutOver() {
                    return new CutOverDelegate(super.openCutOver()) {
                      @Override
                      public void commit() {
                        if (done.compareAndSet(false, true)) {
                          endSessions();
                          assertThat(views()).isEqualTo(before);
                        }
                        super.commit();
                      }
                    };
                  }
                })) {
      run.await();
    }
    assertThat(done).isTrue();
    assertSwapped();
  }

  /** Committed; whoever goes on finds it so, and removes what was kept aside. */
  @Test
  void aSwapWhoseProcessDiesBehindItsCommitIsGoneOnWith() throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    try (Run run =
        start(
            GOING_ON,
            change ->
                new ChangeDelegate(change) {
                  @Override
                  public List<String> finish(Retire retire) {
                    if (done.compareAndSet(false, true)) {
                      endSessions();
                      throw MigrationFailedException.passing(
                          "the test ends it", "swapped", "go on", null);
                    }
                    return super.finish(retire);
                  }
                })) {
      run.await();
    }
    assertThat(done).isTrue();
    assertSwapped();
  }

  private void endSessions() {
    try {
      database.execute(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname ="
              + " current_database() AND application_name LIKE 'zdm-osc%'");
      Until.holds(
          "they have ended",
          () ->
              database
                  .queryText(
                      "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                          + " AND application_name LIKE 'zdm-osc%'")
                  .equals("0"));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private List<String> views() {
    try (Connection connection = database.connect()) {
      return ViewDump.of(connection).lines().stream()
          .filter(line -> !line.contains("zdm_"))
          .toList();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** All are bound to the new table, have its rows, and nothing stands aside. */
  private void assertSwapped() throws SQLException {
    database.execute("INSERT INTO t (id, v, k) VALUES (3000000, 'after', 3000000000)");
    assertThat(database.queryText("SELECT v FROM in_place WHERE id = 3000000")).isEqualTo("after");
    assertThat(database.queryText("SELECT k FROM made_anew WHERE id = 3000000"))
        .isEqualTo("3000000000");
    assertThat(database.queryText("SELECT count(*) FROM kept")).isEqualTo("100");
    database.execute("REFRESH MATERIALIZED VIEW CONCURRENTLY kept");
    assertThat(database.queryText("SELECT v FROM kept WHERE id = 3000000")).isEqualTo("after");
    assertThat(
            database.queryText("SELECT count(*) FROM pg_class WHERE relname ~ '^zdm_[0-9]+_[vw]'"))
        .isEqualTo("0");
  }
}
