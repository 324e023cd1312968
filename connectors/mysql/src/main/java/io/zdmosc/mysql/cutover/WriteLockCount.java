package io.zdmosc.mysql.cutover;

import io.zdmosc.mysql.sql.Session;
import java.sql.SQLException;
import java.util.Optional;

/**
 * The server's {@code max_write_lock_count}: when so many strong locks on a table were granted one
 * after the other, statements that read or write rows come before the next one, however long it has
 * waited. A RENAME that waits behind a lock would then be passed by writes.
 */
public final class WriteLockCount {
  public static final String VARIABLE = "max_write_lock_count";

  /** In a row, without a moment in which nobody waited: nobody gets so far. */
  private static final long ENOUGH = 1_000_000;

  private WriteLockCount() {}

  /** The present value where it is too low for a RENAME to be sure of its turn; else empty. */
  public static Optional<Long> tooLow(Session session) throws SQLException {
    return session
        .first("SELECT @@GLOBAL." + VARIABLE, row -> row.getLong(1))
        .filter(value -> value < ENOUGH);
  }

  /** What makes it high enough. */
  public static String remedy() {
    return "SET GLOBAL " + VARIABLE + " = DEFAULT";
  }
}
