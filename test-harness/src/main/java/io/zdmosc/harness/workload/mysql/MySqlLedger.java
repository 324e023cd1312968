package io.zdmosc.harness.workload.mysql;

import io.zdmosc.harness.workload.table.CommitOutcome;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The proof of commits whose acknowledgement was lost: a row that the transaction left. Who reads
 * it with a lock waits for the transaction, if it still goes on, so the answer is final.
 */
final class MySqlLedger {
  private static final String TABLE = "zdm_workload_ledger";
  private static final int LOCK_WAIT_TIMEOUT = 1205;

  private MySqlLedger() {}

  static void create(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE IF NOT EXISTS "
              + TABLE
              + " (entry varchar(64) CHARACTER SET ascii PRIMARY KEY)");
    }
  }

  static String write(Connection connection, String entry) throws SQLException {
    String sql = "INSERT INTO " + TABLE + " VALUES (?)";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, entry);
      statement.executeUpdate();
      return entry;
    }
  }

  static CommitOutcome outcome(Connection connection, String entry) throws SQLException {
    String sql = "SELECT entry FROM " + TABLE + " WHERE entry = ? LOCK IN SHARE MODE";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, entry);
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next() ? CommitOutcome.COMMITTED : CommitOutcome.ABORTED;
      }
    } catch (SQLException e) {
      if (e.getErrorCode() == LOCK_WAIT_TIMEOUT) {
        return CommitOutcome.IN_PROGRESS;
      }
      throw e;
    }
  }
}
