package io.zdmosc.harness.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.engine.ChangeRequest;
import io.zdmosc.engine.Migration;
import io.zdmosc.engine.RunOptions;
import io.zdmosc.engine.progress.MigrationListener;
import io.zdmosc.engine.progress.Progress;
import io.zdmosc.engine.progress.Summary;
import io.zdmosc.engine.spi.ConnectionSettings;
import io.zdmosc.engine.spi.Connector;
import io.zdmosc.engine.spi.Database;
import io.zdmosc.engine.spi.MigrationStatus;
import io.zdmosc.engine.spi.Orders;
import io.zdmosc.harness.rules.InterceptedDatabase;
import io.zdmosc.harness.server.TestDatabase;
import io.zdmosc.mysql.MySqlConnector;
import io.zdmosc.postgres.PostgresConnector;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * A migration whose copy takes some seconds, on a thread of its own, while a writer counts up; in
 * the end every count must be there.
 */
final class ThrottledRun implements AutoCloseable {
  static final int ROWS = 40_000;

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration STANDSTILL = Duration.ofMillis(700);

  /** How many connections copy at present. */
  final AtomicInteger copiers = new AtomicInteger();

  final List<String> notes = new CopyOnWriteArrayList<>();
  final TestDatabase database;
  private final Database driven;
  private final Database other;
  private final Migration migration;
  private final CompletableFuture<Summary> end;
  private final CompletableFuture<Long> writer;
  private volatile Progress progress;
  private volatile boolean writing = true;
  private final long id;

  /** What is done with the table before the migration begins. */
  @FunctionalInterface
  interface Preparation {
    void of(TestDatabase database) throws Exception;
  }

  ThrottledRun(TestDatabase database, RunOptions options) throws Exception {
    this(database, fresh -> {}, options);
  }

  ThrottledRun(TestDatabase database, Preparation preparation, RunOptions options)
      throws Exception {
    this.database = database;
    createTable(database);
    preparation.of(database);
    driven = new InterceptedDatabase(open(database), change -> new SlowCopy(change, copiers));
    other = open(database);
    other.control().latest(1);
    migration =
        new Migration(
            driven, new ChangeRequest("throttled", "ADD COLUMN x int"), options, listener());
    writer = CompletableFuture.supplyAsync(this::write);
    end = CompletableFuture.supplyAsync(migration::run);
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> latest().anyMatch(MigrationStatus::open) || end.isDone());
    id = latest().findFirst().map(MigrationStatus::id).orElse(0L);
  }

  /** Without keys that wait for their index, so that what is copied is flushed at once. */
  static RunOptions options() {
    return RunOptions.defaults().withHeldKeys(0);
  }

  static void createTable(TestDatabase database) throws SQLException {
    database.execute("CREATE TABLE throttled (id int PRIMARY KEY, n int NOT NULL)");
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      for (int row = 0; row < ROWS; row += 1_000) {
        StringBuilder sql = new StringBuilder("INSERT INTO throttled VALUES ");
        for (int i = row; i < row + 1_000; i++) {
          sql.append(i == row ? "(" : ",(").append(i).append(",0)");
        }
        statement.execute(sql.toString());
      }
    }
  }

  static Database open(TestDatabase database) {
    Connector connector =
        Stream.of(new PostgresConnector(), new MySqlConnector())
            .filter(each -> each.accepts(database.jdbcUrl()))
            .findFirst()
            .orElseThrow();
    return connector.connect(
        new ConnectionSettings(database.jdbcUrl(), database.user(), database.password(), Map.of()));
  }

  private MigrationListener listener() {
    return new MigrationListener() {
      @Override
      public void onProgress(Progress present) {
        progress = present;
      }

      @Override
      public void onNote(String note) {
        notes.add(note);
      }
    };
  }

  private long write() {
    long updates = 0;
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      while (writing) {
        updates +=
            statement.executeUpdate(
                "UPDATE throttled SET n = n + 1 WHERE id = " + updates * 7919 % 500);
        Thread.sleep(3);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return updates;
  }

  /** MySQL's control schema is the whole server's. */
  private Stream<MigrationStatus> latest() {
    return other.control().latest(100).stream()
        .filter(each -> each.table().contains("throttled"))
        .filter(each -> each.id() > 0);
  }

  MigrationStatus status() {
    return latest().filter(each -> each.id() == id).findFirst().orElseThrow();
  }

  void order(UnaryOperator<Orders> change) {
    other.control().order(id, change);
  }

  /** The latest progress, once it is like this. */
  Progress await(Predicate<Progress> condition) {
    Awaitility.await()
        .atMost(PATIENCE)
        .pollInterval(20, TimeUnit.MILLISECONDS)
        .until(() -> end.isDone() || progress != null && condition.test(progress));
    assertThat(end.isDone()).as("ended too early: %s, notes %s", end, notes).isFalse();
    return progress;
  }

  /** The copy stands still for this reason, while changes are flushed. */
  void standsStill(String reason) {
    await(present -> present.throttle().contains(reason) && present.throttle().contains("stopped"));
    long before = progress.rowsDone();
    long applied = progress.changesApplied();
    Awaitility.await().pollDelay(STANDSTILL).atMost(PATIENCE).until(() -> true);
    // what lies beyond the frontier is not flushed, and there may be nothing else yet
    await(present -> before == 0 || present.changesApplied() > applied + 3);
    assertThat(progress.throttle()).contains(reason);
    // each chunk that was under way, and no more
    assertThat(progress.rowsDone()).isBetween(before, before + 4 * SlowCopy.CHUNK_ROWS);
  }

  /** The rest of the copy need not take long. */
  void hurry() {
    order(orders -> orders.limited(Optional.of(32), Optional.empty(), Optional.empty()));
  }

  /**
   * Returns when a note was told in which this is found.
   *
   * @param pattern a regular expression
   */
  void awaitNote(String pattern) {
    Pattern wanted = Pattern.compile(pattern);
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> end.isDone() || notes.stream().anyMatch(note -> wanted.matcher(note).find()));
    assertThat(end.isDone()).as("ended too early: %s, notes %s", end, notes).isFalse();
  }

  CompletableFuture<Summary> ending() {
    return end.orTimeout(90, TimeUnit.SECONDS);
  }

  /** Waits for the end; every update must be in the new table. */
  Summary endsWell() throws SQLException {
    Summary summary = ending().join();
    writing = false;
    long updates = writer.orTimeout(30, TimeUnit.SECONDS).join();
    assertThat(
            database.queryText(
                "SELECT concat(count(*), ' ', sum(n), ' ', count(x)) FROM throttled"))
        .isEqualTo(ROWS + " " + updates + " 0");
    return summary;
  }

  @Override
  public void close() throws SQLException {
    migration.abort();
    end.handle((summary, failure) -> null).orTimeout(60, TimeUnit.SECONDS).join();
    writing = false;
    writer.handle((count, failure) -> null).orTimeout(30, TimeUnit.SECONDS).join();
    driven.close();
    other.close();
    database.close();
  }
}
