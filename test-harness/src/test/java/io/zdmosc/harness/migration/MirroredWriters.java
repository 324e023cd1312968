package io.zdmosc.harness.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.harness.server.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;

/**
 * Writers who do each change twice in one transaction: to the table that is migrated and to a
 * mirror that is not. Whatever is lost shows as a difference. Rows move to and fro between
 * partitions.
 *
 * <p>The tables have {@code id bigint}, {@code created_at timestamptz} and {@code note text}.
 */
final class MirroredWriters implements AutoCloseable {
  private static final int THREADS = 3;
  private static final long BEGIN = Instant.parse("2023-01-01T12:00:00Z").getEpochSecond();
  private static final int DAYS = 700;

  private final TestDatabase database;
  private final String table;
  private final int rows;
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicLong written = new AtomicLong();
  private final AtomicLong fresh = new AtomicLong(1_000_000);
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private volatile boolean stopped;

  private MirroredWriters(TestDatabase database, String table, int rows) {
    this.database = database;
    this.table = table;
    this.rows = rows;
  }

  /**
   * Makes the mirror and begins to write.
   *
   * @param table holds rows with the ids from 1 on, without a gap
   */
  static MirroredWriters start(TestDatabase database, String table) throws SQLException {
    database.execute(
        "CREATE TABLE mirror AS SELECT id, created_at, note FROM " + table,
        "ALTER TABLE mirror ADD PRIMARY KEY (id)");
    int rows = Integer.parseInt(database.queryText("SELECT count(*) FROM mirror"));
    MirroredWriters writers = new MirroredWriters(database, table, rows);
    for (int i = 0; i < THREADS; i++) {
      Thread thread = new Thread(writers.new Writer(i), "mirrored writer " + i);
      writers.threads.add(thread);
      thread.start();
    }
    return writers;
  }

  /** One connection's work, on rows that are no other's. */
  private final class Writer implements Runnable {
    private final int number;
    private final Random random;

    Writer(int number) {
      this.number = number;
      this.random = new Random(number);
    }

    @Override
    public void run() {
      try (Connection connection = database.connect()) {
        connection.setAutoCommit(false);
        while (!stopped) {
          for (int i = random.nextInt(4); i >= 0; i--) {
            write(connection);
          }
          connection.commit();
          written.incrementAndGet();
        }
      } catch (Throwable e) {
        failure.compareAndSet(null, e);
      }
    }

    private void write(Connection connection) throws SQLException {
      long id = 1 + number + (long) THREADS * random.nextInt(rows / THREADS);
      String at = "to_timestamp(" + (BEGIN + random.nextInt(DAYS) * 86_400L) + ")";
      switch (random.nextInt(6)) {
        case 0 ->
            twice(
                connection,
                "INSERT INTO %s (id, created_at, note) VALUES (?, " + at + ", 'new')",
                fresh.incrementAndGet());
        case 1 -> twice(connection, "DELETE FROM %s WHERE id = ?", id);
        case 2 ->
            twice(connection, "UPDATE %s SET note = '" + random.nextInt() + "' WHERE id = ?", id);
        default -> twice(connection, "UPDATE %s SET created_at = " + at + " WHERE id = ?", id);
      }
    }

    private void twice(Connection connection, String sql, long id) throws SQLException {
      for (String each : List.of("mirror", table)) {
        try (PreparedStatement statement = connection.prepareStatement(sql.formatted(each))) {
          statement.setLong(1, id);
          statement.executeUpdate();
        }
      }
    }
  }

  /** Waits until so many more transactions have been committed. */
  void awaitMore(int transactions) {
    long wanted = written.get() + transactions;
    Awaitility.await()
        .atMost(Runs.PATIENCE)
        .until(() -> written.get() >= wanted || failure.get() != null);
    assertThat(failure.get()).isNull();
  }

  /** Ends the writing; fails when a writer met an error, or the tables differ. */
  void stopAndCompare() throws Exception {
    close();
    assertThat(failure.get()).isNull();
    assertThat(content(table)).isEqualTo(content("mirror"));
  }

  private String content(String from) throws SQLException {
    return database.queryText(
        "SELECT count(*) || ' ' || md5(string_agg(id || ' ' || created_at || ' ' || note, ','"
            + " ORDER BY id)) FROM "
            + from);
  }

  @Override
  public void close() throws InterruptedException {
    stopped = true;
    for (Thread thread : threads) {
      thread.join();
    }
  }
}
