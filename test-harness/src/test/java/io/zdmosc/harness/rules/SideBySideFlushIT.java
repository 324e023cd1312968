package io.zdmosc.harness.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.engine.progress.Summary;
import io.zdmosc.engine.spi.FlushResult;
import io.zdmosc.engine.spi.Flusher;
import io.zdmosc.engine.spi.Key;
import io.zdmosc.engine.spi.PreparedChange;
import io.zdmosc.engine.spi.Settlement;
import io.zdmosc.harness.server.SharedServers;
import io.zdmosc.harness.server.TestDatabase;
import io.zdmosc.harness.server.mysql.SharedMySqlServers;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Several connections flush a large delta side by side: unique values have gone to rows that others
 * flush, keys change again while they are flushed. What every transaction did, it did to a table
 * beside as well, so the two must be the same in the end.
 */
class SideBySideFlushIT {
  private static final int ROWS = 36_000;
  private static final int APART = ROWS / 2;
  private static final int THREADS = 4;

  /** Of the last rows of each half: what comes first is flushed side by side. */
  private static final int CHANGED = 4_000;

  private static final int TIMES = 150;

  static Stream<Arguments> databases() {
    Stream<Arguments> postgres =
        Stream.of(
            server("PostgreSQL", () -> SharedServers.freshDatabase(SharedServers.newestMajor())));
    return Stream.concat(
        postgres,
        SharedMySqlServers.newest().stream()
            .map(
                release ->
                    server(release.toString(), () -> SharedMySqlServers.freshDatabase(release))));
  }

  private static Arguments server(String name, Callable<TestDatabase> opened) {
    return Arguments.of(name, opened);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("databases")
  void nothingIsLostAndNoKeyIsFlushedByTwo(String name, Callable<TestDatabase> opened)
      throws Exception {
    try (TestDatabase database = opened.call()) {
      fill(database, "t");
      fill(database, "beside");
      Backlog[] backlog = new Backlog[1];
      try (Run run =
          Run.start(
              database,
              "t",
              "ADD COLUMN extra INT",
              Run.OPTIONS.withThreads(THREADS),
              change -> backlog[0] = new Backlog(change, database))) {
        Summary summary = run.await();
        assertThat(summary.divergentRows()).isZero();
      }
      backlog[0].meanwhile.join();
      assertThat(backlog[0].most).as("flushes at once").hasValueGreaterThan(1);
      assertThat(backlog[0].beside).as("flushes beside others").hasPositiveValue();
      assertThat(backlog[0].gaveWay).as("rows met those of others").hasPositiveValue();
      assertThat(backlog[0].flushedByTwo).isEmpty();
      assertThat(difference(database, "t", "beside")).isEqualTo("0");
      assertThat(difference(database, "beside", "t")).isEqualTo("0");
      assertThat(database.queryText("SELECT COUNT(*) FROM t WHERE n > 0"))
          .isEqualTo(String.valueOf(ROWS));
    }
  }

  private static String difference(TestDatabase database, String one, String other)
      throws SQLException {
    return database.queryText(
        "SELECT COUNT(*) FROM "
            + one
            + " a WHERE NOT EXISTS (SELECT 1 FROM "
            + other
            + " b WHERE b.id = a.id AND b.u = a.u AND b.n = a.n)");
  }

  private static void fill(TestDatabase database, String table) throws SQLException {
    database.execute(
        "CREATE TABLE " + table + " (id INT PRIMARY KEY, u INT NOT NULL UNIQUE, n INT NOT NULL)");
    for (int from = 0; from < ROWS; from += 6_000) {
      database.execute(
          IntStream.range(from, from + 6_000)
              .mapToObj(i -> "(" + i + ", " + i + ", 0)")
              .collect(Collectors.joining(", ", "INSERT INTO " + table + " VALUES ", "")));
    }
  }

  /** Once all indexes are there, changes of every row wait to be flushed, and more come. */
  private static final class Backlog extends ForcedChange {
    private final TestDatabase database;
    private final AtomicInteger atWork = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private final AtomicInteger beside = new AtomicInteger();
    private final AtomicInteger gaveWay = new AtomicInteger();
    private final Set<Key> beingFlushed = ConcurrentHashMap.newKeySet();
    private final List<Key> flushedByTwo = Collections.synchronizedList(new ArrayList<>());
    private volatile boolean visible = true;
    private CompletableFuture<Void> meanwhile;

    Backlog(PreparedChange change, TestDatabase database) {
      super(change);
      withChunkRows(10_000);
      this.database = database;
    }

    @Override
    void beforeVerification() {
      visible = false;
      try (Connection connection = database.connect()) {
        connection.setAutoCommit(false);
        inBoth(connection, "UPDATE %s SET n = n + 1");
        change(connection, 0, TIMES);
        inBoth(connection, "INSERT INTO %s VALUES (-1, -1, 0)");
        Until.holds(
            "all changes came", () -> delivered().size() >= ROWS && isDelivered(Key.of("-1")));
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      } finally {
        visible = true;
      }
      meanwhile =
          Background.run(
              () -> {
                try (Connection connection = database.connect()) {
                  connection.setAutoCommit(false);
                  change(connection, 1, TIMES);
                }
              });
    }

    /**
     * Rows far apart exchange their unique values; others go and come again, or change their keys.
     *
     * @param parity of the rows: each connection has rows of its own
     */
    private void change(Connection connection, int parity, int times) throws SQLException {
      Random random = new Random(parity);
      for (int i = 0; i < times; i++) {
        int row = APART - CHANGED + random.nextInt(CHANGED / 10) * 10 + parity;
        exchange(connection, row, row + APART);
        inBoth(
            connection,
            "DELETE FROM %s WHERE id = " + (row + 2),
            "INSERT INTO %s VALUES (" + (row + 2) + ", " + (row + 2) + ", 5)",
            "UPDATE %s SET id = " + (10 * ROWS + row + 4) + " WHERE id = " + (row + 4),
            "UPDATE %s SET n = n + 1 WHERE id = " + (row + 6));
      }
    }

    private static void exchange(Connection connection, int one, int other) throws SQLException {
      int first = unique(connection, one);
      int second = unique(connection, other);
      inBoth(
          connection,
          "UPDATE %s SET u = -2 - u WHERE id = " + one,
          "UPDATE %s SET u = " + first + " WHERE id = " + other,
          "UPDATE %s SET u = " + second + " WHERE id = " + one);
    }

    private static int unique(Connection connection, int id) throws SQLException {
      try (Statement statement = connection.createStatement();
          ResultSet row = statement.executeQuery("SELECT u FROM beside WHERE id = " + id)) {
        row.next();
        return row.getInt(1);
      }
    }

    private <T> T watched(List<Key> keys, Supplier<T> flush) {
      most.accumulateAndGet(atWork.incrementAndGet(), Math::max);
      keys.stream().filter(key -> !beingFlushed.add(key)).forEach(flushedByTwo::add);
      try {
        return flush.get();
      } finally {
        keys.forEach(beingFlushed::remove);
        atWork.decrementAndGet();
      }
    }

    private static void inBoth(Connection connection, String... statements) throws SQLException {
      try (Statement statement = connection.createStatement()) {
        for (String table : List.of("t", "beside")) {
          for (String each : statements) {
            statement.execute(String.format(each, table));
          }
        }
      }
      connection.commit();
    }

    @Override
    Flusher flusher(Flusher real) {
      return new FlusherDelegate(real) {
        @Override
        public Settlement settlement() {
          Settlement settlement = super.settlement();
          return transaction -> visible && settlement.contains(transaction);
        }

        @Override
        public FlushResult flush(List<Key> keys, boolean check) {
          return watched(keys, () -> super.flush(keys, check));
        }

        @Override
        public Optional<FlushResult> flushBeside(List<Key> keys, boolean check) {
          Optional<FlushResult> result = watched(keys, () -> super.flushBeside(keys, check));
          (result.isPresent() ? beside : gaveWay).incrementAndGet();
          return result;
        }
      };
    }
  }
}
