package io.zdmosc.harness.fuzz.postgres;

import io.zdmosc.harness.server.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * One connection of the application. It writes rows and values whose numbers leave its own
 * remainder, so that it never meets another writer, and remembers what came of it, and whether that
 * was before or after the swap.
 */
final class RecordingWriter implements Runnable {
  static final int WRITERS = 2;
  private static final int FRESH = 5_000;
  private static final int PAUSE_MILLIS = 2;
  private static final int MOST_FAILURES = 20;

  private final TestDatabase database;
  private final RandomTable table;
  private final int number;
  private final Dice dice;
  private final List<Written> before = new ArrayList<>();
  private final List<Written> after = new ArrayList<>();
  private final List<String> errors = new ArrayList<>();
  private int fresh = FRESH;
  private volatile boolean stopped;

  RecordingWriter(TestDatabase database, RandomTable table, long seed, int number) {
    this.database = database;
    this.table = table;
    this.number = number;
    this.dice = new Dice(seed * 31 + number);
  }

  void stop() {
    stopped = true;
  }

  /** Transactions on the table that was there at first. */
  List<Written> before() {
    return before;
  }

  /** Transactions on the table that took its place. */
  List<Written> after() {
    return after;
  }

  /** Why it has ended, where nobody told it to. */
  List<String> errors() {
    return errors;
  }

  @Override
  public void run() {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.setEscapeProcessing(false);
      String first = table(statement);
      connection.commit();
      int failures = 0;
      while (!stopped && failures < MOST_FAILURES) {
        statement.execute("LOCK TABLE " + table.name() + " IN ROW EXCLUSIVE MODE");
        boolean swapped = !first.equals(table(statement));
        Written written = write(connection, statement);
        (swapped ? after : before).add(written);
        failures += swapped && !written.state().isEmpty() ? 1 : 0;
        Thread.sleep(PAUSE_MILLIS);
      }
    } catch (SQLException | InterruptedException e) {
      if (!isGone(e)) {
        errors.add("the writer ended: " + e);
      }
    }
  }

  /** The table has another name by now. */
  private static boolean isGone(Exception e) {
    return e instanceof SQLException sql && "42P01".equals(sql.getSQLState());
  }

  private String table(Statement statement) throws SQLException {
    try (ResultSet row =
        statement.executeQuery("SELECT '" + table.name().replace("'", "''") + "'::regclass::oid")) {
      row.next();
      return row.getString(1);
    }
  }

  private Written write(Connection connection, Statement statement) throws SQLException {
    List<String> transaction = transaction();
    try {
      for (String sql : transaction) {
        statement.execute(sql);
      }
      connection.commit();
      return new Written(transaction, "");
    } catch (SQLException e) {
      connection.rollback();
      return new Written(transaction, e.getSQLState());
    }
  }

  private List<String> transaction() {
    List<String> statements = new ArrayList<>();
    for (int i = dice.below(4); i >= 0; i--) {
      statements.addAll(write());
    }
    return statements;
  }

  private List<String> write() {
    String row = own(table.rows() + 1);
    return switch (dice.below(9)) {
      case 0, 1 -> List.of(insert(freshNumber()));
      case 2 -> List.of(delete(row));
      case 3 -> List.of(delete(row), insert(row));
      case 4 -> List.of(update(table.keyAssignment(freshNumber()), row));
      case 5 -> List.of("SAVEPOINT s", delete(row), "ROLLBACK TO s", update(row));
      default -> List.of(update(row));
    };
  }

  private String insert(String row) {
    List<Column> into =
        dice.oneIn(3) ? dice.some(table.values(), table.values().size() / 2) : table.values();
    return table.insert(row, own(FRESH), into, "");
  }

  private String delete(String row) {
    return "DELETE FROM " + table.name() + " WHERE " + table.rowOf(row);
  }

  private String update(String row) {
    List<Column> columns = dice.some(table.values(), 1 + dice.below(3));
    if (columns.isEmpty()) {
      return update(table.keyAssignment(row), row);
    }
    List<String> assignments = new ArrayList<>();
    for (Column column : columns) {
      assignments.add(column.name() + " = " + column.valueOf(own(FRESH)));
    }
    return update(String.join(", ", assignments), row);
  }

  private String update(String assignments, String row) {
    return "UPDATE " + table.name() + " SET " + assignments + " WHERE " + table.rowOf(row);
  }

  private String own(int bound) {
    return String.valueOf(dice.below(bound / WRITERS + 1) * WRITERS + number);
  }

  private String freshNumber() {
    fresh += WRITERS;
    return String.valueOf(fresh + number);
  }
}
