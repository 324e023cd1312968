package io.zdmosc.harness.rules;

import io.zdmosc.harness.server.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A commit of the application that waits for a synchronous standby: it is in the log and delivered
 * by the change stream, but no new snapshot sees it. Needs a server whose {@code
 * synchronous_standby_names} names a standby that does not answer.
 */
final class HeldCommit implements AutoCloseable {

  private final TestDatabase database;
  private final Connection connection;
  private final int pid;
  private final CompletableFuture<Void> commit;

  private HeldCommit(TestDatabase database, String sql) throws SQLException {
    this.database = database;
    this.connection = database.connect();
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET synchronous_commit = on");
      try (var row = statement.executeQuery("SELECT pg_backend_pid()")) {
        row.next();
        pid = row.getInt(1);
      }
    }
    commit =
        Background.run(
            () -> {
              try (Statement statement = connection.createStatement()) {
                statement.execute(sql);
              }
            });
  }

  /** Runs the statement and returns when its commit waits for the standby. */
  static HeldCommit of(TestDatabase database, String sql) throws SQLException {
    HeldCommit held = new HeldCommit(database, sql);
    try (Connection watch = database.connect();
        PreparedStatement query =
            watch.prepareStatement(
                "SELECT wait_event FROM pg_stat_activity WHERE pid = " + held.pid)) {
      Until.holds("the commit waits for the standby: " + sql, () -> waits(query));
    }
    return held;
  }

  private static boolean waits(PreparedStatement query) throws SQLException {
    try (ResultSet row = query.executeQuery()) {
      return row.next() && "SyncRep".equals(row.getString(1));
    }
  }

  /**
   * Lets the commit become visible, as the standby's answer would: a cancelled wait leaves the
   * server by the same door. Returns when the application has its answer.
   */
  void release() throws SQLException {
    if (!commit.isDone()) {
      database.queryText("SELECT pg_cancel_backend(" + pid + ")");
      commit.orTimeout(30, TimeUnit.SECONDS).join();
    }
  }

  @Override
  public void close() throws SQLException {
    release();
    connection.close();
  }
}
