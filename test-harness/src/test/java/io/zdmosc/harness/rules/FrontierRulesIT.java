package io.zdmosc.harness.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.engine.progress.Summary;
import io.zdmosc.engine.spi.Chunk;
import io.zdmosc.engine.spi.CopyLayout;
import io.zdmosc.engine.spi.Flusher;
import io.zdmosc.engine.spi.Key;
import io.zdmosc.engine.spi.KeyLocation;
import io.zdmosc.engine.spi.PreparedChange;
import io.zdmosc.harness.server.SharedServers;
import io.zdmosc.harness.server.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Rule 4: beyond the frontier a change is dropped, within a chunk in flight it waits for the
 * chunk's commit, behind it it is flushed; and the order of keys is the server's.
 *
 * <p>Each rule is also broken, by an answer of {@link Flusher#locate} that is changed, and must
 * then lose data: so the interleaving is known to be forced.
 */
class FrontierRulesIT {

  /** Changes the connector's answer where a key lies. */
  @FunctionalInterface
  private interface Answer {
    KeyLocation of(Key key, KeyLocation real, CopyLayout layout);

    Answer REAL = (key, real, layout) -> real;
  }

  /** Numbers 10, 20, ... 1000: ten chunks of ten rows. */
  private static final List<String> NUMBERS =
      List.of(
          "CREATE TABLE t (id int PRIMARY KEY, v text)",
          "INSERT INTO t SELECT i * 10, 'old' FROM generate_series(1, 100) AS i");

  /** What the application does while rows 110 to 200 are copied, but not yet committed. */
  private static final List<String> DURING_THE_CHUNK =
      List.of(
          "DELETE FROM t WHERE id = 150",
          "UPDATE t SET v = 'new' WHERE id = 160",
          "INSERT INTO t VALUES (165, 'new')",
          "UPDATE t SET id = 175 WHERE id = 170",
          "UPDATE t SET id = 55 WHERE id = 180",
          "UPDATE t SET id = 185 WHERE id = 60",
          "UPDATE t SET id = 955 WHERE id = 190",
          "UPDATE t SET id = 195 WHERE id = 950");

  @Test
  void aChangeOfARowInFlightWaitsForItsChunk() throws Exception {
    Outcome outcome = duringAChunk(DURING_THE_CHUNK, Answer.REAL);

    assertThat(outcome.shadow).isEqualTo(outcome.source);
    assertThat(outcome.summary.divergentRows()).isZero();
  }

  @Test
  void flushedWhileInFlightADeletedRowComesBack() throws Exception {
    List<String> leaving =
        List.of(
            "DELETE FROM t WHERE id = 150",
            "UPDATE t SET id = 175 WHERE id = 170",
            "UPDATE t SET id = 55 WHERE id = 180",
            "UPDATE t SET id = 955 WHERE id = 190");

    Outcome outcome =
        duringAChunk(
            leaving,
            (key, real, layout) -> real == KeyLocation.IN_FLIGHT ? KeyLocation.COPIED : real);

    assertThat(outcome.keysThatDiffer()).containsExactly("150", "170", "180", "190");
    assertThat(outcome.summary.divergentRows()).isEqualTo(4);
  }

  @Test
  void droppedWhileInFlightAChangeIsLost() throws Exception {
    Outcome outcome =
        duringAChunk(
            DURING_THE_CHUNK,
            (key, real, layout) -> real == KeyLocation.IN_FLIGHT ? KeyLocation.BEYOND : real);

    assertThat(outcome.keysThatDiffer())
        .containsExactly("150", "160", "165", "170", "175", "180", "185", "190", "195");
    assertThat(outcome.summary.divergentRows()).isEqualTo(9);
  }

  @Test
  void aChangeBeyondTheFrontierIsLeftToItsChunk() throws Exception {
    Outcome outcome = beforeTheThirdChunk(NUMBERS, BEYOND, Answer.REAL);

    assertThat(outcome.shadow).isEqualTo(outcome.source);
    assertThat(outcome.summary.divergentRows()).isZero();
    assertThat(outcome.flushed).isEmpty();
  }

  @Test
  void flushedBeyondTheFrontierARowMeetsItsChunkWhichHidesNothing() {
    assertThatThrownBy(
            () ->
                beforeTheThirdChunk(
                    NUMBERS,
                    BEYOND,
                    (key, real, layout) -> real == KeyLocation.BEYOND ? KeyLocation.COPIED : real))
        .isInstanceOf(MigrationFailedException.class)
        .hasMessageContaining("duplicate key");
  }

  private static final List<String> BEYOND =
      List.of(
          "UPDATE t SET v = 'new' WHERE id = 950",
          "INSERT INTO t VALUES (955, 'new')",
          "DELETE FROM t WHERE id = 960",
          "UPDATE t SET id = 975 WHERE id = 970");

  /** In ICU's order of English: a b C d é F g h i j, A B c D É f G H I J and so on. */
  private static final List<String> WORDS =
      List.of(
          "CREATE TABLE t (id text COLLATE \"en-x-icu\" PRIMARY KEY, v text)",
          "INSERT INTO t SELECT chr(97 + i) || w, 'old' FROM generate_series(0, 9) AS i,"
              + " (VALUES ('a'), ('B'), ('é'), ('Z')) AS x(w)",
          "INSERT INTO t SELECT upper(chr(97 + i)) || w, 'old' FROM generate_series(0, 9) AS i,"
              + " (VALUES ('a'), ('B'), ('é'), ('Z')) AS x(w)");

  /** The first two chunks end before "da", in the server's order. */
  private static final List<String> WORDS_CHANGED =
      List.of(
          "UPDATE t SET v = 'new' WHERE id IN ('aé', 'AZ', 'bB', 'BZ', 'cB')",
          "INSERT INTO t VALUES ('äa', 'new'), ('Äb', 'new'), ('çx', 'new'), ('B', 'new')",
          "DELETE FROM t WHERE id IN ('Aé', 'ba')",
          "UPDATE t SET v = 'new' WHERE id IN ('jé', 'JZ', 'HB')",
          "INSERT INTO t VALUES ('öa', 'new'), ('Öb', 'new')",
          "DELETE FROM t WHERE id IN ('Ga', 'iB')");

  @Test
  void theOrderOfCollatedKeysIsTheServers() throws Exception {
    Outcome outcome = beforeTheThirdChunk(WORDS, WORDS_CHANGED, Answer.REAL);

    assertThat(outcome.shadow).isEqualTo(outcome.source);
    assertThat(outcome.summary.divergentRows()).isZero();
  }

  @Test
  void inJavasOrderCopiedRowsAreTakenToBeBeyondTheFrontier() throws Exception {
    Outcome outcome =
        beforeTheThirdChunk(
            WORDS,
            WORDS_CHANGED,
            (key, real, layout) ->
                real == KeyLocation.COPIED
                        && layout.frontier().isPresent()
                        && key.column(0).compareTo(layout.frontier().get().column(0)) > 0
                    ? KeyLocation.BEYOND
                    : real);

    assertThat(outcome.keysThatDiffer()).contains("äa", "Äb");
    assertThat(outcome.summary.divergentRows()).isPositive();
  }

  /** What source and shadow held when everything had been caught up with. */
  private record Outcome(
      List<String> source, List<String> shadow, Set<Key> flushed, Summary summary) {

    List<String> keysThatDiffer() {
      List<String> rows = new ArrayList<>();
      source.stream().filter(row -> !shadow.contains(row)).forEach(rows::add);
      shadow.stream().filter(row -> !source.contains(row)).forEach(rows::add);
      return rows.stream()
          .map(row -> row.substring(1, row.indexOf(',')))
          .distinct()
          .sorted()
          .toList();
    }
  }

  /** The second chunk's rows are written but not committed while the application works. */
  private static Outcome duringAChunk(List<String> statements, Answer answer) throws Exception {
    try (TestDatabase database = SharedServers.freshDatabase(SharedServers.newestMajor());
        Connection blocker = database.connect();
        Statement block = blocker.createStatement()) {
      database.execute(NUMBERS.toArray(String[]::new));
      Located[] located = new Located[1];
      try (Run run = start(database, 2, answer, located)) {
        located[0].held.awaitReached();
        blocker.setAutoCommit(false);
        // the chunk writes its record last
        block.execute("LOCK TABLE zdm_osc.chunk IN SHARE MODE");
        located[0].held.open();
        Until.holds(
            "the chunk waits to write its record",
            () -> !Tables.rows(database, "SELECT pid FROM pg_locks WHERE NOT granted").isEmpty());
        database.execute(statements.toArray(String[]::new));
        located[0].awaitAnswered();
        blocker.commit();
        return located[0].outcome(run);
      }
    }
  }

  /** Two chunks are copied, the third is in flight, the others lie beyond the frontier. */
  private static Outcome beforeTheThirdChunk(
      List<String> table, List<String> statements, Answer answer) throws Exception {
    try (TestDatabase database = SharedServers.freshDatabase(SharedServers.newestMajor())) {
      database.execute(table.toArray(String[]::new));
      Located[] located = new Located[1];
      try (Run run = start(database, 3, answer, located)) {
        located[0].held.awaitReached();
        database.execute(statements.toArray(String[]::new));
        located[0].awaitAnswered();
        located[0].held.open();
        return located[0].outcome(run);
      }
    }
  }

  private static Run start(TestDatabase database, int heldChunk, Answer answer, Located[] located)
      throws InterruptedException {
    CountDownLatch prepared = new CountDownLatch(1);
    Run run =
        Run.start(
            database,
            "t",
            "ADD COLUMN w int",
            change -> {
              located[0] = new Located(change, heldChunk, answer, database);
              prepared.countDown();
              return located[0];
            });
    assertThat(prepared.await(60, TimeUnit.SECONDS)).isTrue();
    return run;
  }

  /** Holds one chunk, and changes the answers where keys lie. */
  private static final class Located extends ForcedChange {

    private final int heldChunk;
    private final Answer answer;
    private final TestDatabase database;
    private final Gate held;
    private final Map<Key, Integer> answered = new ConcurrentHashMap<>();
    private volatile List<String> source;
    private volatile List<String> shadow;

    Located(PreparedChange change, int heldChunk, Answer answer, TestDatabase database) {
      super(change);
      this.heldChunk = heldChunk;
      this.answer = answer;
      this.database = database;
      this.held = new Gate("before chunk " + heldChunk);
    }

    /** All that the application has committed is delivered, and its place has been asked for. */
    void awaitAnswered() throws SQLException {
      database.execute("UPDATE t SET v = 'marker' WHERE id = (SELECT min(id) FROM t)");
      Key marker = Key.of(database.queryText("SELECT min(id) FROM t"));
      Until.holds("the marker has come by", () -> isDelivered(marker));
      Until.holds(
          "all places are asked for",
          () -> answered.keySet().containsAll(delivered()) && answered.containsKey(marker));
    }

    Outcome outcome(Run run) throws SQLException {
      Summary summary = run.await();
      assertThat(Tables.rows(database, "id, v", "t"))
          .isEqualTo(Tables.rows(database, "id, v", summary.retiredTable()));
      Key marker = Key.of(database.queryText("SELECT min(id) FROM t"));
      Set<Key> others = new HashSet<>(flushed());
      others.remove(marker);
      return new Outcome(source, shadow, others, summary);
    }

    @Override
    void beforeChunk(Chunk chunk) {
      if (chunk.number() == heldChunk) {
        held.pass();
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
        public List<KeyLocation> locate(List<Key> keys, CopyLayout layout) {
          List<KeyLocation> locations = new ArrayList<>(super.locate(keys, layout));
          for (int i = 0; i < keys.size(); i++) {
            locations.set(i, answer.of(keys.get(i), locations.get(i), layout));
            answered.merge(keys.get(i), 1, Integer::sum);
          }
          return locations;
        }
      };
    }
  }
}
