package io.zdmosc.harness.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.progress.Summary;
import io.zdmosc.engine.spi.Chunk;
import io.zdmosc.engine.spi.Key;
import io.zdmosc.engine.spi.Position;
import io.zdmosc.engine.spi.PreparedChange;
import io.zdmosc.harness.server.SharedServers;
import io.zdmosc.harness.server.TestDatabase;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The shadow's key index is put off until the copy is over, or until too many keys are held for it;
 * what changes meanwhile is neither lost nor acknowledged before it is flushed.
 */
class HeldKeysIT {

  private static final int HELD_CHUNK = 5;

  /** Rows 10 to 400 are copied when the application does this, and 410 to 500 are in flight. */
  private static final List<String> CHANGES =
      List.of(
          "UPDATE t SET v = 'new' WHERE id = 10",
          "DELETE FROM t WHERE id = 20",
          "INSERT INTO t VALUES (25, 'new')",
          "UPDATE t SET id = 35 WHERE id = 30",
          "UPDATE t SET id = 955 WHERE id = 50",
          "UPDATE t SET id = 55 WHERE id = 960",
          "UPDATE t SET v = 'new' WHERE id = 450",
          "DELETE FROM t WHERE id = 460",
          "UPDATE t SET v = 'once' WHERE id = 60",
          "UPDATE t SET v = 'twice' WHERE id = 60",
          "UPDATE t SET v = 'new' WHERE id = 990");

  @Test
  void whatIsHeldIsFlushedAfterTheCopyAndNotAcknowledgedBefore() throws Exception {
    try (TestDatabase database = numbers("int")) {
      Held[] held = new Held[1];
      try (Run run = start(database, "ADD COLUMN w int", 1000, held)) {
        changeWhileHeld(database, run, held);
        Position first = held[0].deliveredAt(Key.of("10")).orElseThrow();
        // the stream goes on, and all this time the first of the held keys keeps its place
        for (int i = 0; i < 20; i++) {
          database.execute("UPDATE t SET v = 'again' WHERE id = 70");
        }
        Until.holds("the last is delivered", () -> held[0].isDelivered(Key.of("70")));
        assertThat(indexes(database)).isEmpty();
        assertThat(held[0].acknowledged).allMatch(position -> position.compareTo(first) <= 0);

        held[0].gate.open();
        assertNothingLost(database, run.await());
      }
    }
  }

  @Test
  void whenTooManyAreHeldTheIndexIsBuiltWhileTheCopyGoesOn() throws Exception {
    try (TestDatabase database = numbers("int")) {
      Held[] held = new Held[1];
      try (Run run = start(database, "ADD COLUMN w int", 3, held)) {
        changeWhileHeld(database, run, held);

        Until.holds("the index is built", () -> !indexes(database).isEmpty());
        Position last = held[0].deliveredAt(Key.of("60")).orElseThrow();
        held[0].gate.open();
        assertNothingLost(database, run.await());
        assertThat(held[0].acknowledged).anyMatch(position -> position.compareTo(last) > 0);
      }
    }
  }

  @Test
  void keysThatCouldMeetHaveTheIndexFromTheStart() throws Exception {
    try (TestDatabase database = numbers("numeric(8,2)")) {
      Held[] held = new Held[1];
      try (Run run = start(database, "ALTER COLUMN id TYPE int", 1000, held)) {
        held[0].gate.awaitReached();
        assertThat(indexes(database)).hasSize(1);
        held[0].gate.open();
        run.await();
      }
    }
  }

  /** The new table's key is another than what identifies the rows, or is the same: both ways. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "ALTER COLUMN id TYPE bigint",
        "DROP CONSTRAINT t_pkey",
        "DROP CONSTRAINT t_pkey, ADD PRIMARY KEY (v, id)",
        "RENAME COLUMN id TO number"
      })
  void theNewTableHasItsOwnIndexesInTheEnd(String alter) throws Exception {
    try (TestDatabase database = numbers("int")) {
      database.execute("CREATE TABLE native AS SELECT * FROM t WITH NO DATA");
      database.execute("DROP TABLE native", "CREATE TABLE native (LIKE t INCLUDING ALL)");
      database.execute("ALTER TABLE native RENAME CONSTRAINT native_pkey TO u_pkey");
      Held[] held = new Held[1];
      try (Run run = start(database, alter, 1000, held)) {
        changeWhileHeld(database, run, held);
        held[0].gate.open();
        Summary summary = run.await();
        assertThat(summary.divergentRows()).isZero();
      }
      database.execute("ALTER TABLE native " + alter.replace("t_pkey", "u_pkey"));
      assertThat(definitions(database, "t")).isEqualTo(definitions(database, "native"));
    }
  }

  private static List<String> definitions(TestDatabase database, String table) throws SQLException {
    return Tables.rows(
        database,
        "SELECT substring(pg_get_indexdef(indexrelid) FROM ' USING .*') || indisprimary"
            + " FROM pg_index WHERE indrelid = '"
            + table
            + "'::regclass");
  }

  private static void changeWhileHeld(TestDatabase database, Run run, Held[] held)
      throws SQLException {
    run.awaitState(MigrationState.COPYING);
    held[0].gate.awaitReached();
    database.execute(CHANGES.toArray(String[]::new));
    Until.holds("all are delivered", () -> held[0].isDelivered(Key.of("60"), Key.of("990")));
  }

  private static void assertNothingLost(TestDatabase database, Summary summary)
      throws SQLException {
    assertThat(summary.divergentRows()).isZero();
    // 990 lies beyond the frontier, and so do 955 and 960: their chunks bring them
    assertThat(summary.changesApplied()).isBetween(9L, 30L);
    assertThat(Tables.rows(database, "id, v", "t"))
        .isEqualTo(Tables.rows(database, "id, v", summary.retiredTable()))
        .contains("(10,new)", "(25,new)", "(35,old)", "(55,old)", "(60,twice)", "(450,new)")
        .doesNotContain("(20,old)", "(30,old)", "(50,old)", "(460,old)");
  }

  private static List<String> indexes(TestDatabase database) throws SQLException {
    return Tables.rows(
        database,
        "SELECT indexrelid::regclass::text FROM pg_index WHERE indisvalid AND indrelid = '"
            + Tables.shadow(database)
            + "'::regclass");
  }

  private static TestDatabase numbers(String type) throws SQLException {
    TestDatabase database = SharedServers.freshDatabase(SharedServers.newestMajor());
    database.execute(
        "CREATE TABLE t (id " + type + " PRIMARY KEY, v text NOT NULL)",
        "INSERT INTO t SELECT i * 10, 'old' FROM generate_series(1, 100) AS i");
    return database;
  }

  private static Run start(TestDatabase database, String alter, int heldKeys, Held[] held) {
    Run run =
        Run.start(
            database,
            "t",
            alter,
            Run.OPTIONS.withHeldKeys(heldKeys),
            ForcedChange.keeping(held, Held::new));
    run.awaitState(MigrationState.PREPARED);
    return run;
  }

  /** Holds one chunk, and remembers what is acknowledged. */
  private static final class Held extends ForcedChange {

    private final Gate gate = new Gate("before chunk " + HELD_CHUNK);
    private final Set<Position> acknowledged = ConcurrentHashMap.newKeySet();

    Held(PreparedChange change) {
      super(change);
    }

    @Override
    void beforeChunk(Chunk chunk) {
      if (chunk.number() == HELD_CHUNK) {
        gate.pass();
      }
    }

    @Override
    void acknowledged(Position position) {
      acknowledged.add(position);
    }
  }
}
