package io.zdmosc.mysql.stream;

import io.zdmosc.engine.concurrent.ThreadFailure;
import io.zdmosc.mysql.sql.Failures;
import io.zdmosc.mysql.sql.Session;
import io.zdmosc.mysql.sql.SessionFactory;
import io.zdmosc.mysql.stream.wire.DumpRequest;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * The place in the log from which another process has to read, in the control schema.
 *
 * <p>It is written after everything before it has been flushed and committed. The server's own log
 * keeps commits in their order, so a crash that loses a flush loses this too. Written at most once
 * a second: to read again what was flushed does no harm. It is written on a thread of its own: a
 * commit can take long where replicas have to acknowledge it, and the flush does not wait for this
 * one. Thread-safe.
 */
public final class DurablePosition implements AutoCloseable {
  private static final long PAUSE_NANOS = 1_000_000_000;
  private static final long CLOSE_SECONDS = 2;

  private static final String WRITE =
      """
      INSERT INTO zdm_osc.log_position (migration_id, file, file_offset, file_begun)
      VALUES (?, ?, ?, ?) ON DUPLICATE KEY UPDATE file = VALUES(file),
        file_offset = VALUES(file_offset), file_begun = VALUES(file_begun)\
      """;

  private final SessionFactory sessions;
  private final long migrationId;
  private final FileIdentity files;
  private final ExecutorService writer =
      Executors.newSingleThreadExecutor(
          work -> {
            Thread thread = new Thread(work, "zdm-osc-position");
            thread.setDaemon(true);
            return thread;
          });
  private volatile Session session;
  private BinlogPosition asked;
  private long askedNanos;
  private boolean writing;
  private RuntimeException failure;

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

  /**
   * Has it written, unless one was written a moment ago, or no reader could begin there. Throws
   * when an earlier one could not be written.
   */
  synchronized void write(BinlogPosition position) {
    if (failure != null) {
      throw failure;
    }
    Optional<Long> begun = files.begun(position.file());
    boolean soon = askedNanos != 0 && System.nanoTime() - askedNanos < PAUSE_NANOS;
    if (soon
        || writing
        || writer.isShutdown()
        || begun.isEmpty()
        || position.equals(asked)
        || position.offset() >= DumpRequest.OFFSET_LIMIT) {
      return;
    }
    asked = position;
    askedNanos = System.nanoTime();
    writing = true;
    writer.execute(() -> store(position, begun.get()));
  }

  private void store(BinlogPosition position, long begun) {
    RuntimeException broken = null;
    try {
      if (session == null) {
        session = sessions.open("position");
      }
      session.update(WRITE, migrationId, position.file(), position.offset(), begun);
    } catch (SQLException e) {
      broken = Failures.failed("recording the place in the binary log", e);
    } catch (RuntimeException | Error e) {
      broken = ThreadFailure.of(e);
    }
    stored(broken);
  }

  private synchronized void stored(RuntimeException broken) {
    writing = false;
    failure = broken;
  }

  @Override
  public void close() {
    writer.shutdown();
    if (!ends()) {
      Session stuck = session;
      if (stuck != null) {
        stuck.cancel();
      }
      ends();
    }
    if (session != null) {
      session.close();
    }
  }

  private boolean ends() {
    try {
      return writer.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
