package io.zdmosc.harness.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.progress.Summary;
import io.zdmosc.engine.spi.Chunk;
import io.zdmosc.engine.spi.CopyLayout;
import io.zdmosc.engine.spi.CutOver;
import io.zdmosc.engine.spi.Flusher;
import io.zdmosc.engine.spi.Key;
import io.zdmosc.engine.spi.KeyLocation;
import io.zdmosc.engine.spi.PreparedChange;
import io.zdmosc.engine.spi.Settlement;
import io.zdmosc.engine.spi.SourceTransaction;
import io.zdmosc.harness.server.PostgresServer;
import io.zdmosc.harness.server.SharedServers;
import io.zdmosc.harness.server.TestDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Rule 3: commits that are held between their place in the log and their visibility, while the
 * stream has delivered them already. Each kind of change is tried on rows that are copied and on
 * rows beyond the frontier, whose chunk is then copied while the commit is still held.
 *
 * <p>The same is run with the check taken out, and must lose every one of these changes: so the
 * interleaving is known to be forced, and the check to be what saves them.
 */
class SettledCommitsIT {

  /** Chunks of 10 rows; rows 10, 20, ... 1000. Two chunks are copied, the third is in flight. */
  private static final int FIRST_HELD_CHUNK = 3;

  private static final int LAST_CHUNK = 10;

  /** A statement of the application and the keys that differ when it is lost. */
  private record Change(String sql, String... keys) {}

  private static final List<Change> CHANGES =
      List.of(
          new Change("UPDATE t SET v = 'new' WHERE id = 50", "50"),
          new Change("INSERT INTO t VALUES (55, 'new')", "55"),
          new Change("DELETE FROM t WHERE id = 60", "60"),
          new Change("UPDATE t SET id = 75 WHERE id = 70", "70", "75"),
          new Change("UPDATE t SET v = 'new' WHERE id = 950", "950"),
          new Change("INSERT INTO t VALUES (955, 'new')", "955"),
          new Change("DELETE FROM t WHERE id = 960", "960"),
          new Change("UPDATE t SET id = 975 WHERE id = 970", "970", "975"),
          new Change("UPDATE t SET id = 985 WHERE id = 80", "80", "985"),
          new Change("UPDATE t SET id = 85 WHERE id = 980", "980", "85"),
          new Change(
              "BEGIN; SAVEPOINT a; UPDATE t SET v = 'new' WHERE id = 90; RELEASE a;"
                  + " UPDATE t SET v = 'new' WHERE id = 990; COMMIT",
              "90",
              "990"));

  private static final List<String> KEYS =
      CHANGES.stream().flatMap(change -> Stream.of(change.keys())).sorted().toList();

  private static PostgresServer server;

  @BeforeAll
  static void startServer() {
    server =
        PostgresServer.start(
            SharedServers.newestMajor(),
            Map.of("synchronous_standby_names", "nobody", "synchronous_commit", "local"));
  }

  @AfterAll
  static void closeServer() {
    server.close();
  }

  @Test
  void noHeldCommitIsLost() throws Exception {
    Outcome outcome = run("checked", true);

    assertThat(outcome.shadow).isEqualTo(outcome.source);
    assertThat(outcome.summary.divergentRows()).isZero();
  }

  @Test
  void withoutTheCheckEveryHeldCommitIsLostAndOnlyVerificationFindsIt() throws Exception {
    Outcome outcome = run("unchecked", false);

    assertThat(keysThatDiffer(outcome)).containsExactlyElementsOf(KEYS);
    assertThat(outcome.summary.divergentRows()).isEqualTo(KEYS.size());
  }

  @Test
  void theCutOverGivesWayToAHeldCommitAndSucceedsWhenItIsVisible() throws Exception {
    try (TestDatabase database = server.createDatabase("cut_over")) {
      createTable(database);
      Gate firstLock = new Gate("before the first lock");
      try (Run run =
          Run.start(
              database,
              "t",
              "ADD COLUMN w int",
              change ->
                  new ChangeDelegate(change) {
                    @Override
                    public CutOver openCutOver() {
                      return new CutOverDelegate(super.openCutOver()) {
                        @Override
                        public void lock(Duration timeout, Duration budget) {
                          firstLock.pass();
                          super.lock(timeout, budget);
                        }
                      };
                    }
                  })) {
        firstLock.awaitReached();
        try (HeldCommit held =
            HeldCommit.of(database, "UPDATE t SET v = 'new' WHERE id IN (50, 950)")) {
          firstLock.open();
          run.awaitNote("could not lock");
          held.release();
        }
        Summary summary = run.await();

        assertThat(Tables.rows(database, "id, v", "t"))
            .contains("(50,new)", "(950,new)")
            .isEqualTo(Tables.rows(database, "id, v", summary.retiredTable()));
      }
    }
  }

  /** What source and shadow held when everything had been caught up with. */
  private record Outcome(List<String> source, List<String> shadow, Summary summary) {}

  private static List<String> keysThatDiffer(Outcome outcome) {
    List<String> rows = new ArrayList<>();
    outcome.source.stream().filter(row -> !outcome.shadow.contains(row)).forEach(rows::add);
    outcome.shadow.stream().filter(row -> !outcome.source.contains(row)).forEach(rows::add);
    return rows.stream()
        .map(row -> row.substring(1, row.indexOf(',')))
        .distinct()
        .sorted()
        .toList();
  }

  private static Outcome run(String name, boolean checked) throws SQLException {
    try (TestDatabase database = server.createDatabase(name)) {
      createTable(database);
      Held[] held = new Held[1];
      try (Run run =
          Run.start(
              database,
              "t",
              "ADD COLUMN w int",
              ForcedChange.keeping(held, change -> new Held(change, checked, database)))) {
        run.awaitState(MigrationState.COPYING);
        held[0].third.awaitReached();
        List<HeldCommit> commits = new ArrayList<>();
        try {
          for (Change change : CHANGES) {
            commits.add(HeldCommit.of(database, change.sql()));
          }
          List<Key> keys = KEYS.stream().map(Key::of).toList();
          Until.holds("all is delivered", () -> held[0].isDelivered(keys.toArray(Key[]::new)));
          Until.holds("all is dealt with", () -> held[0].isDealtWith(keys));
          held[0].third.open();
          held[0].last.awaitReached();
          for (HeldCommit commit : commits) {
            commit.release();
          }
          held[0].last.open();
          Summary summary = run.await();
          assertThat(Tables.rows(database, "id, v", "t"))
              .isEqualTo(Tables.rows(database, "id, v", summary.retiredTable()));
          return new Outcome(held[0].source, held[0].shadow, summary);
        } finally {
          for (HeldCommit commit : commits) {
            commit.close();
          }
        }
      }
    }
  }

  private static void createTable(TestDatabase database) throws SQLException {
    database.execute(
        "CREATE TABLE t (id int PRIMARY KEY, v text)",
        "INSERT INTO t SELECT i * 10, 'old' FROM generate_series(1, 100) AS i");
  }

  /** Holds the copy before the third chunk and after the last. */
  private static final class Held extends ForcedChange {

    private final boolean checked;
    private final TestDatabase database;
    private final Gate third = new Gate("before the third chunk");
    private final Gate last = new Gate("after the last chunk");
    private final Map<SourceTransaction, AtomicInteger> refused = new ConcurrentHashMap<>();
    private final Set<Key> dropped = ConcurrentHashMap.newKeySet();
    private volatile List<String> source;
    private volatile List<String> shadow;

    Held(PreparedChange change, boolean checked, TestDatabase database) {
      super(change);
      this.checked = checked;
      this.database = database;
    }

    /** Every key was refused time and again; or, unchecked, has been flushed or dropped. */
    boolean isDealtWith(List<Key> keys) {
      return checked
          ? refused.size() == CHANGES.size()
              && refused.values().stream().allMatch(times -> times.get() > 5)
          : keys.stream().allMatch(key -> dropped.contains(key) || flushed().contains(key));
    }

    @Override
    void beforeChunk(Chunk chunk) {
      if (chunk.number() == FIRST_HELD_CHUNK) {
        third.pass();
      }
    }

    @Override
    void afterChunk(Chunk chunk) {
      if (chunk.number() == LAST_CHUNK) {
        last.pass();
      }
    }

    @Override
    void beforeVerification() {
      try {
        source = Tables.rows(database, "id, v", "t");
        shadow = Tables.rows(database, "id, v", Tables.shadow(database));
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    Flusher flusher(Flusher real) {
      return new FlusherDelegate(real) {
        @Override
        public Settlement settlement() {
          Settlement settlement = super.settlement();
          return checked ? transaction -> counted(settlement, transaction) : transaction -> true;
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

    private boolean counted(Settlement settlement, SourceTransaction transaction) {
      boolean contained = settlement.contains(transaction);
      if (!contained) {
        refused.computeIfAbsent(transaction, t -> new AtomicInteger()).incrementAndGet();
      }
      return contained;
    }
  }
}
