package io.zdmosc.harness.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zdmosc.engine.ChangeRequest;
import io.zdmosc.engine.Dependents;
import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.RunOptions;
import io.zdmosc.engine.error.CutOverNotReachedException;
import io.zdmosc.engine.progress.Summary;
import io.zdmosc.engine.spi.Chunk;
import io.zdmosc.engine.spi.CutOver;
import io.zdmosc.engine.spi.PreparedChange;
import io.zdmosc.harness.server.PostgresDatabase;
import io.zdmosc.harness.server.PostgresServer;
import io.zdmosc.harness.server.SharedServers;
import io.zdmosc.harness.server.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Rule 9: whoever stands in the way of the cut-over, the application is held no longer than the
 * budget, nobody gets an error, the reason is reported, and the cut-over succeeds when the way is
 * free.
 *
 * <p>The obstacles appear at the worst moment: when the way was found free and the lock is about to
 * be asked for.
 */
@Tag("alone")
class CutOverContentionIT {

  private static final Duration BUDGET = Duration.ofMillis(500);

  /** What a busy machine may add to the budget; a real stall lasts for seconds. */
  private static final Duration NOISE = Duration.ofSeconds(2);

  private static final RunOptions OPTIONS = Run.OPTIONS.withCutOverBudget(BUDGET);

  private static PostgresServer server;
  private static final AtomicInteger DATABASES = new AtomicInteger();

  @BeforeAll
  static void startServer() {
    server =
        PostgresServer.start(
            SharedServers.newestMajor(),
            Map.of("max_prepared_transactions", "5", "autovacuum_naptime", "1s"));
  }

  @AfterAll
  static void closeServer() {
    server.close();
  }

  /** Somebody in the way: what begins it, and what the attempts say of it. */
  enum Obstacle {
    LONG_SELECT(List.of("SELECT pg_sleep(600) FROM t"), "a transaction of"),
    IDLE_READER(List.of("BEGIN", "SELECT FROM t"), "an idle transaction of"),
    IDLE_WRITER(List.of("BEGIN", "UPDATE t SET v = 'w' WHERE id = 2"), "an idle transaction of"),
    OPEN_CURSOR(
        List.of("BEGIN", "DECLARE c CURSOR FOR SELECT * FROM t", "FETCH c"),
        "an idle transaction of"),
    PARENT_READER(List.of("BEGIN", "SELECT FROM parent"), "an idle transaction of"),
    PREPARED(
        List.of("BEGIN", "UPDATE t SET v = 'p' WHERE id = 3", "PREPARE TRANSACTION 'p'"),
        "a prepared transaction holds");

    private final List<String> statements;
    private final String words;

    Obstacle(List<String> statements, String words) {
      this.statements = statements;
      this.words = words;
    }
  }

  @ParameterizedTest
  @EnumSource
  void theCutOverGivesWayAndSucceedsWhenTheWayIsFree(Obstacle obstacle) throws Exception {
    try (TestDatabase database = database();
        Connection other = database.connect();
        Probe probe = Probe.start(database)) {
      AtTheLock[] change = new AtTheLock[1];
      try (Run run = start(database, OPTIONS, change)) {
        change[0].firstLock.awaitReached();
        CompletableFuture<Void> statements = begin(other, obstacle.statements);
        awaitHeld(database, obstacle);
        change[0].firstLock.open();

        assertThat(run.awaitNote("gave up"))
            .contains("could not lock")
            .contains(" ms: " + obstacle.words);
        Until.holds(
            "it is named",
            () -> change[0].obstacles.stream().anyMatch(o -> o.contains(obstacle.words)));
        free(database, other, obstacle, statements);

        Summary summary = run.await();
        assertThat(summary.cutOverAttempts()).isGreaterThan(1);
        assertThat(probe.stop()).isLessThan(BUDGET.plus(NOISE));
        assertSame(database, summary);
      }
    }
  }

  @Test
  void withTooFewAttemptsNothingIsTouchedAndNothingLeft() throws Exception {
    try (TestDatabase database = database();
        Connection other = database.connect();
        Probe probe = Probe.start(database)) {
      AtTheLock[] change = new AtTheLock[1];
      try (Run run = start(database, OPTIONS.withCutOverAttempts(1), change)) {
        change[0].firstLock.awaitReached();
        begin(other, Obstacle.IDLE_READER.statements).join();
        change[0].firstLock.open();

        assertThatThrownBy(run::await)
            .isInstanceOf(CutOverNotReachedException.class)
            .hasMessageContaining("could not lock");
        assertThat(probe.stop()).isLessThan(BUDGET.plus(NOISE));
        Tables.assertNothingLeftBehind(database);
        assertThat(
                Tables.rows(
                    database,
                    "SELECT attname FROM pg_attribute WHERE attrelid ="
                        + " 't'::regclass AND attnum > 0"))
            .containsExactly("id", "p", "v");
      }
    }
  }

  @Test
  void aReaderThatGoesOnToWriteIsNeitherHeldNorKilledByALockUpgrade() throws Exception {
    try (TestDatabase database = database();
        Connection other = database.connect();
        Statement statement = other.createStatement();
        Probe probe = Probe.start(database)) {
      AtTheLock[] change = new AtTheLock[1];
      try (Run run = start(database, OPTIONS, change)) {
        change[0].firstLock.awaitReached();
        other.setAutoCommit(false);
        statement.execute("SELECT FROM t WHERE id = 4");
        change[0].firstLock.open();
        Until.holds(
            "the lock is waited for",
            () ->
                !Tables.rows(
                            database,
                            "SELECT mode FROM pg_locks WHERE relation = 't'::regclass AND NOT"
                                + " granted AND mode = 'AccessExclusiveLock'")
                        .isEmpty()
                    || run.notes().stream().anyMatch(note -> note.contains("gave up")));
        long begin = System.nanoTime();
        statement.execute("UPDATE t SET v = 'upgraded' WHERE id = 4");
        other.commit();
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(BUDGET.plus(NOISE));

        Summary summary = run.await();
        assertThat(probe.stop()).isLessThan(BUDGET.plus(NOISE));
        assertThat(database.queryText("SELECT v FROM t WHERE id = 4")).isEqualTo("upgraded");
        assertSame(database, summary);
      }
    }
  }

  /**
   * A circle of locks: the application holds a row of the parent and wants to write to the child,
   * the cut-over holds the child and wants the parent. On a server that looks for circles sooner
   * than after the usual second it is still the cut-over that gives way.
   */
  @Test
  void inACircleOfLocksItIsNotTheApplicationThatIsEnded() throws Exception {
    try (TestDatabase database = database()) {
      database.execute("ALTER DATABASE \"" + database.name() + "\" SET deadlock_timeout = '50ms'");
      AtTheLock[] change = new AtTheLock[1];
      try (Run run = start(database, OPTIONS, change);
          Connection writer = database.connect();
          Statement writing = writer.createStatement()) {
        change[0].firstLock.awaitReached();
        writer.setAutoCommit(false);
        writing.execute("SELECT FROM parent FOR UPDATE");
        CompletableFuture<Void> write =
            Background.run(
                () -> {
                  writing.execute(
                      """
                      DO $$ BEGIN
                        LOOP
                          EXIT WHEN EXISTS (SELECT FROM pg_locks WHERE NOT granted
                            AND relation = 'parent'::regclass AND mode = 'AccessExclusiveLock');
                          PERFORM pg_sleep(0.0005);
                        END LOOP;
                        -- after the cut-over's own server process has looked for a circle
                        PERFORM pg_sleep(0.055);
                        UPDATE t SET v = 'circle' WHERE id = 5;
                      END $$\
                      """);
                  writer.commit();
                });
        Until.holds(
            "the application looks for the lock",
            () ->
                isTrue(
                    database,
                    "SELECT count(*) = 1 FROM pg_stat_activity WHERE query LIKE"
                        + " '%circle%' AND state = 'active' AND pid <> pg_backend_pid()"));
        change[0].firstLock.open();

        write.orTimeout(60, TimeUnit.SECONDS).join();
        assertThat(run.awaitNote("gave up")).contains("that go with \"public\".\"t\"");
        assertSame(database, run.await());
        assertThat(database.queryText("SELECT v FROM t WHERE id = 5")).isEqualTo("circle");
      }
    }
  }

  /** While the cut-over waits for an opening, it must not make others wait. */
  @ParameterizedTest
  @EnumSource
  void whoeverNeedsAStrongLockIsNotHeldByTheCutOversOwn(StrongLock lock) throws Exception {
    try (TestDatabase database = database();
        Connection reader = database.connect();
        Connection other = database.connect();
        Statement statement = other.createStatement();
        Probe probe = Probe.start(database)) {
      AtTheLock[] change = new AtTheLock[1];
      try (Run run = start(database, OPTIONS, change)) {
        change[0].firstLock.awaitReached();
        begin(reader, Obstacle.IDLE_READER.statements).join();
        change[0].firstLock.open();
        run.awaitNote("gave up");
        change[0].obstacles.clear();
        Until.holds("the next attempt waits", () -> change[0].obstacles.size() > 3);

        long begin = System.nanoTime();
        statement.execute(lock.statement);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(BUDGET.plus(NOISE));
        statement.execute("ROLLBACK");
        reader.close();

        Summary summary = run.await();
        assertThat(probe.stop()).isLessThan(BUDGET.plus(NOISE));
        assertSame(database, summary);
      }
    }
  }

  /** Locks that a reader does not hinder. */
  enum StrongLock {
    LOCK_TABLE("BEGIN; LOCK TABLE t IN SHARE ROW EXCLUSIVE MODE"),
    CREATE_INDEX("BEGIN; CREATE INDEX ON t (v)");

    private final String statement;

    StrongLock(String statement) {
      this.statement = statement;
    }
  }

  @Test
  void anAlterThatComesAtTheMomentOfTheLockIsDoneToTheNewTable() throws Exception {
    try (TestDatabase database = database();
        Connection other = database.connect();
        Probe probe = Probe.start(database)) {
      AtTheLock[] change = new AtTheLock[1];
      try (Run run = start(database, OPTIONS, change)) {
        change[0].firstLock.awaitReached();
        CompletableFuture<Void> alter = begin(other, List.of("ALTER TABLE t ADD COLUMN late int"));
        Until.holds(
            "the ALTER waits",
            () -> !Tables.rows(database, "SELECT mode FROM pg_locks WHERE NOT granted").isEmpty());
        change[0].firstLock.open();

        run.await();
        alter.orTimeout(30, TimeUnit.SECONDS).join();
        assertThat(probe.stop()).isLessThan(BUDGET.plus(NOISE));
        assertThat(database.queryText("SELECT count(w) + count(late) FROM t")).isEqualTo("0");
      }
    }
  }

  @Test
  void autovacuumGivesWay() throws Exception {
    try (TestDatabase database = database()) {
      database.execute(
          "INSERT INTO t (id, v) SELECT g, repeat('x', 500) FROM generate_series(1000, 11000) AS g",
          "ALTER TABLE t SET (autovacuum_vacuum_threshold = 1, autovacuum_vacuum_scale_factor = 0,"
              + " autovacuum_vacuum_cost_delay = 100, autovacuum_vacuum_cost_limit = 1)");
      Gate cutOver = new Gate("before the cut-over");
      try (Probe probe = Probe.start(database);
          Run run =
              Run.start(
                  database, "t", "ADD COLUMN w int", OPTIONS, change -> heldUp(change, cutOver))) {
        cutOver.awaitReached();
        database.execute("UPDATE t SET v = 'y' WHERE id >= 1000");
        Until.holds(
            "autovacuum is at work",
            () ->
                !Tables.rows(
                        database,
                        "SELECT pid FROM pg_stat_progress_vacuum WHERE relid = 't'::regclass")
                    .isEmpty());
        cutOver.open();

        Summary summary = run.await();
        assertThat(probe.stop()).isLessThan(BUDGET.plus(NOISE));
        assertSame(database, summary);
      }
    }
  }

  /** It is not in the way for minutes, as it would be at work. */
  @Test
  void autovacuumOfAMaterializedViewGivesWay() throws Exception {
    try (TestDatabase database = database()) {
      database.execute(
          "INSERT INTO t (id, v) SELECT g, repeat('x', 500) FROM generate_series(1000, 11000) AS g",
          "CREATE MATERIALIZED VIEW kept WITH (autovacuum_vacuum_threshold = 1,"
              + " autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_cost_delay = 100,"
              + " autovacuum_vacuum_cost_limit = 1) AS SELECT id, v FROM t",
          "CREATE UNIQUE INDEX ON kept (id)",
          "COMMENT ON MATERIALIZED VIEW kept IS 'it''s kept'");
      Gate cutOver = new Gate("before the cut-over");
      ChangeRequest request =
          new ChangeRequest(
              "t",
              "ADD COLUMN w int",
              "",
              false,
              Map.of(),
              Dependents.KEPT.rebuildingMaterializedViews());
      try (Run run = Run.start(database, request, OPTIONS, change -> heldUp(change, cutOver))) {
        cutOver.awaitReached();
        database.execute(
            "UPDATE t SET v = repeat('y', 500) WHERE id >= 1000",
            "REFRESH MATERIALIZED VIEW CONCURRENTLY kept");
        Until.holds(
            "autovacuum is at work",
            () ->
                !Tables.rows(
                        database,
                        "SELECT pid FROM pg_stat_progress_vacuum WHERE relid = 'kept'::regclass")
                    .isEmpty());
        cutOver.open();

        assertSame(database, run.await());
      }
      assertThat(database.queryText("SELECT obj_description('kept'::regclass, 'pg_class')"))
          .isEqualTo("it's kept");
    }
  }

  @Test
  void theCutOverWaitsForASnapshotThatIsOlderThanTheCopy() throws Exception {
    try (TestDatabase database = database();
        Connection reader = database.connect()) {
      Snapshot[] change = new Snapshot[1];
      try (Run run = snapshot(database, reader, change, true)) {
        Until.holds(
            "it is named",
            () -> change[0].obstacles.stream().anyMatch(o -> o.contains("older than the copy")));
        assertThat(run.isRunning()).isTrue();
        assertThat(count(reader)).isEqualTo(100);
        reader.commit();

        Summary summary = run.await();
        assertThat(summary.cutOverAttempts())
            .as("it saw at once that the way is free")
            .isEqualTo(1);
        assertSame(database, summary);
      }
    }
  }

  @Test
  void withoutWaitingAnOldSnapshotFindsTheTableEmpty() throws Exception {
    try (TestDatabase database = database();
        Connection reader = database.connect()) {
      Snapshot[] change = new Snapshot[1];
      try (Run run = snapshot(database, reader, change, false)) {
        run.await();
        assertThat(count(reader)).isZero();
      }
    }
  }

  private static Run snapshot(
      TestDatabase database, Connection reader, Snapshot[] change, boolean waiting)
      throws SQLException {
    Run run =
        Run.start(
            database,
            "t",
            "ADD COLUMN w int",
            OPTIONS,
            ForcedChange.keeping(change, c -> new Snapshot(c, waiting)));
    run.awaitState(MigrationState.COPYING);
    change[0].first.awaitReached();
    reader.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    reader.setAutoCommit(false);
    try (Statement statement = reader.createStatement()) {
      statement.execute("SELECT FROM pg_class");
    }
    change[0].first.open();
    return run;
  }

  private static int count(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT count(*) FROM t")) {
      row.next();
      return row.getInt(1);
    }
  }

  /** A transaction that a failed test has left prepared would hold up all slots to come. */
  @AfterEach
  void rollBackPrepared() throws SQLException {
    for (String name :
        Tables.rows(
            new PostgresDatabase(server, "postgres"),
            "SELECT gid || ' ' || database FROM pg_prepared_xacts")) {
      new PostgresDatabase(server, name.split(" ")[1]).execute("ROLLBACK PREPARED 'p'");
    }
  }

  private static TestDatabase database() throws SQLException {
    TestDatabase database = server.createDatabase("d" + DATABASES.incrementAndGet());
    database.execute(
        "CREATE TABLE parent (id int PRIMARY KEY)",
        "INSERT INTO parent VALUES (1)",
        "CREATE TABLE t (id int PRIMARY KEY, v text, p int REFERENCES parent)",
        "INSERT INTO t SELECT g, 'v', 1 FROM generate_series(1, 100) AS g");
    return database;
  }

  private static Run start(TestDatabase database, RunOptions options, AtTheLock[] change) {
    Run run =
        Run.start(
            database,
            "t",
            "ADD COLUMN w int",
            options,
            ForcedChange.keeping(change, AtTheLock::new));
    run.awaitState(MigrationState.PREPARED);
    return run;
  }

  /** Copies in large chunks, and holds at the gate before the cut-over. */
  private static ForcedChange heldUp(PreparedChange change, Gate cutOver) {
    return new ForcedChange(change) {
      @Override
      public CutOver openCutOver() {
        cutOver.pass();
        return super.openCutOver();
      }
    }.withChunkRows(100_000);
  }

  /** Runs the statements of the other session on a thread of their own. */
  private static CompletableFuture<Void> begin(Connection other, List<String> statements) {
    return Background.run(
        () -> {
          try (Statement statement = other.createStatement()) {
            for (String sql : statements) {
              statement.execute(sql);
            }
          }
        });
  }

  private static void awaitHeld(TestDatabase database, Obstacle obstacle) {
    String table = obstacle == Obstacle.PARENT_READER ? "parent" : "t";
    Until.holds(
        "the lock is held",
        () ->
            Stream.of(
                    "SELECT count(*) > 0 FROM pg_locks l LEFT JOIN pg_stat_activity a USING (pid)"
                        + " WHERE l.relation = '%s'::regclass AND (l.pid IS NULL OR a.query LIKE"
                        + " 'SELECT pg_sleep%%' OR a.state = 'idle in transaction'"
                        + " AND a.application_name NOT LIKE 'zdm-osc%%')")
                .map(sql -> sql.formatted(table))
                .allMatch(sql -> isTrue(database, sql)));
  }

  private static boolean isTrue(TestDatabase database, String sql) {
    try {
      return database.queryText(sql).equals("t");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void free(
      TestDatabase database, Connection other, Obstacle obstacle, CompletableFuture<Void> running)
      throws Exception {
    switch (obstacle) {
      case LONG_SELECT -> {
        database.execute(
            "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE query LIKE 'SELECT"
                + " pg_sleep%'");
        running.handle((nothing, failure) -> null).join();
      }
      case PREPARED -> database.execute("COMMIT PREPARED 'p'");
      default -> {
        running.join();
        try (Statement statement = other.createStatement()) {
          statement.execute("COMMIT");
        }
      }
    }
  }

  private static void assertSame(TestDatabase database, Summary summary) throws SQLException {
    List<String> served = Tables.rows(database, "id, v, p", "t WHERE id <> 1");
    assertThat(served)
        .isNotEmpty()
        .isEqualTo(Tables.rows(database, "id, v, p", summary.retiredTable() + " WHERE id <> 1"));
  }

  /** Stops before the first lock; remembers what was in the way. */
  private static final class AtTheLock extends ForcedChange {

    private final Gate firstLock = new Gate("before the first lock");
    private final List<String> obstacles = new CopyOnWriteArrayList<>();

    AtTheLock(PreparedChange change) {
      super(change);
    }

    @Override
    public CutOver openCutOver() {
      return new CutOverDelegate(super.openCutOver()) {
        @Override
        public List<String> obstacles() {
          List<String> found = super.obstacles();
          obstacles.addAll(found);
          return found;
        }

        @Override
        public void lock(Duration timeout, Duration budget) {
          firstLock.pass();
          super.lock(timeout, budget);
        }
      };
    }
  }

  /** Stops before the first chunk; may be blind to what is in the way. */
  private static final class Snapshot extends ForcedChange {

    private final boolean waiting;
    private final Gate first = new Gate("before the first chunk");
    private final List<String> obstacles = new CopyOnWriteArrayList<>();

    Snapshot(PreparedChange change, boolean waiting) {
      super(change);
      this.waiting = waiting;
    }

    @Override
    void beforeChunk(Chunk chunk) {
      if (chunk.number() == 1) {
        first.pass();
      }
    }

    @Override
    public CutOver openCutOver() {
      return new CutOverDelegate(super.openCutOver()) {
        @Override
        public List<String> obstacles() {
          List<String> found = super.obstacles();
          obstacles.addAll(found);
          return waiting ? found : List.of();
        }
      };
    }
  }
}
