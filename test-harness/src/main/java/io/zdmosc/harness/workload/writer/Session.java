package io.zdmosc.harness.workload.writer;

import io.zdmosc.harness.workload.ConnectionSource;
import io.zdmosc.harness.workload.LatencyRecorder;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One connection, whose every round trip is timed. Used by one thread, but for {@link #abort}. */
final class Session implements AutoCloseable {
  private final ConnectionSource source;
  private final LatencyRecorder latencies;
  private final Optional<String> greeting;
  private volatile Connection connection;
  private int isolation;
  private boolean snapshot;
  private String lastStatement = "";
  private long statements;

  /**
   * Opens the connection.
   *
   * @param greeting a statement to run on every new connection
   */
  Session(ConnectionSource source, LatencyRecorder latencies, Optional<String> greeting)
      throws SQLException {
    this.source = source;
    this.latencies = latencies;
    this.greeting = greeting;
    reopen();
  }

  /** Drops the connection, if there is one, and opens another. */
  void reopen() throws SQLException {
    close();
    connection = source.open();
    snapshot = false;
    if (greeting.isPresent()) {
      execute(greeting.get());
    }
    isolation = connection.getTransactionIsolation();
  }

  Connection connection() {
    return connection;
  }

  long statements() {
    return statements;
  }

  /** Returns the latest statement's text, for error reports. */
  String lastStatement() {
    return lastStatement;
  }

  int update(String sql) throws SQLException {
    return timed(
        sql,
        () -> {
          try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            return statement.executeUpdate(sql);
          }
        });
  }

  /** Runs a statement, whatever it returns. */
  void execute(String sql) throws SQLException {
    timed(
        sql,
        () -> {
          try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            return statement.execute(sql);
          }
        });
  }

  List<List<String>> query(String sql) throws SQLException {
    return timed(
        sql,
        () -> {
          try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            return read(statement.executeQuery(sql));
          }
        });
  }

  /** Inserts one row and returns the key that the server has made. */
  String insertForKey(String sql, String keyName) throws SQLException {
    return timed(
        sql,
        () -> {
          try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.executeUpdate(sql, new String[] {keyName});
            return read(statement.getGeneratedKeys()).get(0).get(0);
          }
        });
  }

  /** Runs a prepared statement. */
  int updatePrepared(String sql, Binder parameters) throws SQLException {
    return timed(
        sql,
        () -> {
          try (PreparedStatement statement = connection.prepareStatement(sql)) {
            parameters.bind(statement);
            return statement.executeUpdate();
          }
        });
  }

  /** Runs a prepared query. */
  List<List<String>> queryPrepared(String sql, Binder parameters) throws SQLException {
    return timed(
        sql,
        () -> {
          try (PreparedStatement statement = connection.prepareStatement(sql)) {
            parameters.bind(statement);
            return read(statement.executeQuery());
          }
        });
  }

  private static List<List<String>> read(ResultSet rows) throws SQLException {
    List<List<String>> all = new ArrayList<>();
    int columns = rows.getMetaData().getColumnCount();
    while (rows.next()) {
      List<String> row = new ArrayList<>();
      for (int i = 1; i <= columns; i++) {
        row.add(rows.getString(i));
      }
      all.add(row);
    }
    return all;
  }

  void begin() throws SQLException {
    connection.setAutoCommit(false);
  }

  /** Begins a transaction that sees everything as of one moment, which is still to come. */
  void beginSnapshot() throws SQLException {
    connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    snapshot = true;
    begin();
  }

  void commit() throws SQLException {
    timed(
        "COMMIT",
        () -> {
          connection.commit();
          return 0;
        });
    connection.setAutoCommit(true);
  }

  /** Rolls back what is open, if the connection still lives, and returns to autocommit. */
  void rollback() {
    try {
      if (!connection.isClosed() && !connection.getAutoCommit()) {
        connection.rollback();
        connection.setAutoCommit(true);
      }
      if (snapshot) {
        connection.setTransactionIsolation(isolation);
        snapshot = false;
      }
    } catch (SQLException e) {
      abort();
    }
  }

  Savepoint savepoint() throws SQLException {
    return connection.setSavepoint();
  }

  void rollbackTo(Savepoint savepoint) throws SQLException {
    connection.rollback(savepoint);
  }

  /** Cuts the connection, also while another thread waits on it. */
  void abort() {
    try {
      connection.abort(Runnable::run);
    } catch (SQLException e) {
      // It is of no use any more either way.
    }
  }

  @Override
  public void close() {
    Connection old = connection;
    if (old != null) {
      try {
        old.close();
      } catch (SQLException e) {
        // It is of no use any more either way.
      }
    }
  }

  private <T> T timed(String sql, Call<T> call) throws SQLException {
    lastStatement = sql;
    statements++;
    long start = System.nanoTime();
    try {
      return call.run();
    } finally {
      latencies.record(System.nanoTime() - start);
    }
  }

  /** Sets the parameters of a prepared statement. */
  interface Binder {
    void bind(PreparedStatement statement) throws SQLException;
  }

  private interface Call<T> {
    T run() throws SQLException;
  }
}
