package io.zdmosc.harness.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.progress.Summary;
import io.zdmosc.engine.spi.CutOver;
import io.zdmosc.engine.spi.Flusher;
import io.zdmosc.engine.spi.Key;
import io.zdmosc.engine.spi.PreparedChange;
import io.zdmosc.engine.spi.Settlement;
import io.zdmosc.harness.server.SharedServers;
import io.zdmosc.harness.server.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Rule 9: nobody who goes on with a snapshot from before the swap finds rows in the new table as
 * they were before that snapshot. In every test row 2 is changed to {@code new} and committed, the
 * reader's snapshot is taken, and only then is the row flushed.
 */
class SnapshotsAtTheCutOverIT {
  private static final Key CHANGED = Key.of("2");

  @ParameterizedTest(name = "seen before the lock: {0}, read through {1}")
  @CsvSource({"true, t", "false, t", "false, in_place", "true, made_anew"})
  void aSnapshotThatIsOlderThanTheLastFlushIsWaitedFor(boolean seen, String relation)
      throws Exception {
    try (TestDatabase database = database();
        Connection reader = database.connect()) {
      Forced[] change = new Forced[1];
      try (Run run = start(database, change, seen)) {
        change[0].cutOver.awaitReached();
        change[0].change(database);
        takeSnapshot(reader);
        change[0].flush.open();
        change[0].cutOver.open();
        change[0].lock.open();
        change[0].locked.open();

        if (seen) {
          Until.holds(
              "it is named",
              () -> change[0].obstacles.stream().anyMatch(o -> o.contains("has held a snapshot")));
        } else {
          run.awaitNote("that does not see the last changes");
        }
        assertThat(value(reader, relation)).isEqualTo("new");
        reader.commit();
        assertSwapped(database, run.await());
      }
    }
  }

  /** What has been bound anew for the swap is as it was when the attempt is rolled back. */
  @ParameterizedTest
  @ValueSource(strings = {"t", "in_place", "made_anew"})
  void aSnapshotOfTheLastMomentIsFoundUnderTheLock(String relation) throws Exception {
    try (TestDatabase database = database();
        Connection reader = database.connect()) {
      Forced[] change = new Forced[1];
      try (Run run = start(database, change, true)) {
        change[0].toTheLock();
        change[0].change(database);
        takeSnapshot(reader);
        change[0].lock.open();
        change[0].locked.open();

        run.awaitNote("that does not see the last changes");
        assertThat(value(reader, relation)).isEqualTo("new");
        reader.commit();
        assertSwapped(database, run.await());
      }
    }
  }

  /** Its next statement waits for the lock, so it is not idle, but its snapshot is older. */
  @Test
  void aTransactionWhoseLaterStatementWaitsForTheLockIsFound() throws Exception {
    try (TestDatabase database = database();
        Connection reader = database.connect()) {
      Forced[] change = new Forced[1];
      try (Run run = start(database, change, true)) {
        change[0].toTheLock();
        change[0].change(database);
        takeSnapshot(reader);
        database.execute("UPDATE t SET v = 'later' WHERE id = 3");
        change[0].lock.open();
        change[0].locked.awaitReached();
        CompletableFuture<String> read = readBehindTheLock(database, reader);
        change[0].locked.open();

        run.awaitNote("that does not see the last changes");
        assertThat(read.get(30, TimeUnit.SECONDS)).isEqualTo("new");
        reader.commit();
        assertSwapped(database, run.await());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"t", "in_place", "made_anew"})
  void aStatementThatWaitsForTheLockSeesTheLastFlush(String relation) throws Exception {
    try (TestDatabase database = database();
        Connection reader = database.connect()) {
      Forced[] change = new Forced[1];
      try (Run run = start(database, change, true)) {
        change[0].toTheLock();
        change[0].change(database);
        change[0].lock.open();
        change[0].locked.awaitReached();
        CompletableFuture<String> read = readBehindTheLock(database, reader, relation);
        change[0].locked.open();

        assertThat(read.get(30, TimeUnit.SECONDS)).isEqualTo("new");
        assertThat(run.await().cutOverAttempts()).isEqualTo(1);
      }
    }
  }

  /**
   * The limit that is left: the server takes such a transaction's snapshot before its first
   * statement waits for the lock, and shows nothing by which it could be told from any other
   * statement that waits.
   */
  @Test
  void aRepeatableReadTransactionWhoseFirstStatementWaitsMissesTheLastFlush() throws Exception {
    try (TestDatabase database = database();
        Connection reader = database.connect()) {
      reader.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      Forced[] change = new Forced[1];
      try (Run run = start(database, change, true)) {
        change[0].toTheLock();
        change[0].change(database);
        change[0].lock.open();
        change[0].locked.awaitReached();
        CompletableFuture<String> read = readBehindTheLock(database, reader);
        change[0].locked.open();

        assertThat(read.get(30, TimeUnit.SECONDS)).isEqualTo("old");
        assertThat(run.await().cutOverAttempts()).isEqualTo(1);
      }
    }
  }

  @Test
  void aTransactionThatBeganAfterTheLastFlushIsInNobodysWay() throws Exception {
    try (TestDatabase database = database();
        Connection reader = database.connect()) {
      Forced[] change = new Forced[1];
      try (Run run = start(database, change, true)) {
        change[0].cutOver.awaitReached();
        change[0].flush.open();
        change[0].change(database);
        Until.holds("it is flushed", () -> change[0].isFlushed());
        takeSnapshot(reader);
        change[0].cutOver.open();
        change[0].lock.open();
        change[0].locked.open();

        assertThat(run.await().cutOverAttempts()).isEqualTo(1);
        assertThat(value(reader)).isEqualTo("new");
      }
    }
  }

  /** It may be the first of a transaction that keeps its snapshot; but many are not. */
  @Test
  void aLongStatementElsewhereIsWaitedForButNotForEver() throws Exception {
    try (TestDatabase database = database();
        Connection other = database.connect();
        Statement statement = other.createStatement()) {
      Forced[] change = new Forced[1];
      try (Run run = start(database, change, true)) {
        change[0].cutOver.awaitReached();
        change[0].flush.open();
        CompletableFuture<Void> sleep =
            Background.run(() -> statement.execute("SELECT pg_sleep(600)"));
        Until.holds(
            "it has slept for a while",
            () ->
                database
                    .queryText(
                        "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
                            + " AND query_start < clock_timestamp() - interval '1.1 s'")
                    .equals("1"));
        change[0].change(database);
        change[0].cutOver.open();
        change[0].lock.open();
        change[0].locked.open();

        Until.holds(
            "it is named",
            () -> change[0].obstacles.stream().anyMatch(o -> o.contains("has been running for")));
        assertSwapped(database, run.await());
        statement.cancel();
        sleep.handle((nothing, failure) -> null).join();
      }
    }
  }

  private static Run start(TestDatabase database, Forced[] change, boolean seeing) {
    Run run =
        Run.start(
            database,
            "t",
            "ADD COLUMN w int, ALTER COLUMN k TYPE bigint",
            ForcedChange.keeping(change, c -> new Forced(c, seeing)));
    run.awaitState(MigrationState.PREPARED);
    return run;
  }

  private static TestDatabase database() throws SQLException {
    TestDatabase database = SharedServers.freshDatabase(SharedServers.newestMajor());
    database.execute(
        "CREATE TABLE t (id int PRIMARY KEY, v text, k int)",
        "INSERT INTO t SELECT g, 'old', g FROM generate_series(1, 100) AS g",
        "CREATE VIEW in_place AS SELECT id, v FROM t",
        "CREATE VIEW made_anew AS SELECT id, v, k FROM t");
    return database;
  }

  private static void takeSnapshot(Connection reader) throws SQLException {
    reader.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    reader.setAutoCommit(false);
    try (Statement statement = reader.createStatement()) {
      statement.execute("SELECT FROM pg_class");
    }
  }

  private static String value(Connection reader) throws SQLException {
    return value(reader, "t");
  }

  private static String value(Connection reader, String relation) throws SQLException {
    try (Statement statement = reader.createStatement();
        ResultSet row = statement.executeQuery("SELECT v FROM " + relation + " WHERE id = 2")) {
      row.next();
      return row.getString(1);
    }
  }

  private static CompletableFuture<String> readBehindTheLock(
      TestDatabase database, Connection reader) {
    return readBehindTheLock(database, reader, "t");
  }

  private static CompletableFuture<String> readBehindTheLock(
      TestDatabase database, Connection reader, String relation) {
    CompletableFuture<String> value = new CompletableFuture<>();
    Background.run(
        () -> {
          try {
            value.complete(value(reader, relation));
          } catch (SQLException e) {
            value.completeExceptionally(e);
          }
        });
    Until.holds(
        "it waits",
        () ->
            database
                .queryText(
                    "SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'relation'"
                        + " AND mode = 'AccessShareLock' AND database = (SELECT oid FROM"
                        + " pg_database WHERE datname = current_database())")
                .equals("1"));
    return value;
  }

  private static void assertSwapped(TestDatabase database, Summary summary) throws SQLException {
    assertThat(Tables.rows(database, "id, v", "t"))
        .hasSize(100)
        .isEqualTo(Tables.rows(database, "id, v", summary.retiredTable()));
    assertThat(database.queryText("SELECT count(w) FROM t")).isEqualTo("0");
  }

  /** Holds the flush of the changed row, the cut-over, the lock, and what is done under it. */
  private static final class Forced extends ForcedChange {
    private final boolean seeing;
    private final Gate flush = new Gate("the changed row is visible");
    private final Gate cutOver = new Gate("before the cut-over");
    private final Gate lock = new Gate("before the lock");
    private final Gate locked = new Gate("under the lock");
    private final List<String> obstacles = new CopyOnWriteArrayList<>();

    Forced(PreparedChange change, boolean seeing) {
      super(change);
      this.seeing = seeing;
    }

    void toTheLock() {
      flush.open();
      cutOver.open();
      lock.awaitReached();
    }

    void change(TestDatabase database) throws SQLException {
      database.execute("UPDATE t SET v = 'new' WHERE id = 2");
      Until.holds("it came out of the stream", () -> isDelivered(CHANGED));
    }

    boolean isFlushed() {
      return flushed().contains(CHANGED);
    }

    @Override
    Flusher flusher(Flusher real) {
      return new FlusherDelegate(real) {
        @Override
        public Settlement settlement() {
          Settlement settlement = super.settlement();
          return transaction ->
              settlement.contains(transaction)
                  && (flush.isOpen()
                      || deliveredAt(CHANGED).filter(transaction.position()::equals).isEmpty());
        }
      };
    }

    @Override
    public CutOver openCutOver() {
      cutOver.pass();
      return new CutOverDelegate(super.openCutOver()) {
        @Override
        public List<String> obstacles() {
          List<String> found = super.obstacles();
          obstacles.addAll(found);
          return seeing ? found : List.of();
        }

        @Override
        public void lock(Duration timeout, Duration budget) {
          lock.pass();
          super.lock(timeout, budget);
          locked.pass();
        }
      };
    }
  }
}
