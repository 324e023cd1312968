package io.zdmosc.harness.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.cli.server.Product;
import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.progress.Summary;
import io.zdmosc.engine.spi.ChangeStream;
import io.zdmosc.engine.spi.Chunk;
import io.zdmosc.engine.spi.CopyLayout;
import io.zdmosc.engine.spi.CutOver;
import io.zdmosc.engine.spi.FlushResult;
import io.zdmosc.engine.spi.Flusher;
import io.zdmosc.engine.spi.Key;
import io.zdmosc.engine.spi.KeyLocation;
import io.zdmosc.engine.spi.PreparedChange;
import io.zdmosc.engine.spi.Settlement;
import io.zdmosc.harness.server.TestDatabase;
import io.zdmosc.harness.server.mysql.MySqlDatabase;
import io.zdmosc.harness.server.mysql.MySqlRelease;
import io.zdmosc.harness.server.mysql.MySqlReplica;
import io.zdmosc.harness.server.mysql.MySqlServer;
import io.zdmosc.harness.server.mysql.MySqlSpec;
import io.zdmosc.harness.server.mysql.SharedMySqlServers;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Rule 3 on MySQL and MariaDB: under lossless semi-synchronous replication a commit is in the
 * binary log, and comes out of the stream, but nobody sees it until a replica has acknowledged it.
 * One such transaction changes rows that are copied and rows beyond the frontier, whose chunk is
 * then read while the commit is still held.
 *
 * <p>The same is run with the check taken out, and must lose every one of these changes: so the
 * interleaving is known to be forced, and the check to be what saves them.
 */
@ParameterizedClass(name = "{0}")
@MethodSource("settings")
class MySqlSettledCommitsIT {
  /**
   * Chunks of 10 rows; rows 10, 20, ... 1000. The first chunk is copied, the second in flight, and
   * the third beyond the frontier.
   */
  private static final int LAST_FREE_CHUNK = 2;

  private static final List<String> CHANGES =
      List.of(
          "UPDATE t SET v = 'new' WHERE id = 50",
          "INSERT INTO t VALUES (55, 'new')",
          "DELETE FROM t WHERE id = 60",
          "UPDATE t SET id = 75 WHERE id = 70",
          "UPDATE t SET v = 'new' WHERE id = 250",
          "INSERT INTO t VALUES (255, 'new')",
          "DELETE FROM t WHERE id = 260",
          "UPDATE t SET id = 275 WHERE id = 270",
          "UPDATE t SET id = 285 WHERE id = 80",
          "UPDATE t SET id = 85 WHERE id = 290");

  private static final List<Key> COPIED = keys(50, 55, 60, 70, 75, 80, 85);
  private static final List<Key> BEYOND = keys(250, 255, 260, 270, 275, 285, 290);

  private static MySqlServer server;
  private static MySqlReplica replica;

  /** Given to the class by JUnit; used by {@link #startServers}. */
  MySqlSettledCommitsIT(Setting setting) {}

  record Setting(MySqlRelease release, boolean gtids) {
    @Override
    public String toString() {
      return release + (gtids ? "" : " without GTIDs");
    }
  }

  static Stream<Setting> settings() {
    return SharedMySqlServers.newest().stream()
        .filter(MySqlRelease::embeddable)
        .flatMap(
            release ->
                release.product() == Product.MYSQL
                    ? Stream.of(new Setting(release, true), new Setting(release, false))
                    : Stream.of(new Setting(release, true)));
  }

  @BeforeParameterizedClassInvocation
  static void startServers(Setting setting) throws SQLException {
    MySqlSpec spec = MySqlSpec.of(setting.release());
    server = MySqlServer.start(setting.gtids() ? spec : spec.withoutGtids());
    replica = setting.gtids() ? MySqlReplica.of(server) : MySqlReplica.byPosition(server);
    replica.makeSemiSynchronous();
  }

  @AfterParameterizedClassInvocation
  static void closeServers() throws SQLException {
    replica.close();
    server.close();
  }

  @Test
  void noHeldCommitIsLost() throws Exception {
    Outcome outcome = run("checked", true);

    assertThat(outcome.shadow).isEqualTo(outcome.source);
    assertThat(outcome.summary.divergentRows()).isZero();
  }

  @Test
  void withoutTheCheckEveryHeldChangeIsLostAndOnlyVerificationFindsIt() throws Exception {
    Outcome outcome = run("unchecked", false);

    assertThat(keysThatDiffer(outcome))
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(COPIED, BEYOND).flatMap(List::stream).toList());
    assertThat(outcome.summary.divergentRows()).isEqualTo(COPIED.size() + BEYOND.size());
  }

  @Test
  void theCutOverGivesWayToAHeldCommitAndSucceedsWhenItIsVisible() throws Exception {
    try (MySqlDatabase database = server.createDatabase("cut_over")) {
      createTable(database);
      Gate firstLock = new Gate("before the first lock");
      try (Run run =
          Run.start(database, "t", "ADD COLUMN w INT", change -> gated(change, firstLock))) {
        firstLock.awaitReached();
        replica.link().hold();
        CompletableFuture<Void> commit =
            begin(database, List.of("UPDATE t SET v = 'new' WHERE id IN (50, 950)"));
        Until.holds("the commit is held", () -> committing(database) == 1);
        firstLock.open();
        run.awaitNote("could not lock");
        replica.link().release();
        commit.get(30, TimeUnit.SECONDS);
        Summary summary = run.await();

        assertThat(rows(database, "t"))
            .contains("50,new", "950,new")
            .isEqualTo(rows(database, summary.retiredTable()));
      } finally {
        replica.link().release();
      }
    }
  }

  /** The RENAME itself waits for its acknowledgement, for longer than the budget. */
  @Test
  void anExchangeWhoseAnswerIsHeldIsDecidedByTheServer() throws Exception {
    try (MySqlDatabase database = server.createDatabase("held_rename")) {
      createTable(database);
      List<String> acknowledged = new ArrayList<>();
      try (Run run =
          Run.start(database, "t", "ADD COLUMN w INT", MySqlSettledCommitsIT::holdingTheRename)) {
        for (int id = 2_001; run.isRunning(); id++) {
          database.execute("INSERT INTO t (id, v) VALUES (" + id + ", 'live')");
          acknowledged.add(id + ",live");
        }
        Summary summary = run.await();

        assertThat(summary.notes()).isEmpty();
        assertThat(rows(database, "t"))
            .containsAll(acknowledged)
            .hasSize(100 + acknowledged.size());
        assertThat(database.queryText("SELECT COUNT(w) FROM t")).isEqualTo("0");
        assertThat(database.queryText("SELECT COUNT(*) FROM " + summary.retiredTable()))
            .isNotEqualTo("0");
      } finally {
        replica.link().release();
      }
    }
  }

  private static PreparedChange holdingTheRename(PreparedChange change) {
    return new ChangeDelegate(change) {
      @Override
      public CutOver openCutOver() {
        return new CutOverDelegate(super.openCutOver()) {
          @Override
          public void commit() {
            replica.link().hold();
            Background.run(
                () -> {
                  Thread.sleep(Run.OPTIONS.cutOverBudget().toMillis() + 1_500);
                  replica.link().release();
                });
            super.commit();
          }
        };
      }
    };
  }

  private static PreparedChange gated(PreparedChange change, Gate gate) {
    return new ChangeDelegate(change) {
      @Override
      public CutOver openCutOver() {
        return new CutOverDelegate(super.openCutOver()) {
          @Override
          public void lock(Duration timeout, Duration budget) {
            gate.pass();
            super.lock(timeout, budget);
          }
        };
      }
    };
  }

  /** What source and shadow held when everything had been caught up with. */
  private record Outcome(List<String> source, List<String> shadow, Summary summary) {}

  private static List<Key> keysThatDiffer(Outcome outcome) {
    List<String> rows = new ArrayList<>();
    outcome.source.stream().filter(row -> !outcome.shadow.contains(row)).forEach(rows::add);
    outcome.shadow.stream().filter(row -> !outcome.source.contains(row)).forEach(rows::add);
    return rows.stream().map(row -> Key.of(row.split(",")[0])).distinct().toList();
  }

  private static Outcome run(String name, boolean checked) throws Exception {
    try (MySqlDatabase database = server.createDatabase(name)) {
      createTable(database);
      Held[] held = new Held[1];
      try (Run run =
          Run.start(
              database,
              "t",
              "ADD COLUMN w INT",
              ForcedChange.keeping(held, change -> new Held(change, checked, database)))) {
        run.awaitState(MigrationState.COPYING);
        held[0].gate.awaitReached();
        CompletableFuture<Void> commit;
        held[0].fences.acquire();
        try {
          awaitQuiet(database);
          replica.link().hold();
          commit = begin(database, CHANGES);
          Until.holds("all is delivered", held[0]::isAllDelivered);
        } finally {
          held[0].fences.release();
        }
        Until.holds("all is dealt with", held[0]::isDealtWith);
        int before = committing(database);
        held[0].gate.open();
        Until.holds("the chunk has read its rows", () -> committing(database) > before);
        replica.link().release();
        commit.get(30, TimeUnit.SECONDS);
        Summary summary = run.await();
        assertThat(rows(database, "t")).isEqualTo(rows(database, summary.retiredTable()));
        return new Outcome(held[0].source, held[0].shadow, summary);
      } finally {
        replica.link().release();
      }
    }
  }

  private static CompletableFuture<Void> begin(TestDatabase database, List<String> changes) {
    return Background.run(
        () -> {
          try (Connection connection = database.connect();
              Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (String sql : changes) {
              statement.execute(sql);
            }
            connection.commit();
          }
        });
  }

  /** How many sessions are at a commit: none for long, but while acknowledgements are held. */
  private static int committing(TestDatabase database) throws SQLException {
    return Integer.parseInt(
        database.queryText(
            "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE LOWER(INFO) = 'commit'"));
  }

  /**
   * Nobody writes any more. MariaDB writes no transaction to the log behind one whose
   * acknowledgement is held, so the application's must be the first.
   */
  private static void awaitQuiet(TestDatabase database) {
    Awaitility.await("nobody writes")
        .atMost(Gate.PATIENCE)
        .pollInSameThread()
        .until(
            () -> {
              long before = writes(database);
              Thread.sleep(300);
              return writes(database) == before;
            });
  }

  private static long writes(TestDatabase database) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet counts =
            statement.executeQuery(
                "SHOW GLOBAL STATUS WHERE Variable_name"
                    + " IN ('Com_commit', 'Com_delete', 'Com_insert', 'Com_update')")) {
      long sum = 0;
      while (counts.next()) {
        sum += counts.getLong(2);
      }
      return sum;
    }
  }

  private static void createTable(TestDatabase database) throws SQLException {
    database.execute(
        "CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(20))",
        IntStream.rangeClosed(1, 100)
            .mapToObj(i -> "(" + i * 10 + ", 'old')")
            .collect(Collectors.joining(", ", "INSERT INTO t VALUES ", "")));
  }

  private static List<String> rows(TestDatabase database, String table) throws SQLException {
    return Tables.rows(database, "SELECT CONCAT(id, ',', v) FROM " + table);
  }

  private static List<Key> keys(int... ids) {
    return IntStream.of(ids).mapToObj(id -> Key.of(Integer.toString(id))).toList();
  }

  /** Holds the copy after the second chunk. */
  private static final class Held extends ForcedChange {
    private final boolean checked;
    private final TestDatabase database;
    private final Gate gate = new Gate("after the second chunk");

    /** Held by the test while nobody may write a fence. */
    private final Semaphore fences = new Semaphore(1);

    private final AtomicInteger refused = new AtomicInteger();
    private final Set<Key> dropped = ConcurrentHashMap.newKeySet();
    private final Set<Key> putOff = ConcurrentHashMap.newKeySet();
    private volatile boolean flushed;
    private volatile long asking;
    private volatile List<String> source;
    private volatile List<String> shadow;

    Held(PreparedChange change, boolean checked, TestDatabase database) {
      super(change);
      this.checked = checked;
      this.database = database;
    }

    boolean isAllDelivered() {
      return delivered().containsAll(COPIED) && delivered().containsAll(BEYOND);
    }

    /**
     * Checked: it was refused time and again, or the answer itself waits. Unchecked: what lies
     * beyond the frontier is dropped, and the rest flushed, from rows that are still the old ones.
     */
    boolean isDealtWith() {
      if (checked) {
        long asked = asking;
        return refused.get() > 5 || asked != 0 && System.nanoTime() - asked > 500_000_000L;
      }
      return dropped.containsAll(BEYOND) && flushed;
    }

    @Override
    void afterChunk(Chunk chunk) {
      if (chunk.number() == LAST_FREE_CHUNK) {
        gate.pass();
      }
    }

    @Override
    void beforeVerification() {
      try {
        source = rows(database, "t");
        shadow = rows(database, Tables.shadow(database));
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public ChangeStream openStream() {
      return new StreamDelegate(super.openStream()) {
        @Override
        public void writeFence(String token) {
          fences.acquireUninterruptibly();
          try {
            super.writeFence(token);
          } finally {
            fences.release();
          }
        }
      };
    }

    @Override
    Flusher flusher(Flusher real) {
      return new FlusherDelegate(real) {
        @Override
        public Settlement settlement() {
          if (!checked) {
            return transaction -> true;
          }
          asking = System.nanoTime();
          Settlement settlement = super.settlement();
          asking = 0;
          return transaction -> {
            boolean contained = settlement.contains(transaction);
            if (!contained) {
              refused.incrementAndGet();
            }
            return contained;
          };
        }

        /**
         * Unchecked: flushes what is copied at once, when all the rest has been dropped. The flush
         * of some could wait in its commit, and never look at the others.
         */
        @Override
        public FlushResult flush(List<Key> keys, boolean check) {
          if (checked || flushed) {
            List<Key> due = keys.stream().filter(key -> !putOff.remove(key)).toList();
            return super.flush(due, check);
          }
          putOff.addAll(keys);
          if (!putOff.containsAll(COPIED) || !dropped.containsAll(BEYOND)) {
            return new FlushResult(
                0, keys.stream().map(key -> new FlushResult.Conflict(key, "put off")).toList());
          }
          FlushResult result = super.flush(List.copyOf(putOff), check);
          keys.forEach(putOff::remove);
          flushed = true;
          return result;
        }

        @Override
        public List<KeyLocation> locate(List<Key> keys, CopyLayout layout) {
          List<KeyLocation> locations = super.locate(keys, layout);
          for (int i = 0; i < keys.size(); i++) {
            if (locations.get(i) == KeyLocation.BEYOND) {
              dropped.add(keys.get(i));
            }
          }
          return locations;
        }
      };
    }
  }
}
