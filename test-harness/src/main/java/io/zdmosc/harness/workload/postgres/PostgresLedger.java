package io.zdmosc.harness.workload.postgres;

import io.zdmosc.harness.workload.table.CommitOutcome;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The proof of commits whose acknowledgement was lost.
 *
 * <p>{@code txid_status} alone is not proof: after a crash the server may give an id again that
 * never reached the disk. So it only says whether the server is done with the transaction; whether
 * it was committed is said by a row that the transaction left.
 */
final class PostgresLedger {
  private static final String TABLE = "zdm_workload_ledger";

  private PostgresLedger() {}

  static void create(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE IF NOT EXISTS " + TABLE + " (entry text PRIMARY KEY)");
    }
  }

  static String write(Connection connection, String entry) throws SQLException {
    String sql = "INSERT INTO " + TABLE + " VALUES (?) RETURNING txid_current()";
    return single(connection, sql, entry);
  }

  static CommitOutcome outcome(Connection connection, String entry, String transactionId)
      throws SQLException {
    if ("in progress".equals(status(connection, transactionId))) {
      return CommitOutcome.IN_PROGRESS;
    }
    String found = single(connection, "SELECT entry FROM " + TABLE + " WHERE entry = ?", entry);
    return found == null ? CommitOutcome.ABORTED : CommitOutcome.COMMITTED;
  }

  private static String status(Connection connection, String transactionId) throws SQLException {
    try {
      return single(connection, "SELECT txid_status(CAST(? AS bigint))", transactionId);
    } catch (SQLException e) {
      if ("22023".equals(e.getSQLState())) {
        return "never reached the disk";
      }
      throw e;
    }
  }

  private static String single(Connection connection, String sql, String parameter)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, parameter);
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next() ? rows.getString(1) : null;
      }
    }
  }
}
