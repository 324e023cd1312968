package io.zdmosc.harness.migration.mysql;

import io.zdmosc.harness.server.mysql.MySqlDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An application that writes to a table all the time and remembers what the server has
 * acknowledged. Each writer has rows of its own, so that what must be in the table is known.
 */
final class Writers implements AutoCloseable {
  static final int ROWS = 6_000;
  private static final int WRITERS = 4;

  /** Deadlock and lock wait: the application tries again. */
  private static final Set<Integer> TRANSIENT = Set.of(1205, 1213);

  private final KeyCase keys;
  private final List<Thread> threads = new ArrayList<>();
  private final Map<Long, Long> expected = new ConcurrentHashMap<>();
  private final List<String> errors = new ArrayList<>();
  private final AtomicLong operations = new AtomicLong();
  private volatile boolean stopped;

  private Writers(KeyCase keys) {
    this.keys = keys;
  }

  /** Makes and fills a table named t. */
  static void createTable(MySqlDatabase database, KeyCase keys) throws SQLException {
    database.execute(
        "CREATE TABLE t ("
            + keys.columns()
            + ", n BIGINT NOT NULL, v BIGINT NOT NULL, note VARCHAR(60), u BIGINT NOT NULL,"
            + " PRIMARY KEY ("
            + keys.key()
            + "), UNIQUE KEY u (u), KEY v (v, note))");
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      inUtc(connection);
      connection.setAutoCommit(false);
      for (long n = 0; n < ROWS; n++) {
        statement.execute(insert(keys, n, 0));
      }
      connection.commit();
    }
  }

  /** Where no hour comes twice, so that every row can be found by its key. */
  private static void inUtc(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET SESSION time_zone = '+00:00'");
    }
  }

  private static String insert(KeyCase keys, long n, long v) {
    return "INSERT INTO t ("
        + String.join(", ", keys.names())
        + ", n, v, note, u) VALUES ("
        + String.join(", ", keys.literals().apply(n))
        + ", "
        + n
        + ", "
        + v
        + ", 'note "
        + v
        + "', "
        + n
        + ")";
  }

  static Writers start(MySqlDatabase database, KeyCase keys, long seed) {
    Writers writers = new Writers(keys);
    for (long n = 0; n < ROWS; n++) {
      writers.expected.put(n, 0L);
    }
    for (int i = 0; i < WRITERS; i++) {
      int writer = i;
      Thread thread =
          new Thread(() -> writers.drive(database, writer, new Random(seed + writer)), "writer");
      thread.setDaemon(true);
      thread.start();
      writers.threads.add(thread);
    }
    return writers;
  }

  private void drive(MySqlDatabase database, int writer, Random random) {
    try (Connection connection = database.connect()) {
      inUtc(connection);
      connection.setAutoCommit(false);
      while (!stopped) {
        step(connection, writer, random);
        operations.incrementAndGet();
        Thread.sleep(random.nextInt(6));
      }
    } catch (SQLException e) {
      fail(e.getErrorCode() + " " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void fail(String error) {
    errors.add(error);
  }

  private void step(Connection connection, int writer, Random random) throws SQLException {
    Map<Long, Long> changes = new HashMap<>();
    try (Statement statement = connection.createStatement()) {
      for (int i = random.nextInt(4); i >= 0; i--) {
        long n = (long) random.nextInt(ROWS * 2 / WRITERS) * WRITERS + writer;
        one(statement, n, changes, random);
      }
      if (random.nextInt(10) == 0) {
        connection.rollback();
      } else {
        connection.commit();
        changes.forEach(this::remember);
      }
    } catch (SQLException e) {
      connection.rollback();
      if (!TRANSIENT.contains(e.getErrorCode())) {
        throw e;
      }
    }
  }

  private void one(Statement statement, long n, Map<Long, Long> changes, Random random)
      throws SQLException {
    long present = changes.getOrDefault(n, expected.getOrDefault(n, -1L));
    if (present < 0) {
      statement.executeUpdate(insert(keys, n, 1));
      changes.put(n, 1L);
    } else if (random.nextInt(4) == 0) {
      expectOne(statement.executeUpdate("DELETE FROM t WHERE " + keys.condition(n)), n);
      changes.put(n, -1L);
    } else {
      long v = present + 1;
      expectOne(
          statement.executeUpdate(
              "UPDATE t SET v = " + v + ", note = 'note " + v + "' WHERE " + keys.condition(n)),
          n);
      changes.put(n, v);
    }
  }

  private static void expectOne(int rows, long n) {
    if (rows != 1) {
      throw new AssertionError("row " + n + " was found " + rows + " times");
    }
  }

  private void remember(long n, long v) {
    if (v < 0) {
      expected.remove(n);
    } else {
      expected.put(n, v);
    }
  }

  long operations() {
    return operations.get();
  }

  void stop() throws InterruptedException {
    stopped = true;
    for (Thread thread : threads) {
      thread.join();
    }
  }

  synchronized List<String> errors() {
    return List.copyOf(errors);
  }

  /** What differs between the table and what was acknowledged; to be asked when all has stopped. */
  List<String> differences(MySqlDatabase database, String table) throws SQLException {
    Map<Long, Long> missing = new HashMap<>(expected);
    List<String> found = new ArrayList<>();
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT n, v, note FROM " + table)) {
      while (rows.next()) {
        long n = rows.getLong(1);
        Long v = missing.remove(n);
        if (v == null) {
          found.add("row " + n + " should not be there");
        } else if (v != rows.getLong(2) || !("note " + v).equals(rows.getString(3))) {
          found.add("row " + n + " should have " + v + ", not " + rows.getLong(2));
        }
      }
    }
    missing.keySet().forEach(n -> found.add("row " + n + " is missing"));
    return found;
  }

  @Override
  public void close() throws InterruptedException {
    stop();
  }
}
