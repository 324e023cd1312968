package io.zdmosc.harness.workload.mysql;

import io.zdmosc.harness.workload.table.Conflict;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;

/** What the servers' error numbers mean to the workload. */
final class MySqlErrors {
  private static final int DEADLOCK = 1213;

  /** What MariaDB says to the victim of a deadlock that waits for the table's counter. */
  private static final int COUNTER_NOT_READ = 1467;

  private static final int LOCK_WAIT_TIMEOUT = 1205;

  /** MariaDB: the row was changed since the snapshot of this transaction, which wants to write. */
  private static final int CHANGED_SINCE_SNAPSHOT = 1020;

  /**
   * Unknown column, unknown table, NULL into NOT NULL, no default, no fit for the type in its
   * variants, generated column written, no JSON. Not among them is 1412, the table has changed
   * since the snapshot: no application wants to see that.
   */
  private static final Set<Integer> SHAPE_ERRORS =
      Set.of(1054, 1146, 1048, 1364, 1264, 1265, 1292, 1366, 1406, 3105, 1906, 3140);

  /** Shutdown, connection killed, gone away, lost. */
  private static final Set<Integer> LOSSES = Set.of(1053, 1927, 2006, 2013);

  private MySqlErrors() {}

  static boolean isShapeError(SQLException error) {
    return SHAPE_ERRORS.contains(error.getErrorCode());
  }

  static Optional<Conflict> conflict(SQLException error) {
    return switch (error.getErrorCode()) {
      case DEADLOCK, COUNTER_NOT_READ, CHANGED_SINCE_SNAPSHOT -> Optional.of(Conflict.DEADLOCK);
      case LOCK_WAIT_TIMEOUT -> Optional.of(Conflict.LOCK_WAIT);
      default -> Optional.empty();
    };
  }

  static boolean isConnectionLoss(SQLException error) {
    String state = error.getSQLState();
    return LOSSES.contains(error.getErrorCode()) || (state != null && state.startsWith("08"));
  }
}
