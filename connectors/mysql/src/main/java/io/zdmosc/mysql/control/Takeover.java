package io.zdmosc.mysql.control;

import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.mysql.sql.Session;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Ends the connections of a migration's earlier process. The server carries out to its end the
 * statement of a client that has died, an ALTER TABLE or a RENAME for example, and a connection
 * whose client sleeps stays for hours.
 */
final class Takeover {
  private static final long PATIENCE_NANOS = 60_000_000_000L;
  private static final int NO_SUCH_THREAD = 1094;

  private final Session session;
  private final long migrationId;

  Takeover(Session session, long migrationId) {
    this.session = session;
    this.migrationId = migrationId;
  }

  @FunctionalInterface
  private interface Connections {
    List<Long> read() throws SQLException;
  }

  /** Ends the one that holds the lease. */
  void endLease() throws SQLException {
    end(
        () ->
            session.query(
                "SELECT id FROM (SELECT IS_USED_LOCK(?) AS id) AS l WHERE id IS NOT NULL",
                row -> row.getLong(1),
                MigrationNames.lease(migrationId)));
  }

  /** Ends all others, and waits until they are gone. */
  void endWorkers() throws SQLException {
    end(() -> MigrationGuard.holders(session, migrationId));
  }

  private void end(Connections connections) throws SQLException {
    long until = System.nanoTime() + PATIENCE_NANOS;
    for (List<Long> ids = connections.read(); !ids.isEmpty(); ids = connections.read()) {
      for (long id : ids) {
        kill(id);
      }
      if (System.nanoTime() - until > 0) {
        throw new MigrationFailedException(
            "Connections of the earlier process of migration "
                + migrationId
                + " do not end: "
                + ids
                + ".",
            "The source table is untouched.",
            "End them, and try again.");
      }
      LockSupport.parkNanos(20_000_000);
    }
  }

  private void kill(long id) throws SQLException {
    try {
      session.execute("KILL CONNECTION " + id);
    } catch (SQLException e) {
      if (e.getErrorCode() != NO_SUCH_THREAD) {
        throw e;
      }
    }
  }
}
