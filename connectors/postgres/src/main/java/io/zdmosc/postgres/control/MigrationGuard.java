package io.zdmosc.postgres.control;

import io.zdmosc.engine.error.LeaseLostException;
import io.zdmosc.postgres.sql.SessionFactory;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Keeps a process that has lost its lease without knowing from touching the migration.
 *
 * <p>Each connection first takes a lock that all of the migration's connections share, and then
 * looks at the migration's epoch. Who takes the migration over raises the epoch first and then ends
 * all holders of the lock. So a connection either has the lock by then, and is ended, or looks at
 * the epoch later, and finds it raised.
 */
record MigrationGuard(long migrationId, long epoch) implements SessionFactory.Guard {

  @Override
  public void admit(Statement statement) throws SQLException {
    statement.execute(
        "SELECT pg_advisory_lock_shared("
            + ControlSchema.GUARD_CLASS
            + ", "
            + (int) migrationId
            + ")");
    try (ResultSet row =
        statement.executeQuery("SELECT epoch FROM zdm_osc.migration WHERE id = " + migrationId)) {
      if (!row.next() || row.getLong(1) != epoch) {
        throw new LeaseLostException(migrationId);
      }
    }
  }
}
