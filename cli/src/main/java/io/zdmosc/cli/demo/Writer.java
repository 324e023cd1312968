package io.zdmosc.cli.demo;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * One connection of the application. Each step writes something and, once the server has
 * acknowledged it, enters it into the ledger. For one thread.
 */
final class Writer {
  private static final String SERIALIZATION_FAILURE = "40001";
  private static final int TRIES = 20;
  private static final long FIRST_NUMBER = 1_500_000_000L;
  private static final long NUMBERS_PER_WRITER = 10_000_000L;

  private final Connection connection;
  private final DemoTable table;
  private final Ledger ledger;
  private final SplittableRandom random;
  private final long numbers;
  private final Latencies latencies = new Latencies();
  private volatile Shape shape = Shape.OLD;
  private long made;
  private long writes;

  Writer(int writer, Connection connection, DemoTable table, Ledger ledger) throws SQLException {
    this.connection = connection;
    this.table = table;
    this.ledger = ledger;
    this.random = new SplittableRandom(writer);
    this.numbers = FIRST_NUMBER + writer * NUMBERS_PER_WRITER;
    connection.setAutoCommit(false);
  }

  /**
   * Does one transaction. Does it again in the new shape when the old one is gone, and when the
   * server has rolled it back in favour of another one.
   */
  void step() throws SQLException {
    int choice = random.nextInt(100);
    long start = System.nanoTime();
    try {
      for (int attempt = 1; !tried(choice, attempt == TRIES); attempt++) {
        // again
      }
    } finally {
      latencies.add(start, System.nanoTime() - start);
    }
  }

  private boolean tried(int choice, boolean last) throws SQLException {
    try {
      write(choice);
      return true;
    } catch (SQLException e) {
      connection.rollback();
      if (table.undefinedColumn().equals(e.getSQLState()) && shape.equals(Shape.OLD)) {
        shape = Shape.NEW;
      } else if (last || !SERIALIZATION_FAILURE.equals(e.getSQLState())) {
        throw e;
      }
      return false;
    }
  }

  private void write(int choice) throws SQLException {
    if (choice < 20) {
      insert();
      return;
    }
    Optional<UserRow> row = ledger.pick(random);
    if (row.isEmpty()) {
      insert();
    } else if (choice < 30) {
      delete(row.get());
    } else if (choice < 35) {
      move(row.get());
    } else if (choice < 45) {
      transfer(row.get());
    } else if (choice < 50) {
      changeMind(row.get());
    } else {
      update(changed(row.get()));
    }
  }

  private void insert() throws SQLException {
    made++;
    UserRow row = UserRow.of(0, numbers + made, UserRow.FIRST_CREATED_AT + made);
    try (PreparedStatement insert =
        connection.prepareStatement(table.insert(shape), new String[] {"id"})) {
      insert.setString(1, row.name());
      insert.setString(2, row.email());
      insert.setString(3, row.country());
      insert.setBigDecimal(4, BigDecimal.valueOf(row.cents(), 2));
      insert.setString(5, row.profile());
      insert.setLong(6, row.createdAt());
      insert.executeUpdate();
      try (ResultSet inserted = insert.getGeneratedKeys()) {
        inserted.next();
        row = row.withId(inserted.getLong(1));
      }
    }
    commit();
    ledger.put(row);
  }

  private void delete(UserRow row) throws SQLException {
    try (PreparedStatement delete = connection.prepareStatement("DELETE FROM users WHERE id = ?")) {
      delete.setLong(1, row.id());
      expectOneRow(delete.executeUpdate(), row);
    }
    commit();
    ledger.remove(row.id());
  }

  private void move(UserRow row) throws SQLException {
    made++;
    long newId = -numbers - made; // no sequence ever comes there
    try (PreparedStatement move =
        connection.prepareStatement("UPDATE users SET id = ? WHERE id = ?")) {
      move.setLong(1, newId);
      move.setLong(2, row.id());
      expectOneRow(move.executeUpdate(), row);
    }
    commit();
    ledger.remove(row.id());
    ledger.put(row.withId(newId));
  }

  /** Money from one user to another, in one transaction. */
  private void transfer(UserRow from) throws SQLException {
    Optional<UserRow> to = ledger.pick(random).filter(row -> row.id() != from.id());
    if (to.isEmpty()) {
      update(changed(from));
      return;
    }
    UserRow poorer = from.withCents(from.cents() - 100);
    UserRow richer = to.get().withCents(to.get().cents() + 100);
    execute(poorer);
    execute(richer);
    commit();
    ledger.put(poorer);
    ledger.put(richer);
  }

  private void changeMind(UserRow row) throws SQLException {
    execute(row.withCents(0).withName("Nobody"));
    connection.rollback();
  }

  private void update(UserRow row) throws SQLException {
    execute(row);
    commit();
    ledger.put(row);
  }

  private UserRow changed(UserRow row) {
    made++;
    UserRow changed =
        random.nextBoolean()
            ? row.withCents(row.cents() + 1)
            : row.withProfile(UserRow.profile(made, "Change number " + (numbers + made)));
    return shape.hasPlan() && random.nextInt(4) == 0 ? changed.withPlan("pro") : changed;
  }

  private void execute(UserRow row) throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(table.update(shape))) {
      int i = 1;
      update.setString(i++, row.name());
      update.setBigDecimal(i++, BigDecimal.valueOf(row.cents(), 2));
      update.setString(i++, row.profile());
      if (shape.hasPlan()) {
        update.setString(i++, row.plan());
      }
      update.setLong(i, row.id());
      expectOneRow(update.executeUpdate(), row);
    }
  }

  private void commit() throws SQLException {
    connection.commit();
    writes++;
  }

  private static void expectOneRow(int rows, UserRow row) {
    if (rows != 1) {
      throw new IllegalStateException(
          "user " + row.id() + " should be there once, but was found " + rows + " times");
    }
  }

  Ledger ledger() {
    return ledger;
  }

  Latencies latencies() {
    return latencies;
  }

  /** Transactions that the server acknowledged. */
  long writes() {
    return writes;
  }

  boolean sawNewShape() {
    return shape.equals(Shape.NEW);
  }
}
