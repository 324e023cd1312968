package io.zdmosc.postgres.sql;

import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.engine.error.Problem;
import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.engine.error.ZdmException;
import java.sql.SQLException;
import java.util.List;

/** Tells the kinds of server errors apart and words them. */
public final class Failures {
  private static final String UNTOUCHED = "The source table is untouched.";

  private Failures() {}

  /** Two rows meet on a unique or exclusion constraint. */
  public static boolean isUniqueConflict(SQLException e) {
    return "23505".equals(e.getSQLState()) || "23P01".equals(e.getSQLState());
  }

  /** A value that the new table cannot take: data exceptions and integrity violations. */
  public static boolean isBadData(SQLException e) {
    String state = String.valueOf(e.getSQLState());
    return state.startsWith("22") || state.startsWith("23");
  }

  /** A value that is none of its type, or cannot be converted: data exceptions. */
  public static boolean isBadValue(SQLException e) {
    return String.valueOf(e.getSQLState()).startsWith("22");
  }

  /** A table is not there any more, by this name at least. */
  public static boolean isUndefinedTable(SQLException e) {
    return "42P01".equals(e.getSQLState());
  }

  /** A lock was not granted in time, or another session was in the way of a deadlock check. */
  public static boolean isLockTimeout(SQLException e) {
    return "55P03".equals(e.getSQLState()) || "40P01".equals(e.getSQLState());
  }

  /** The server chose this transaction to give way to another one; tried again, it may succeed. */
  public static boolean isGivingWay(SQLException e) {
    return "40001".equals(e.getSQLState()) || "40P01".equals(e.getSQLState());
  }

  /** The role lacks a right. */
  public static boolean isDenied(SQLException e) {
    return "42501".equals(e.getSQLState());
  }

  /** Somebody cancelled the statement: the run is being stopped, or an administrator did. */
  public static boolean isCancelled(SQLException e) {
    return "57014".equals(e.getSQLState());
  }

  public static MigrationFailedException failed(String doing, SQLException e) {
    return failure("Broke off while " + doing + ": " + e.getMessage(), next(e), e);
  }

  /** The same, when nothing was done yet: who lacks a right is refused. */
  public static ZdmException failedBefore(String doing, SQLException e) {
    return isDenied(e)
        ? new RefusedException(List.of(new Problem(doing, e.getMessage(), next(e))), e)
        : failed(doing, e);
  }

  /** A failure before the swap, of a kind that passes or not, as the server's error says. */
  public static MigrationFailedException failure(String message, String next, SQLException e) {
    return isPassing(e)
        ? MigrationFailedException.passing(message, UNTOUCHED, next, e)
        : new MigrationFailedException(message, UNTOUCHED, next, e);
  }

  /**
   * What may be over in a moment: a connection that was lost, a server that starts, has too many
   * connections or no room on its disk, a deadlock, a serialization failure, a slot whose last
   * reader is not gone yet.
   */
  private static boolean isPassing(SQLException e) {
    String state = String.valueOf(e.getSQLState());
    return isConnectionLoss(e)
        || state.equals("57P03")
        || state.equals("53300")
        || isFullDisk(e)
        || state.equals("40001")
        || state.equals("40P01")
        || state.equals("55006");
  }

  /** The server has no room left; what was not committed for it is rolled back. */
  public static boolean isFullDisk(SQLException e) {
    return "53100".equals(e.getSQLState())
        || "58030".equals(e.getSQLState())
            && String.valueOf(e.getMessage()).contains("No space left on device");
  }

  private static String next(SQLException e) {
    String state = String.valueOf(e.getSQLState());
    if (isFullDisk(e)) {
      return "Make room on the server's disk; then the migration goes on: zdm-osc resume, or zdm-osc"
          + " cleanup to remove what it has built.";
    }
    if (isDenied(e)) {
      return "Connect as a role that may, such as the one that has run zdm-osc before, or GRANT it to"
          + " this one; then run the command again.";
    }
    if (state.startsWith("53")) {
      return "Free the resource that the server lacks, and run the migration again.";
    }
    if (state.startsWith("08") || state.startsWith("57P")) {
      return "When the server is back: zdm-osc cleanup, then run the migration again.";
    }
    return "Run the migration again once the cause is gone.";
  }

  /** The connection is gone, or the server is going. */
  public static boolean isConnectionLoss(SQLException e) {
    String state = String.valueOf(e.getSQLState());
    return state.startsWith("08") || state.equals("57P01") || state.equals("57P02");
  }
}
