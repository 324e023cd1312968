package io.zdmosc.mysql.sql;

import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.engine.error.Problem;
import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.engine.error.ZdmException;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Tells the kinds of server errors apart and words them. */
public final class Failures {
  private static final String UNTOUCHED = "The source table is untouched.";

  private static final Set<Integer> DUPLICATE = Set.of(1062, 1586, 1761, 1762, 1859);
  private static final Set<Integer> LOCK_WAIT = Set.of(1205, 1213, 3572);
  private static final Set<Integer> CANCELLED = Set.of(1317, 1969, 3024);
  private static final Set<Integer> LOST = Set.of(1053, 1927, 2006, 2013, 3169, 4031);
  private static final Set<Integer> DENIED = Set.of(1044, 1045, 1142, 1143, 1227, 1370, 3530);
  private static final Set<Integer> FULL = Set.of(1041, 1197, 1037, 1038);

  /** ER_DISK_FULL, and ER_RECORD_FILE_FULL as InnoDB says it when a file cannot grow. */
  private static final Set<Integer> DISK_FULL = Set.of(1021, 1114);

  /** As errors of reading and writing say it. */
  private static final Pattern NO_SPACE =
      Pattern.compile("(?i)no space left on device|(errno|errcode|os errno|error)[: ]+28\\b");

  /** Constraint violations and values that do not fit, whose SQLSTATE is the general one. */
  private static final Set<Integer> BAD_DATA =
      Set.of(
          1048, 1263, 1264, 1265, 1364, 1366, 1292, 1406, 1407, 1411, 1416, 1425, 1525, 1526, 1690,
          3140, 3141, 3156, 3157, 3643, 3751, 3819, 4025, 4078);

  private static final Set<Integer> TOO_WIDE = Set.of(1117, 1118);

  /** MariaDB's; the storage engine's number stands in the message. */
  private static final int CANNOT_CREATE = 1005;

  /** For the server, for the user, and for the user by his account. */
  private static final Set<Integer> TOO_MANY_CONNECTIONS = Set.of(1040, 1203, 1226);

  private Failures() {}

  /** Two rows meet on a unique index. */
  public static boolean isUniqueConflict(SQLException e) {
    return DUPLICATE.contains(e.getErrorCode());
  }

  /** A value that the new table cannot take: data exceptions and integrity violations. */
  public static boolean isBadData(SQLException e) {
    String state = String.valueOf(e.getSQLState());
    return BAD_DATA.contains(e.getErrorCode()) || state.startsWith("22") || state.startsWith("23");
  }

  /** A table is not there any more, by this name at least. */
  public static boolean isUndefinedTable(SQLException e) {
    return e.getErrorCode() == 1146 || e.getErrorCode() == 1051;
  }

  /** A lock was not granted in time, or the server found a circle of locks and chose us. */
  public static boolean isLockTimeout(SQLException e) {
    return LOCK_WAIT.contains(e.getErrorCode());
  }

  /** A table would have more columns, or longer rows, than there can be. */
  public static boolean isTooWide(SQLException e) {
    return TOO_WIDE.contains(e.getErrorCode())
        || e.getErrorCode() == CANNOT_CREATE && words(e).contains("errno: 185 ");
  }

  /** Somebody cancelled the statement: the run is being stopped, or an administrator did. */
  public static boolean isCancelled(SQLException e) {
    return CANCELLED.contains(e.getErrorCode());
  }

  /** The user lacks a right. */
  public static boolean isDenied(SQLException e) {
    return DENIED.contains(e.getErrorCode());
  }

  /** The connection is gone, or the server is going. */
  public static boolean isConnectionLoss(SQLException e) {
    String state = String.valueOf(e.getSQLState());
    return LOST.contains(e.getErrorCode()) || state.startsWith("08");
  }

  /**
   * The server's words, without the number of the connection that one of the drivers puts first.
   */
  public static String words(Exception e) {
    return String.valueOf(e.getMessage()).replaceFirst("^\\(conn=\\d+\\) ", "");
  }

  public static MigrationFailedException failed(String doing, SQLException e) {
    return failure("Broke off while " + doing + ": " + words(e), next(e), e);
  }

  /** The same, when nothing was done yet: who lacks a right is refused. */
  public static ZdmException failedBefore(String doing, SQLException e) {
    return isDenied(e)
        ? new RefusedException(List.of(new Problem(doing, words(e), next(e))), e)
        : failed(doing, e);
  }

  /** A failure before the swap, of a kind that passes or not, as the server's error says. */
  public static MigrationFailedException failure(String message, String next, SQLException e) {
    return isPassing(e)
        ? MigrationFailedException.passing(message, UNTOUCHED, next, e)
        : new MigrationFailedException(message, UNTOUCHED, next, e);
  }

  /** The server has no room left; what was not committed for it is rolled back. */
  public static boolean isFullDisk(SQLException e) {
    return DISK_FULL.contains(e.getErrorCode()) || NO_SPACE.matcher(words(e)).find();
  }

  /** What may be over in a moment: a lost connection, a server that starts or is full, a lock. */
  private static boolean isPassing(SQLException e) {
    return isFullDisk(e)
        || isConnectionLoss(e)
        || isLockTimeout(e)
        || TOO_MANY_CONNECTIONS.contains(e.getErrorCode());
  }

  private static String next(SQLException e) {
    if (isFullDisk(e)) {
      return "Make room on the server's disk; then the migration goes on: zdm-osc resume, or zdm-osc"
          + " cleanup to remove what it has built.";
    }
    if (isDenied(e)) {
      return "GRANT the user what the message says, or connect as one who has it; then run the command"
          + " again.";
    }
    if (FULL.contains(e.getErrorCode())) {
      return "Free the resource that the server lacks, and run the migration again.";
    }
    if (isConnectionLoss(e)) {
      return "When the server is back: zdm-osc cleanup, then run the migration again.";
    }
    return "Run the migration again once the cause is gone.";
  }
}
