package io.zdmosc.harness.migration.mysql;

import io.zdmosc.harness.server.mysql.MySqlDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * An application that writes to table t, whose triggers note every write in table audit. What the
 * server has acknowledged is counted, so that exactly these notes must be there. No error is
 * tolerated: writers have rows of their own, so none of them can be in another one's way.
 */
final class AuditedWriters implements AutoCloseable {
  private static final int WRITERS = 4;

  private final List<Thread> threads = new ArrayList<>();
  private final Map<String, Integer> acknowledged = new HashMap<>();
  private final List<String> errors = new ArrayList<>();
  private volatile boolean stopped;

  /** Two triggers stand in each place where the order can be seen: they append to the note. */
  static void createTable(MySqlDatabase database) throws SQLException {
    database.execute(
        "CREATE TABLE audit (id BIGINT AUTO_INCREMENT PRIMARY KEY, what VARCHAR(60) NOT NULL)",
        "CREATE TABLE t (id BIGINT PRIMARY KEY, v BIGINT NOT NULL, note VARCHAR(20) NOT NULL)",
        "CREATE TRIGGER t_second BEFORE INSERT ON t FOR EACH ROW SET NEW.note = CONCAT(NEW.note,"
            + " 'b')",
        "CREATE TRIGGER t_first BEFORE INSERT ON t FOR EACH ROW PRECEDES t_second SET NEW.note ="
            + " CONCAT(NEW.note, 'a')",
        "CREATE TRIGGER t_change BEFORE UPDATE ON t FOR EACH ROW SET NEW.note = CONCAT(NEW.note,"
            + " 'u')",
        "CREATE TRIGGER t_insert AFTER INSERT ON t FOR EACH ROW INSERT INTO audit (what) VALUES"
            + " (CONCAT('insert ', NEW.id, ' ', NEW.v, ' ', NEW.note))",
        "CREATE TRIGGER t_update AFTER UPDATE ON t FOR EACH ROW INSERT INTO audit (what) VALUES"
            + " (CONCAT('update ', NEW.id, ' ', NEW.v, ' ', NEW.note))",
        "CREATE TRIGGER t_delete AFTER DELETE ON t FOR EACH ROW BEGIN INSERT INTO audit (what)"
            + " VALUES (CONCAT('delete ', OLD.id, ' ', OLD.v, ' ', OLD.note)); END");
  }

  static AuditedWriters start(MySqlDatabase database, long seed) {
    AuditedWriters writers = new AuditedWriters();
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
    Map<Long, Integer> rows = new TreeMap<>();
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      for (int step = 1; !stopped; step++) {
        long id = (long) random.nextInt(500) * WRITERS + writer;
        write(statement, rows, id, step, random);
        Thread.sleep(random.nextInt(4));
      }
    } catch (SQLException e) {
      synchronized (this) {
        errors.add(e.getErrorCode() + " " + e.getMessage());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void write(Statement statement, Map<Long, Integer> rows, long id, int step, Random random)
      throws SQLException {
    Integer present = rows.get(id);
    if (present == null) {
      statement.executeUpdate("INSERT INTO t (id, v, note) VALUES (" + id + ", " + step + ", '')");
      rows.put(id, step);
      acknowledge("insert " + id + " " + step + " ab");
    } else if (random.nextBoolean()) {
      statement.executeUpdate("UPDATE t SET v = " + step + ", note = 'n' WHERE id = " + id);
      rows.put(id, step);
      acknowledge("update " + id + " " + step + " nu");
      statement.executeUpdate("UPDATE t SET v = " + step + ", note = 'ab' WHERE id = " + id);
      acknowledge("update " + id + " " + step + " abu");
    } else {
      statement.executeUpdate("UPDATE t SET note = 'x' WHERE id = " + id);
      acknowledge("update " + id + " " + present + " xu");
      statement.executeUpdate("DELETE FROM t WHERE id = " + id);
      rows.remove(id);
      acknowledge("delete " + id + " " + present + " xu");
    }
  }

  private synchronized void acknowledge(String what) {
    acknowledged.merge(what, 1, Integer::sum);
  }

  synchronized int count() {
    return acknowledged.values().stream().mapToInt(Integer::intValue).sum();
  }

  synchronized List<String> errors() {
    return List.copyOf(errors);
  }

  /** Notes that should be there and are not, or are there and should not; when all has stopped. */
  synchronized List<String> differences(MySqlDatabase database) throws SQLException {
    Map<String, Integer> open = new TreeMap<>(acknowledged);
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT what FROM audit")) {
      while (rows.next()) {
        open.merge(rows.getString(1), -1, Integer::sum);
      }
    }
    return open.entrySet().stream()
        .filter(entry -> entry.getValue() != 0)
        .map(
            entry ->
                entry.getValue() > 0
                    ? "no trigger has noted: " + entry.getKey()
                    : "noted once too often: " + entry.getKey())
        .toList();
  }

  void stop() throws InterruptedException {
    stopped = true;
    for (Thread thread : threads) {
      thread.join();
    }
  }

  @Override
  public void close() throws InterruptedException {
    stop();
  }
}
