package io.zdmosc.postgres.control;

import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.postgres.sql.Session;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Ends the connections of a migration's earlier process. A connection whose client has died goes on
 * with its statement until it has an answer to give; one whose client sleeps waits for ever.
 */
final class Takeover {
  private static final long PATIENCE_NANOS = 60_000_000_000L;

  private static final String HOLDERS =
      """
      SELECT l.pid FROM pg_locks l
       WHERE l.locktype = 'advisory' AND l.classid = ?::int::oid
         AND l.objid = (?::bigint & 4294967295)::oid AND l.objsubid = 2
         AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
         AND l.pid <> pg_backend_pid()\
      """;

  private final Session session;
  private final long migrationId;

  Takeover(Session session, long migrationId) {
    this.session = session;
    this.migrationId = migrationId;
  }

  /** Ends the one that holds the lease. */
  void endLease() throws SQLException {
    end(HOLDERS, ControlSchema.LOCK_CLASS);
  }

  /** Ends all others, and waits until they are gone. */
  void endWorkers() throws SQLException {
    end(HOLDERS, ControlSchema.GUARD_CLASS);
    String slot = MigrationNames.slot(session, migrationId);
    end("SELECT active_pid FROM pg_replication_slots WHERE slot_name = ?::text AND active", slot);
  }

  private void end(String query, Object parameter) throws SQLException {
    long until = System.nanoTime() + PATIENCE_NANOS;
    for (List<Long> pids = pids(query, parameter); !pids.isEmpty(); pids = pids(query, parameter)) {
      for (long pid : pids) {
        session.text("SELECT pg_terminate_backend(?::int)::text", pid);
      }
      if (System.nanoTime() - until > 0) {
        throw new MigrationFailedException(
            "Connections of the earlier process of migration "
                + migrationId
                + " do not end: "
                + pids
                + ".",
            "The source table is untouched.",
            "End them, and try again.");
      }
      LockSupport.parkNanos(20_000_000);
    }
  }

  private List<Long> pids(String query, Object parameter) throws SQLException {
    return query.equals(HOLDERS)
        ? session.query(query, row -> row.getLong(1), parameter, migrationId)
        : session.query(query, row -> row.getLong(1), parameter);
  }
}
