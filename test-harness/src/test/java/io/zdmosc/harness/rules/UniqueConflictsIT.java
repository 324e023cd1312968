package io.zdmosc.harness.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.engine.progress.Summary;
import io.zdmosc.engine.spi.CutOver;
import io.zdmosc.engine.spi.FlushResult;
import io.zdmosc.engine.spi.Flusher;
import io.zdmosc.engine.spi.Key;
import io.zdmosc.engine.spi.PreparedChange;
import io.zdmosc.harness.server.SharedServers;
import io.zdmosc.harness.server.TestDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Rule 7: a unique conflict in the flush is tried again until the other row's change has come by;
 * one that stays is a violation, which is named, and the application is left alone.
 */
@Tag("alone")
class UniqueConflictsIT {

  /** How the values are kept apart. */
  enum Uniqueness {
    IMMEDIATE("UNIQUE (u)"),
    DEFERRED("UNIQUE (u) DEFERRABLE INITIALLY DEFERRED"),
    EXCLUDED("EXCLUDE USING btree (u WITH =)"),
    EXCLUDED_DEFERRED("EXCLUDE USING btree (u WITH =) DEFERRABLE INITIALLY DEFERRED");

    private final String constraint;

    Uniqueness(String constraint) {
      this.constraint = constraint;
    }
  }

  @ParameterizedTest
  @EnumSource
  void valuesThatRowsExchangeFindTheirWayThoughEachKeyIsFlushedAlone(Uniqueness uniqueness)
      throws Exception {
    try (TestDatabase database = database(uniqueness.constraint)) {
      OneByOne[] change = new OneByOne[1];
      try (Run run = start(database, "ADD COLUMN w int", change)) {
        change[0].built.awaitReached();
        // an exchange of two, a ring of five, and a chain whose last value is new
        database.execute(
            "BEGIN; UPDATE t SET u = -1 WHERE id = 1; UPDATE t SET u = 1 WHERE id = 2;"
                + " UPDATE t SET u = 2 WHERE id = 1; COMMIT",
            "BEGIN; UPDATE t SET u = -1 WHERE id = 10; UPDATE t SET u = 10 WHERE id = 11;"
                + " UPDATE t SET u = 11 WHERE id = 12; UPDATE t SET u = 12 WHERE id = 13;"
                + " UPDATE t SET u = 13 WHERE id = 14; UPDATE t SET u = 14 WHERE id = 10; COMMIT",
            "UPDATE t SET u = 1000 WHERE id = 23",
            "UPDATE t SET u = 23 WHERE id = 22",
            "UPDATE t SET u = 22 WHERE id = 21",
            "BEGIN; DELETE FROM t WHERE id = 30; UPDATE t SET u = 30 WHERE id = 31;"
                + " INSERT INTO t VALUES (30, 31); COMMIT",
            "UPDATE t SET id = 1040 WHERE id = 40");
        Until.holds("all is delivered", () -> change[0].isDelivered(Key.of("1040")));
        change[0].built.open();
        change[0].lock.open();

        Summary summary = run.await();
        assertThat(change[0].conflicts.get()).as("conflicts were met").isPositive();
        assertThat(summary.divergentRows()).isZero();
        assertThat(Tables.rows(database, "id, u", "t"))
            .isEqualTo(Tables.rows(database, "id, u", summary.retiredTable()));
      }
    }
  }

  @Test
  void duplicatesThatTheApplicationTakesBackInTimeAreNone() throws Exception {
    try (TestDatabase database = database("CHECK (true)")) {
      OneByOne[] change = new OneByOne[1];
      try (Run run = start(database, "ADD UNIQUE (u)", change)) {
        change[0].built.awaitReached();
        database.execute("INSERT INTO t VALUES (500, 50)");
        Until.holds("the conflict is met", () -> change[0].conflicts.get() > 2);
        database.execute("UPDATE t SET u = 500 WHERE id = 50");
        change[0].built.open();
        change[0].lock.open();

        Summary summary = run.await();
        assertThat(Tables.rows(database, "id, u", "t"))
            .contains("(50,500)", "(500,50)")
            .isEqualTo(Tables.rows(database, "id, u", summary.retiredTable()));
      }
    }
  }

  @Test
  void duplicatesThatStayAreNamedBeforeTheCutOver() throws Exception {
    try (TestDatabase database = database("CHECK (true)");
        Probe probe = Probe.start(database)) {
      OneByOne[] change = new OneByOne[1];
      try (Run run = start(database, "ADD CONSTRAINT u_once UNIQUE (u)", change)) {
        change[0].built.awaitReached();
        database.execute("INSERT INTO t (id, u) VALUES (500, 50)");
        change[0].built.open();

        assertThatThrownBy(run::await)
            .isInstanceOf(MigrationFailedException.class)
            .hasMessageContaining("key 500")
            .hasMessageContaining("unique");
      }
      probe.stop();
      Tables.assertNothingLeftBehind(database);
      assertThat(database.queryText("SELECT count(*) FROM t WHERE u = 50")).isEqualTo("2");
    }
  }

  @Test
  void duplicatesThatComeWithTheLockAreNamedAndTheLockIsReleased() throws Exception {
    try (TestDatabase database = database("CHECK (true)");
        Probe probe = Probe.start(database)) {
      OneByOne[] change = new OneByOne[1];
      try (Run run = start(database, "ADD CONSTRAINT u_once UNIQUE (u)", change)) {
        change[0].built.open();
        change[0].lock.awaitReached();
        database.execute("INSERT INTO t (id, u) VALUES (500, 50), (501, 51)");
        change[0].lock.open();

        assertThatThrownBy(run::await)
            .isInstanceOf(MigrationFailedException.class)
            .hasMessageContaining("key 500")
            .hasMessageContaining("key 501")
            .hasMessageContaining("unique");
      }
      assertThat(probe.stop()).isLessThan(Duration.ofSeconds(4));
      Tables.assertNothingLeftBehind(database);
      assertThat(database.queryText("SELECT count(*) FROM t WHERE u = 50")).isEqualTo("2");
    }
  }

  private static TestDatabase database(String constraint) throws SQLException {
    TestDatabase database = SharedServers.freshDatabase(SharedServers.newestMajor());
    database.execute(
        "CREATE TABLE t (id int PRIMARY KEY, u int, v text, " + constraint + ")",
        "INSERT INTO t SELECT g, g FROM generate_series(1, 100) AS g");
    return database;
  }

  private static Run start(TestDatabase database, String alter, OneByOne[] change) {
    Run run = Run.start(database, "t", alter, ForcedChange.keeping(change, OneByOne::new));
    run.awaitState(MigrationState.PREPARED);
    return run;
  }

  /** Flushes each key in a transaction of its own, the latest first. */
  private static final class OneByOne extends ForcedChange {

    private final Gate built = new Gate("built, before verification");
    private final Gate lock = new Gate("before the lock");
    private final AtomicInteger conflicts = new AtomicInteger();

    OneByOne(PreparedChange change) {
      super(change);
    }

    @Override
    void beforeVerification() {
      built.pass();
    }

    @Override
    Flusher flusher(Flusher real) {
      return new FlusherDelegate(real) {
        @Override
        public FlushResult flush(List<Key> keys, boolean check) {
          List<Key> latestFirst = new ArrayList<>(keys);
          Collections.reverse(latestFirst);
          long rows = 0;
          List<FlushResult.Conflict> met = new ArrayList<>();
          for (Key key : latestFirst) {
            FlushResult result = super.flush(List.of(key), check);
            rows += result.rows();
            met.addAll(result.conflicts());
          }
          conflicts.addAndGet(met.size());
          return new FlushResult(rows, met);
        }
      };
    }

    @Override
    public CutOver openCutOver() {
      return new CutOverDelegate(super.openCutOver()) {
        @Override
        public void lock(Duration timeout, Duration budget) {
          lock.pass();
          super.lock(timeout, budget);
        }
      };
    }
  }
}
