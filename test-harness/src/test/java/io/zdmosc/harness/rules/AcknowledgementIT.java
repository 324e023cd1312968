package io.zdmosc.harness.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.engine.spi.ChangeListener;
import io.zdmosc.engine.spi.ChangeStream;
import io.zdmosc.engine.spi.FlushResult;
import io.zdmosc.engine.spi.Flusher;
import io.zdmosc.engine.spi.Key;
import io.zdmosc.engine.spi.Position;
import io.zdmosc.engine.spi.PreparedChange;
import io.zdmosc.engine.spi.Settlement;
import io.zdmosc.harness.server.SharedServers;
import io.zdmosc.harness.server.TestDatabase;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rule 5: what is acknowledged has been flushed. */
class AcknowledgementIT {

  private static final Key LATE = Key.of("50");

  @Test
  void nothingIsAcknowledgedBeyondAKeyThatIsNotFlushed() throws Exception {
    try (TestDatabase database = database()) {
      Kept[] kept = new Kept[1];
      try (Run run = start(database, kept, change -> new Kept(change, false))) {
        Position late = changeLateKeyThenOthers(database, run, kept);

        // it comes up to the key, to the byte, and stays there while others are flushed
        Until.holds("confirmed up to the key", () -> confirmed(database, "=", late));
        for (int i = 0; i < 20; i++) {
          database.execute("UPDATE t SET v = 'again " + i + "' WHERE id = 700");
        }
        kept[0].flushed().clear();
        database.execute("UPDATE t SET v = 'last' WHERE id = 710");
        Until.holds("others are flushed", () -> kept[0].flushed().contains(Key.of("710")));
        assertThat(confirmed(database, "=", late)).isTrue();
        assertThat(kept[0].acknowledged).allMatch(position -> position.compareTo(late) <= 0);

        kept[0].late.open();
        Until.holds("confirmed beyond the key", () -> confirmed(database, ">", late));
        assertThat(kept[0].flushed()).contains(LATE);
        kept[0].copied.open();
        run.await();
      }
    }
  }

  @Test
  void acknowledgedAsItIsReceivedAKeyWouldBeGoneBeforeItIsFlushed() throws Exception {
    try (TestDatabase database = database()) {
      Kept[] kept = new Kept[1];
      try (Run run = start(database, kept, change -> new Kept(change, true))) {
        Position late = changeLateKeyThenOthers(database, run, kept);

        Until.holds("confirmed beyond the key", () -> confirmed(database, ">", late));
        assertThat(kept[0].flushed()).doesNotContain(LATE);
        kept[0].late.open();
        kept[0].copied.open();
        run.await();
      }
    }
  }

  /** When the flush loses its connection. */
  enum Kill {
    BEFORE_THE_FLUSH,
    BETWEEN_FLUSH_AND_ACKNOWLEDGEMENT
  }

  @ParameterizedTest
  @EnumSource
  void aFlushThatLosesItsConnectionEndsTheMigrationAndLosesNothing(Kill kill) throws Exception {
    try (TestDatabase database = database()) {
      Kept[] kept = new Kept[1];
      try (Run run =
          start(
              database,
              kept,
              change ->
                  new Kept(change, false) {
                    @Override
                    Flusher flusher(Flusher real) {
                      return killing(super.flusher(real), kill, database);
                    }
                  })) {
        Position late = changeLateKeyThenOthers(database, run, kept);
        kept[0].late.open();
        if (kill == Kill.BETWEEN_FLUSH_AND_ACKNOWLEDGEMENT) {
          Until.holds("the key is flushed", () -> kept[0].flushed().contains(LATE));
          database.execute("UPDATE t SET v = 'next' WHERE id = 720");
        }
        kept[0].copied.open();

        assertThatThrownBy(run::await)
            .isInstanceOf(MigrationFailedException.class)
            .hasMessageContaining("terminating connection");
        if (kill == Kill.BEFORE_THE_FLUSH) {
          assertThat(kept[0].acknowledged).allMatch(position -> position.compareTo(late) <= 0);
        }
        Tables.assertNothingLeftBehind(database);
        assertThat(database.queryText("SELECT v FROM t WHERE id = 50")).isEqualTo("late");
      }
      Run.start(database, "t", "ADD COLUMN w int", change -> change).await();
      assertThat(database.queryText("SELECT v FROM t WHERE id = 50")).isEqualTo("late");
    }
  }

  private static Flusher killing(Flusher real, Kill kill, TestDatabase database) {
    return new FlusherDelegate(real) {
      @Override
      public FlushResult flush(List<Key> keys, boolean check) {
        if (kill == Kill.BEFORE_THE_FLUSH && keys.contains(LATE)) {
          killFlushes();
        }
        FlushResult result = super.flush(keys, check);
        if (kill == Kill.BETWEEN_FLUSH_AND_ACKNOWLEDGEMENT && keys.contains(LATE)) {
          killFlushes();
        }
        return result;
      }

      private void killFlushes() {
        try {
          database.queryText(
              "SELECT string_agg(pg_terminate_backend(pid, 10000)::text, '')"
                  + " FROM pg_stat_activity WHERE application_name = 'zdm-osc flush'");
        } catch (SQLException e) {
          throw new IllegalStateException(e);
        }
      }
    };
  }

  private static TestDatabase database() throws SQLException {
    TestDatabase database = SharedServers.freshDatabase(SharedServers.newestMajor());
    database.execute(
        "CREATE TABLE t (id int PRIMARY KEY, v text)",
        "INSERT INTO t SELECT i * 10, 'old' FROM generate_series(1, 100) AS i");
    return database;
  }

  private static Run start(
      TestDatabase database, Kept[] kept, Function<PreparedChange, Kept> maker) {
    return Run.start(database, "t", "ADD COLUMN w int", ForcedChange.keeping(kept, maker));
  }

  /** Returns where the late key's commit stands, when others behind it have been flushed. */
  private static Position changeLateKeyThenOthers(TestDatabase database, Run run, Kept[] kept)
      throws SQLException {
    run.awaitState(MigrationState.COPYING);
    kept[0].copied.awaitReached();
    database.execute("UPDATE t SET v = 'late' WHERE id = 50");
    for (int i = 0; i < 20; i++) {
      database.execute("UPDATE t SET v = 'new' WHERE id = " + (500 + i * 10));
    }
    Until.holds("others are flushed", () -> kept[0].flushed().contains(Key.of("690")));
    return kept[0].deliveredAt(LATE).orElseThrow();
  }

  private static boolean confirmed(TestDatabase database, String operator, Position position)
      throws SQLException {
    return database
        .queryText(
            "SELECT confirmed_flush_lsn %s '%s'::pg_lsn FROM pg_replication_slots WHERE database ="
                    .formatted(operator, position)
                + " current_database()")
        .equals("t");
  }

  /** Does not let the late key be flushed, as if its commit were not visible yet. */
  private static class Kept extends ForcedChange {

    private final boolean eager;
    private final Gate copied = new Gate("after the copy");
    private final Gate late = new Gate("the late key is visible");
    private final Set<Position> acknowledged = ConcurrentHashMap.newKeySet();

    Kept(PreparedChange change, boolean eager) {
      super(change);
      this.eager = eager;
    }

    @Override
    void afterCopy() {
      copied.pass();
    }

    @Override
    void acknowledged(Position position) {
      acknowledged.add(position);
    }

    @Override
    ChangeListener listener(ChangeListener engine, ChangeStream stream) {
      return new ListenerDelegate(engine) {
        @Override
        public void onProgress(Position position) {
          super.onProgress(position);
          if (eager) {
            stream.acknowledge(position);
          }
        }
      };
    }

    @Override
    Flusher flusher(Flusher real) {
      return new FlusherDelegate(real) {
        @Override
        public Settlement settlement() {
          Settlement settlement = super.settlement();
          return transaction ->
              settlement.contains(transaction)
                  && (late.isOpen()
                      || deliveredAt(LATE).filter(transaction.position()::equals).isEmpty());
        }
      };
    }
  }
}
