package io.zdmosc.postgres.stream;

import static io.zdmosc.postgres.sql.Sql.name;
import static io.zdmosc.postgres.sql.Sql.names;

import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.postgres.shadow.RowIdentity;
import io.zdmosc.postgres.sql.Failures;
import io.zdmosc.postgres.sql.Session;
import io.zdmosc.postgres.sql.SessionFactory;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** Makes what the change stream needs on the server, in the order that makes it work. */
public final class StreamObjects {
  private static final int COLUMN_LISTS_SINCE = 150000;
  private static final int GENERATED_COLUMNS_SINCE = 180000;
  private static final int TRIES = 100;

  private final SessionFactory sessions;
  private final Session session;
  private final Consumer<String> notes;

  /**
   * @param notes is told for whom the slot's creation waits
   */
  public StreamObjects(SessionFactory sessions, Session session, Consumer<String> notes) {
    this.sessions = sessions;
    this.session = session;
    this.notes = notes;
  }

  /**
   * Arranges the replica identity, then makes the publication, then the slot.
   *
   * @param viaRoot whether changes of partitions are to come as those of their table
   */
  public void create(
      String table, RowIdentity identity, boolean viaRoot, String publication, String slot)
      throws SQLException {
    if (!identity.arrange().isEmpty()) {
      patiently("ALTER TABLE " + table + " REPLICA IDENTITY " + identity.arrange(), "150ms");
    }
    int version =
        Integer.parseInt(
            session.text("SELECT current_setting('server_version_num')").orElseThrow());
    String columns =
        identity.columnList() && version >= COLUMN_LISTS_SINCE
            ? " (" + names(identity.sourceColumns()) + ")"
            : "";
    patiently(
        "CREATE PUBLICATION "
            + name(publication)
            + " FOR TABLE "
            + table
            + columns
            + options(viaRoot, version),
        "2s");
    try (SlotWait wait = SlotWait.watch(sessions, session, notes)) {
      session.text(
          "SELECT lsn::text FROM pg_create_logical_replication_slot(?::text, 'pgoutput')", slot);
    }
  }

  /**
   * Where the whole row is the replica identity, the server refuses the application's updates and
   * deletions when a stored generated column is not published.
   */
  private static String options(boolean viaRoot, int version) {
    List<String> options = new ArrayList<>();
    if (viaRoot) {
      options.add("publish_via_partition_root = true");
    }
    if (version >= GENERATED_COLUMNS_SINCE) {
      options.add("publish_generated_columns = stored");
    }
    return options.isEmpty() ? "" : " WITH (" + String.join(", ", options) + ")";
  }

  /**
   * Runs a statement that needs a lock, in short tries, so that nobody queues behind it for long.
   */
  private void patiently(String statement, String lockTimeout) throws SQLException {
    for (int attempt = 1; ; attempt++) {
      try {
        session.transaction(
            () -> {
              session.execute("SET LOCAL lock_timeout = '" + lockTimeout + "'");
              session.execute(statement);
              return null;
            });
        return;
      } catch (SQLException e) {
        if (!Failures.isLockTimeout(e)) {
          throw e;
        }
        if (attempt == TRIES) {
          throw new MigrationFailedException(
              "Could not get the lock for: " + statement + ".",
              "The source table is untouched.",
              "End the transactions that hold locks on the table, and run the migration again.",
              e);
        }
      }
      LockSupport.parkNanos(200_000_000);
    }
  }
}
