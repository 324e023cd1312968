package io.zdmosc.mysql.control;

import io.zdmosc.engine.error.LeaseLostException;
import io.zdmosc.mysql.sql.Session;
import io.zdmosc.mysql.sql.SessionFactory;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Keeps a process that has lost its lease without knowing from touching the migration.
 *
 * <p>Each connection first takes one of the migration's numbered locks, and then looks at the
 * migration's epoch. Who takes the migration over raises the epoch first and then ends whoever
 * holds one of the locks. So a connection either has its lock by then, and is ended, or looks at
 * the epoch later, and finds it raised.
 */
final class MigrationGuard implements SessionFactory.Guard {
  /** More connections than a migration can have at the same time, those included that linger. */
  private static final int LOCKS = 400;

  private final long migrationId;
  private final long epoch;
  private final AtomicInteger next = new AtomicInteger();

  MigrationGuard(long migrationId, long epoch) {
    this.migrationId = migrationId;
    this.epoch = epoch;
  }

  @Override
  public void admit(Session session) throws SQLException {
    takeLock(session);
    long present =
        session
            .first(
                "SELECT epoch FROM zdm_osc.migration WHERE id = ?",
                row -> row.getLong(1),
                migrationId)
            .orElse(0L);
    if (present != epoch) {
      throw new LeaseLostException(migrationId);
    }
  }

  private void takeLock(Session session) throws SQLException {
    for (int attempt = 0; attempt < LOCKS; attempt++) {
      int number = Math.floorMod(next.getAndIncrement(), LOCKS);
      if (session.test("SELECT GET_LOCK(?, 0)", name(migrationId, number))) {
        return;
      }
    }
    throw new SQLException("all locks of migration " + migrationId + " are taken", "08004");
  }

  /** The connections that hold one of the locks. */
  static List<Long> holders(Session session, long migrationId) throws SQLException {
    String query =
        IntStream.range(0, LOCKS)
            .mapToObj(number -> "SELECT IS_USED_LOCK('" + name(migrationId, number) + "') AS id")
            .collect(Collectors.joining(" UNION ALL "));
    return session.read(
        "SELECT id FROM (" + query + ") AS locks WHERE id IS NOT NULL", row -> row.getLong(1));
  }

  private static String name(long migrationId, int number) {
    return MigrationNames.lease(migrationId) + "_" + number;
  }
}
