package io.zdmosc.postgres.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.sql.Types;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.postgresql.PGConnection;

/**
 * One connection with short ways to say what is said often. Parameters are sent without a type: the
 * statement gives it. Not thread-safe, but for {@link #cancel}.
 */
public final class Session implements AutoCloseable {
  private final Connection connection;
  private final Consumer<Session> onClose;
  private Deadline deadline;

  Session(Connection connection, Consumer<Session> onClose) {
    this.connection = connection;
    this.onClose = onClose;
  }

  public Connection connection() {
    return connection;
  }

  /**
   * From now on, in the transaction that is under way, all statements together may take this long;
   * the one that takes longer is cancelled by the server.
   */
  public void limit(Duration whole) {
    deadline = new Deadline(whole);
  }

  private void enforceDeadline() throws SQLException {
    if (deadline != null) {
      deadline.enforce(connection);
    }
  }

  /** Rolls back to a savepoint of {@link #connection}, settings included. */
  public void rollbackTo(Savepoint savepoint) throws SQLException {
    connection.rollback(savepoint);
    if (deadline != null) {
      deadline.forget();
    }
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
    enforceDeadline();
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

  public boolean test(String sql, Object... parameters) throws SQLException {
    return first(sql, row -> row.getBoolean(1), parameters).orElse(false);
  }

  /** Runs one statement with parameters; the number of rows it touched. */
  public long update(String sql, Object... parameters) throws SQLException {
    enforceDeadline();
    try (PreparedStatement statement = prepare(sql, parameters)) {
      return statement.executeLargeUpdate();
    }
  }

  /** Runs statements as they are, without parameters. */
  public void execute(String sql) throws SQLException {
    enforceDeadline();
    try (Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      statement.execute(sql);
    }
  }

  /**
   * Runs statements as they are, in one round trip. The driver does not see where an SQL body ends
   * that is followed by another statement, so each of those has one of its own.
   */
  public void executeAll(List<String> statements) throws SQLException {
    List<String> together = new ArrayList<>();
    for (String statement : statements) {
      if (statement.contains("BEGIN ATOMIC")) {
        executeTogether(together);
        execute(statement);
      } else {
        together.add(statement);
      }
    }
    executeTogether(together);
  }

  private void executeTogether(List<String> statements) throws SQLException {
    if (!statements.isEmpty()) {
      execute(String.join("; ", statements));
      statements.clear();
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

  /** Rolls back; a connection that is already broken has done so itself. */
  public void rollbackQuietly() {
    try {
      connection.rollback();
    } catch (SQLException e) {
      onClose.accept(this); // broken: the server rolls back when it notices
    }
  }

  /** Cancels the statement that runs now, if any. May be called from any thread. */
  public void cancel() {
    try {
      connection.unwrap(PGConnection.class).cancelQuery();
    } catch (SQLException e) {
      onClose.accept(this); // nothing to cancel on a broken connection
    }
  }

  @Override
  public void close() {
    onClose.accept(this);
    try {
      connection.close();
    } catch (SQLException e) {
      throw new IllegalStateException("could not close a connection", e);
    }
  }

  private PreparedStatement prepare(String sql, Object... parameters) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    for (int i = 0; i < parameters.length; i++) {
      statement.setObject(
          i + 1, parameters[i] == null ? null : parameters[i].toString(), Types.OTHER);
    }
    return statement;
  }
}
