package io.zdmosc.mysql.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One connection with short ways to say what is said often. Parameters are for names, numbers and
 * texts of our own; keys are written into the statements, since a parameter has no type that the
 * server would compare it by. Not thread-safe, but for {@link #cancel}.
 */
public final class Session implements AutoCloseable {
  private static final int DEADLOCK_TRIES = 10;

  private final Connection connection;
  private final SessionFactory factory;
  private final long id;
  private final Server server;

  Session(Connection connection, SessionFactory factory) throws SQLException {
    this.connection = connection;
    this.factory = factory;
    this.id = first("SELECT CONNECTION_ID()", row -> row.getLong(1)).orElseThrow();
    this.server = Server.of(this);
  }

  public Connection connection() {
    return connection;
  }

  /** The server's number of this connection. */
  public long id() {
    return id;
  }

  public Server server() {
    return server;
  }

  /** Reads one row's columns. */
  @FunctionalInterface
  public interface RowMapper<T> {
    T map(ResultSet row) throws SQLException;
  }

  /** Work in a transaction. */
  @FunctionalInterface
  public interface Work<T> {
    T run() throws SQLException;
  }

  public <T> List<T> query(String sql, RowMapper<T> mapper, Object... parameters)
      throws SQLException {
    try (PreparedStatement statement = prepare(sql, parameters);
        ResultSet rows = statement.executeQuery()) {
      List<T> result = new ArrayList<>();
      while (rows.next()) {
        result.add(mapper.map(rows));
      }
      return result;
    }
  }

  /** The first row; empty when there is none. */
  public <T> Optional<T> first(String sql, RowMapper<T> mapper, Object... parameters)
      throws SQLException {
    return query(sql, mapper, parameters).stream().findFirst();
  }

  /** The first column of the first row as text; empty when there is no row or it is NULL. */
  public Optional<String> text(String sql, Object... parameters) throws SQLException {
    List<Optional<String>> rows =
        query(sql, row -> Optional.ofNullable(row.getString(1)), parameters);
    return rows.isEmpty() ? Optional.empty() : rows.get(0);
  }

  /** True when the first column of the first row is neither NULL nor 0. */
  public boolean test(String sql, Object... parameters) throws SQLException {
    return first(sql, row -> row.getLong(1) != 0, parameters).orElse(false);
  }

  /** A system variable as the session has it; empty where the server does not know it. */
  public Optional<String> variable(String name) throws SQLException {
    return first(
        "SHOW VARIABLES WHERE Variable_name = " + Sql.literal(name), row -> row.getString(2));
  }

  /** Runs one statement with parameters; the number of rows it touched. */
  public long update(String sql, Object... parameters) throws SQLException {
    try (PreparedStatement statement = prepare(sql, parameters)) {
      return statement.executeLargeUpdate();
    }
  }

  /** Runs a statement as it is, without parameters; the number of rows it touched. */
  public long execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      return statement.execute(sql) ? 0 : Math.max(0, statement.getLargeUpdateCount());
    }
  }

  /**
   * Runs several statements, which the server gets at once. Those before the first one that fails
   * are carried out, those behind it are not.
   */
  public void executePacket(List<String> statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      statement.execute(String.join(";", statements));
      while (statement.getMoreResults() || statement.getLargeUpdateCount() != -1) {
        // a later statement's error comes with its result
      }
    }
  }

  /** Runs a query that stands as it is, without parameters. */
  public <T> List<T> read(String sql, RowMapper<T> mapper) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      try (ResultSet rows = statement.executeQuery(sql)) {
        List<T> result = new ArrayList<>();
        while (rows.next()) {
          result.add(mapper.map(rows));
        }
        return result;
      }
    }
  }

  /** Runs the work in one transaction: committed when it returns, rolled back when it throws. */
  public <T> T transaction(Work<T> work) throws SQLException {
    connection.setAutoCommit(false);
    boolean done = false;
    try {
      T result = work.run();
      connection.commit();
      done = true;
      return result;
    } finally {
      if (!done) {
        rollbackQuietly();
      }
      if (!connection.isClosed()) {
        connection.setAutoCommit(true);
      }
    }
  }

  /**
   * As {@link #transaction}, tried again when the server chose it to give way to another one. The
   * work must not leave anything but what is rolled back.
   */
  public <T> T patientTransaction(Work<T> work) throws SQLException {
    for (int attempt = 1; ; attempt++) {
      try {
        return transaction(work);
      } catch (SQLException e) {
        if (!Failures.isLockTimeout(e) || attempt == DEADLOCK_TRIES) {
          throw e;
        }
      }
    }
  }

  /**
   * Marks a place in the transaction, in place of an earlier one. Not by the driver, which quotes
   * names as the sql_mode wanted it when it connected.
   */
  public void mark() throws SQLException {
    execute("SAVEPOINT zdm_mark");
  }

  /** Rolls back to the last {@link #mark}. */
  public void backToMark() throws SQLException {
    execute("ROLLBACK TO SAVEPOINT zdm_mark");
  }

  /** Rolls back; a connection that is already broken has done so itself. */
  public void rollbackQuietly() {
    try {
      connection.rollback();
    } catch (SQLException e) {
      factory.forget(this); // broken: the server rolls back when it notices
    }
  }

  /** Cancels the statement that runs now, if any. May be called from any thread. */
  public void cancel() {
    factory.kill(this);
  }

  @Override
  public void close() {
    factory.forget(this);
    try {
      connection.close();
    } catch (SQLException e) {
      throw new IllegalStateException("could not close a connection", e);
    }
  }

  private PreparedStatement prepare(String sql, Object... parameters) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    for (int i = 0; i < parameters.length; i++) {
      if (parameters[i] == null) {
        statement.setString(i + 1, null);
      } else {
        statement.setObject(i + 1, parameters[i]);
      }
    }
    return statement;
  }
}
