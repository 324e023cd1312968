package io.zdmosc.mysql.stream;

import io.zdmosc.mysql.sql.Failures;
import io.zdmosc.mysql.sql.Session;
import io.zdmosc.mysql.sql.SessionFactory;
import io.zdmosc.mysql.stream.wire.DumpRequest;
import java.sql.SQLException;
import java.util.Optional;

/**
 * The place in the log from which another process has to read, in the control schema.
 *
 * <p>It is written after everything before it has been flushed and committed. The server's own log
 * keeps commits in their order, so a crash that loses a flush loses this too. Written at most once
 * a second: to read again what was flushed does no harm. Thread-safe.
 */
public final class DurablePosition implements AutoCloseable {
  private static final long PAUSE_NANOS = 1_000_000_000;

  private static final String WRITE =
      """
      INSERT INTO zdm_osc.log_position (migration_id, file, file_offset, file_begun)
      VALUES (?, ?, ?, ?) ON DUPLICATE KEY UPDATE file = VALUES(file),
        file_offset = VALUES(file_offset), file_begun = VALUES(file_begun)\
      """;

  private final SessionFactory sessions;
  private final long migrationId;
  private final FileIdentity files;
  private Session session;
  private BinlogPosition written;
  private long writtenNanos;

  DurablePosition(SessionFactory sessions, long migrationId, FileIdentity files) {
    this.sessions = sessions;
    this.migrationId = migrationId;
    this.files = files;
  }

  /** Where to begin to read, and when that file was begun. */
  public record Place(BinlogPosition position, long begun) {}

  /** The last one that was written. */
  public static Optional<Place> read(Session session, long migrationId) throws SQLException {
    return session.first(
        "SELECT file, file_offset, file_begun FROM zdm_osc.log_position WHERE migration_id = ?",
        row -> new Place(BinlogPosition.of(row.getString(1), row.getLong(2)), row.getLong(3)),
        migrationId);
  }

  /** Writes it, unless one was written a moment ago, or no reader could begin there. */
  synchronized void write(BinlogPosition position) {
    Optional<Long> begun = files.begun(position.file());
    boolean soon = writtenNanos != 0 && System.nanoTime() - writtenNanos < PAUSE_NANOS;
    if (soon
        || begun.isEmpty()
        || position.equals(written)
        || position.offset() >= DumpRequest.OFFSET_LIMIT) {
      return;
    }
    try {
      if (session == null) {
        session = sessions.open("position");
      }
      session.update(WRITE, migrationId, position.file(), position.offset(), begun.get());
    } catch (SQLException e) {
      throw Failures.failed("recording the place in the binary log", e);
    }
    written = position;
    writtenNanos = System.nanoTime();
  }

  @Override
  public synchronized void close() {
    if (session != null) {
      session.close();
      session = null;
    }
  }
}
