package io.zdmosc.postgres.sql;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/**
 * Bounds all statements of a transaction together: before each one the server is told how much time
 * is left, as the statement's timeout. That is left out where the timeout in force is less than a
 * twentieth of the whole too long, so quick statements cost no further round trips, and the sum
 * stays within 105 % of the whole.
 */
final class Deadline {
  private static final long TOLERANCE = 20;

  private final long wholeNanos;
  private final long end;
  private long endInForce = Long.MAX_VALUE;

  Deadline(Duration whole) {
    this.wholeNanos = whole.toNanos();
    this.end = System.nanoTime() + wholeNanos;
  }

  void enforce(Connection connection) throws SQLException {
    long now = System.nanoTime();
    if (endInForce != Long.MAX_VALUE && now + endInForce - end <= wholeNanos / TOLERANCE) {
      return;
    }
    long left = Math.max(1_000_000, end - now);
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET LOCAL statement_timeout = '" + left / 1_000_000 + "ms'");
    }
    endInForce = left;
  }

  /** The server has gone back to an earlier setting. */
  void forget() {
    endInForce = Long.MAX_VALUE;
  }
}
