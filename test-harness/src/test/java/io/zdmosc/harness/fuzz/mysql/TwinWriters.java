package io.zdmosc.harness.fuzz.mysql;

import io.zdmosc.harness.server.mysql.MySqlDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Writers that do each change in one transaction twice: to the table that is migrated, and to its
 * twin in another database. What the server refuses of the first is not done to the second.
 *
 * <p>When the first has got its new definition, only columns that the clause does not name are
 * written, and no rows are added: the twin still has the old definition.
 */
final class TwinWriters implements AutoCloseable {
  private static final Set<Integer> TRANSIENT = Set.of(1205, 1213);
  private static final int NO_SUCH_TABLE = 1146;

  private final Places places;
  private final FuzzedTable table;
  private final String clause;
  private final long seed;
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicLong written = new AtomicLong();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private volatile boolean stopped;

  TwinWriters(Places places, FuzzedTable table, String clause, long seed) {
    this.places = places;
    this.table = table;
    this.clause = clause;
    this.seed = seed;
  }

  /** The first rows of both tables. */
  void fill(int attempts) throws SQLException {
    try (Writer writer = new Writer(0)) {
      writer.begin();
      for (int i = 0; i < attempts; i++) {
        writer.apply(writer.insert(i * KeyKinds.NUMBERS / attempts));
      }
      writer.commit();
    }
  }

  void start(int count) {
    for (int i = 1; i <= count; i++) {
      int number = i;
      Thread thread = new Thread(() -> write(number), "twin writer " + i);
      thread.setDaemon(true);
      threads.add(thread);
      thread.start();
    }
  }

  private void write(int number) {
    try (Writer writer = new Writer(number)) {
      while (!stopped && writer.transaction()) {
        written.incrementAndGet();
        Thread.sleep(writer.random.nextInt(30));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Throwable e) {
      failure.compareAndSet(null, e);
    }
  }

  long written() {
    return written.get();
  }

  /** Ends the writing; what a writer has met is thrown. */
  @Override
  public void close() throws InterruptedException {
    stopped = true;
    for (Thread thread : threads) {
      thread.join();
    }
    if (failure.get() != null) {
      throw new AssertionError("a writer failed", failure.get());
    }
  }

  /** One connection's work. */
  private final class Writer implements AutoCloseable {
    private final Random random;
    private final Connection connection;
    private final Statement statement;
    private final String source;
    private final String twin;
    private final String original;
    private boolean changed;

    Writer(int number) throws SQLException {
      random = new Random(seed * 31 + number);
      connection = places.source().connect();
      statement = connection.createStatement();
      statement.setEscapeProcessing(false);
      statement.execute(Places.STRICT);
      source = qualified(places.source());
      twin = qualified(places.twin());
      connection.setAutoCommit(false);
      original = definition();
      connection.commit();
    }

    private String qualified(MySqlDatabase database) {
      return Names.quoted(database.name()) + "." + table.sql();
    }

    private String definition() throws SQLException {
      try (ResultSet row = statement.executeQuery("SHOW CREATE TABLE " + source)) {
        row.next();
        return row.getString(2).replaceFirst(" AUTO_INCREMENT=\\d+", "");
      }
    }

    /** Both tables see the same moment. */
    void begin() throws SQLException {
      statement.execute("SET SESSION timestamp = " + (1_700_000_000 + random.nextInt(50_000_000)));
    }

    void commit() throws SQLException {
      connection.commit();
    }

    /** Returns false when there is nothing left to write. */
    boolean transaction() throws SQLException {
      try {
        begin();
        // from here on until the end nobody can exchange the table
        statement.executeUpdate("DELETE FROM " + source + " WHERE 1 = 0");
        changed = !definition().equals(original);
        if (changed && touched().isEmpty() && !deletable()) {
          connection.rollback();
          return false;
        }
        for (int i = random.nextInt(5); i >= 0; i--) {
          apply(change());
        }
        if (random.nextInt(8) == 0) {
          connection.rollback();
        } else {
          connection.commit();
        }
        return true;
      } catch (SQLException e) {
        connection.rollback();
        if (TRANSIENT.contains(e.getErrorCode())) {
          return true;
        }
        if (e.getErrorCode() == NO_SUCH_TABLE) {
          return false; // it has another name
        }
        throw e;
      }
    }

    /** With %s for the table. */
    private String change() {
      int row = random.nextInt(KeyKinds.NUMBERS);
      if (changed) {
        return deletable() && (touched().isEmpty() || random.nextInt(6) == 0)
            ? "DELETE FROM %s WHERE " + table.condition(row)
            : touched().isEmpty() ? "DELETE FROM %s WHERE 1 = 0" : update(touched(), row);
      }
      return switch (random.nextInt(10)) {
        case 0, 1, 2 -> insert(row);
        case 3 -> "DELETE FROM %s WHERE " + table.condition(row);
        case 4 -> moved(row);
        case 5 -> insert(row).replaceFirst("INSERT", "REPLACE");
        default -> update(writable(), row);
      };
    }

    private List<FuzzedColumn> writable() {
      return table.columns().stream().filter(FuzzedColumn::written).toList();
    }

    private boolean named(FuzzedColumn column) {
      return clause.contains(column.sql()) || clause.contains("CHARACTER SET");
    }

    private boolean clocked() {
      return clause.contains("ON UPDATE")
          || table.columns().stream()
              .anyMatch(c -> c.definition().contains("ON UPDATE") && named(c));
    }

    private boolean deletable() {
      return table.key().stream().noneMatch(this::named);
    }

    private List<FuzzedColumn> touched() {
      return clocked() || !deletable()
          ? List.of()
          : writable().stream().filter(column -> !named(column)).toList();
    }

    private String update(List<FuzzedColumn> columns, int row) {
      if (columns.isEmpty()) {
        return "DELETE FROM %s WHERE " + table.condition(row);
      }
      List<String> set = new ArrayList<>();
      for (int i = random.nextInt(3); i >= 0; i--) {
        FuzzedColumn column = columns.get(random.nextInt(columns.size()));
        set.add(column.sql() + " = " + column.literal(random));
      }
      return "UPDATE %s SET " + String.join(", ", set) + " WHERE " + table.condition(row);
    }

    private String moved(int row) {
      List<String> values = table.keyValues(random.nextInt(KeyKinds.NUMBERS));
      List<String> set = new ArrayList<>();
      for (int i = 0; i < values.size(); i++) {
        set.add(table.key().get(i).sql() + " = " + values.get(i));
      }
      return "UPDATE %s SET " + String.join(", ", set) + " WHERE " + table.condition(row);
    }

    private String insert(int row) {
      List<FuzzedColumn> some =
          writable().stream()
              .filter(c -> c.definition().contains("NOT NULL") || random.nextInt(5) > 0)
              .toList();
      String names =
          Stream.concat(table.key().stream(), some.stream())
              .map(FuzzedColumn::sql)
              .collect(Collectors.joining(", "));
      List<String> values = new ArrayList<>(table.keyValues(row));
      some.forEach(column -> values.add(column.literal(random)));
      return "INSERT INTO %s (" + names + ") VALUES (" + String.join(", ", values) + ")";
    }

    /** Does it to both, or to none. */
    void apply(String change) throws SQLException {
      int rows;
      try {
        rows = statement.executeUpdate(onto(change, source));
      } catch (SQLException e) {
        if (TRANSIENT.contains(e.getErrorCode()) || e.getErrorCode() == NO_SUCH_TABLE) {
          throw e;
        }
        return;
      }
      int others;
      try {
        others = statement.executeUpdate(onto(change, twin));
      } catch (SQLException e) {
        if (changed || TRANSIENT.contains(e.getErrorCode())) {
          throw new SQLException(e.getMessage(), e.getSQLState(), 1213, e);
        }
        throw new SQLException(
            "only the twin refuses " + change, e.getSQLState(), e.getErrorCode(), e);
      }
      if (rows != others) {
        throw new AssertionError(change + " met " + rows + " rows, in the twin " + others);
      }
    }

    private String onto(String change, String name) {
      int at = change.indexOf("%s");
      return change.substring(0, at) + name + change.substring(at + 2);
    }

    @Override
    public void close() throws SQLException {
      connection.close();
    }
  }
}
