package io.zdmosc.mysql.stream;

import io.zdmosc.mysql.sql.Failures;
import io.zdmosc.mysql.sql.Session;
import io.zdmosc.mysql.sql.SessionFactory;
import java.sql.SQLException;
import java.util.List;

/**
 * Commits marks of our own among those of the application: the migration's row in the control table
 * {@code zdm_osc.fence}. They come out of the stream in their place.
 *
 * <p>Thread-safe; opens its connection when it is first needed.
 */
public final class FenceWriter implements AutoCloseable {
  static final String SCHEMA = "zdm_osc";
  static final String TABLE = "fence";
  static final List<String> COLUMNS = List.of("migration_id", "token");
  static final String SETTLED = "settled";
  private static final String WRITE =
      "INSERT INTO `zdm_osc`.`fence` (migration_id, token) VALUES (?, ?)"
          + " ON DUPLICATE KEY UPDATE token = VALUES(token), written_at = CURRENT_TIMESTAMP(6)";

  private final SessionFactory sessions;
  private final long migrationId;
  private Session session;

  public FenceWriter(SessionFactory sessions, long migrationId) {
    this.sessions = sessions;
    this.migrationId = migrationId;
  }

  /** Commits a fence. */
  public synchronized void write(String token) {
    try {
      if (session == null) {
        session = sessions.open("fence");
        // a statement in the log is no fence; to set it takes a right that we may not have
        if (!session.test("SELECT @@SESSION.binlog_format = 'ROW'")) {
          session.execute("SET SESSION binlog_format = ROW");
        }
      }
      session.update(WRITE, migrationId, token);
    } catch (SQLException e) {
      throw Failures.failure(
          "Could not write a fence into the log: " + Failures.words(e),
          "Run the migration again.",
          e);
    }
  }

  /**
   * Returns when everything that stood in the log before is visible to reads that begin from then
   * on. The server makes commits visible in the order in which they stand in the log ({@code
   * binlog_order_commits} on MySQL; MariaDB knows no other way): so when a commit of our own has
   * returned, those before it are done too, however long they were held up between log and engine.
   */
  void passCommits() {
    write(SETTLED);
  }

  @Override
  public synchronized void close() {
    if (session != null) {
      session.close();
      session = null;
    }
  }
}
