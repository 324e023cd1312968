package io.zdmosc.harness.migration.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;

/**
 * Makes and removes families of rows in {@link FamilyTables}, several at the same time, and keeps
 * account of what must be there. Tries as well what foreign keys have to refuse. Repeats what the
 * server has ended as a deadlock, as applications do; everything else that is refused, or is not,
 * is an error.
 */
public final class FamilyApplication implements AutoCloseable {
  private static final int WRITERS = 3;
  private static final int IDS = 1_000_000;
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final int CHILDREN = 1451;
  private static final int NO_PARENT = 1452;

  private final FamilyTables tables;
  private final Queue<String> errors = new ConcurrentLinkedQueue<>();
  private final AtomicInteger done = new AtomicInteger();
  private final AtomicInteger repeated = new AtomicInteger();
  private final List<Writer> writers = new ArrayList<>();
  private volatile boolean stopped;

  private FamilyApplication(FamilyTables tables) {
    this.tables = tables;
  }

  public static FamilyApplication start(FamilyTables tables) {
    FamilyApplication application = new FamilyApplication(tables);
    for (int i = 1; i <= WRITERS; i++) {
      Writer writer = application.new Writer(i);
      application.writers.add(writer);
      writer.start();
    }
    return application;
  }

  /** Returns when so many more are finished. */
  public void awaitMore(int transactions) {
    int target = done.get() + transactions;
    Awaitility.await().atMost(PATIENCE).until(() -> done.get() >= target || !errors.isEmpty());
  }

  /** Stops it, and compares the tables with its account. */
  public void stopAndCheck() throws Exception {
    close();
    assertThat(errors).isEmpty();
    Map<Integer, Integer> families = new TreeMap<>();
    writers.forEach(writer -> families.putAll(writer.families));
    List<String> ids = families.keySet().stream().map(String::valueOf).toList();
    List<String> parents =
        families.entrySet().stream().map(each -> each.getKey() + ":" + each.getValue()).toList();
    assertThat(tables.texts("SELECT CONCAT(id, ':', p) FROM t ORDER BY id")).isEqualTo(parents);
    for (String child : List.of("c1", tables.elsewhere())) {
      assertThat(tables.texts("SELECT id FROM " + child + " WHERE t = id ORDER BY id"))
          .isEqualTo(ids);
    }
    assertThat(tables.texts("SELECT id FROM g WHERE c1 = id ORDER BY id")).isEqualTo(ids);
    tables.assertNoOrphans("t", "id");
  }

  @Override
  public void close() throws InterruptedException {
    stopped = true;
    for (Writer writer : writers) {
      writer.join();
    }
  }

  @Override
  public String toString() {
    return done + " transactions, " + repeated + " repeated; " + errors;
  }

  private final class Writer extends Thread {
    private final int from;
    private final Random random;
    private final Map<Integer, Integer> families = new TreeMap<>();
    private int next;
    private Connection connection;

    Writer(int number) {
      super("family writer " + number);
      this.from = number * IDS;
      this.random = new Random(number);
    }

    @Override
    public void run() {
      try (Connection opened = tables.shop().connect()) {
        connection = opened;
        connection.setAutoCommit(false);
        while (!stopped) {
          step();
          done.incrementAndGet();
          Thread.sleep(2);
        }
      } catch (SQLException e) {
        errors.add(e.getErrorCode() + " " + e.getMessage());
      } catch (InterruptedException e) {
        errors.add(e.toString());
      }
    }

    private void step() throws SQLException {
      int kind = families.size() < 5 ? 0 : random.nextInt(8);
      int id = families.isEmpty() ? 0 : pick();
      switch (kind) {
        case 0, 1, 2 -> make(from + ++next);
        case 3 -> {
          transact(
              "DELETE FROM " + tables.elsewhere() + " WHERE id = " + id,
              "DELETE FROM t WHERE id = " + id); // and by itself from c1
          transact("DELETE FROM p WHERE id = " + families.remove(id));
        }
        case 4 -> {
          transact(
              "DELETE FROM " + tables.elsewhere() + " WHERE id = " + id,
              tables.ownKeysAct() ? "DO 0" : "DELETE FROM t WHERE id = " + id,
              "DELETE FROM p WHERE id = " + families.remove(id)); // by itself from t and c1
        }
        case 5 -> {
          int parent = -families.get(id);
          if (tables.ownKeysAct()) {
            transact("UPDATE p SET id = " + parent + " WHERE id = " + -parent);
          } else {
            transact(
                "INSERT INTO p VALUES (" + parent + ")",
                "UPDATE t SET p = " + parent + " WHERE id = " + id,
                "DELETE FROM p WHERE id = " + -parent);
          }
          families.put(id, parent);
        }
        case 6 -> refused(CHILDREN, "DELETE FROM t WHERE id = " + id);
        default ->
            refused(
                NO_PARENT,
                "INSERT INTO " + tables.elsewhere() + " VALUES (" + -(from + ++next) + ", -1)");
      }
    }

    private int pick() {
      return new ArrayList<>(families.keySet()).get(random.nextInt(families.size()));
    }

    private void make(int id) throws SQLException {
      transact(
          "INSERT INTO p VALUES (" + id + ")",
          "INSERT INTO t (id, code, p) VALUES (" + id + ", 'x" + id + "', " + id + ")",
          "INSERT INTO c1 VALUES (" + id + ", " + id + ", 0, 'x" + id + "')",
          "INSERT INTO g VALUES (" + id + ", " + id + ")",
          "INSERT INTO " + tables.elsewhere() + " VALUES (" + id + ", " + id + ")");
      transact("UPDATE g SET id = -id WHERE id = " + id, "UPDATE g SET id = -id WHERE id = " + -id);
      families.put(id, id);
    }

    private void transact(String... statements) throws SQLException {
      int error = attempt(statements);
      if (error != 0) {
        throw new SQLException("refused: " + String.join("; ", statements), "", error);
      }
    }

    private void refused(int wanted, String statement) throws SQLException {
      int error = attempt(statement);
      if (error != wanted) {
        errors.add("ended with " + error + " instead of " + wanted + ": " + statement);
      }
    }

    /** The server's error; 0 when all of it was committed. */
    private int attempt(String... statements) throws SQLException {
      while (true) {
        try (Statement statement = connection.createStatement()) {
          for (String sql : statements) {
            statement.execute(sql);
          }
          connection.commit();
          return 0;
        } catch (SQLException e) {
          connection.rollback();
          if (e.getErrorCode() != 1213 && e.getErrorCode() != 1205) {
            return e.getErrorCode();
          }
          repeated.incrementAndGet();
        }
      }
    }
  }
}
