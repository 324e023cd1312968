package io.zdmosc.postgres.stream;

import io.zdmosc.engine.concurrent.ThreadFailure;
import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.engine.spi.ChangeListener;
import io.zdmosc.engine.spi.ChangeStream;
import io.zdmosc.engine.spi.Position;
import io.zdmosc.postgres.sql.Failures;
import io.zdmosc.postgres.sql.Session;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.postgresql.PGConnection;
import org.postgresql.replication.PGReplicationStream;

/**
 * Reads {@code pgoutput} straight from the driver.
 *
 * <p>Key values are the server's own text, so a key of any type goes through unharmed. Nothing but
 * {@link #acknowledge} moves what the slot confirms. It needs no second connection to the catalog,
 * so the stream goes on while the cut-over holds its lock.
 */
public final class PgOutputStream implements ChangeStream {
  private static final long STATUS_NANOS = 500_000_000;
  private static final long IDLE_NANOS = 300_000;
  private static final int STATUS_SECONDS = 5;

  private final StreamSettings settings;
  private final FenceWriter fences;
  private final Thread thread = new Thread(this::run, "zdm-stream");
  private volatile boolean closed;
  private volatile Lsn acknowledged = new Lsn(0);
  private ChangeListener listener;

  public PgOutputStream(StreamSettings settings) {
    this.settings = settings;
    this.fences = new FenceWriter(settings.sessions());
  }

  @Override
  public void start(ChangeListener target) {
    listener = target;
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void acknowledge(Position position) {
    acknowledged = (Lsn) position;
  }

  @Override
  public void writeFence(String token) {
    fences.write(token);
  }

  @Override
  public void close() {
    closed = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    fences.close();
  }

  private void run() {
    try {
      SlotCheck.requireUsable(settings);
      PGConnection connection = settings.sessions().openReplication("stream");
      // closing the stream politely would wait for the rest of a transaction: hang up instead
      try (Connection hangUp = (Connection) connection) {
        PGReplicationStream stream = open(connection);
        read(stream);
        report(stream);
      }
    } catch (SQLException e) {
      failed(e);
    } catch (RuntimeException | Error e) {
      listener.onFailure(ThreadFailure.of(e));
    }
  }

  private void failed(SQLException e) {
    if (!closed) {
      listener.onFailure(
          Failures.failure(
              "The change stream broke off: " + e.getMessage(), "Run the migration again.", e));
    }
  }

  private PGReplicationStream open(PGConnection replication) throws SQLException {
    return replication
        .getReplicationAPI()
        .replicationStream()
        .logical()
        .withSlotName(settings.slot())
        .withSlotOption("proto_version", 1)
        .withSlotOption("publication_names", settings.publication())
        .withSlotOption("messages", true)
        .withStatusInterval(STATUS_SECONDS, TimeUnit.SECONDS)
        .withAutomaticFlush(false)
        .start();
  }

  private void read(PGReplicationStream stream) throws SQLException {
    PgOutputDecoder decoder =
        new PgOutputDecoder(settings.tableOid(), settings.keyColumns(), listener);
    long reported = System.nanoTime();
    while (!closed) {
      ByteBuffer message = listener.ready() ? stream.readPending() : null;
      if (message != null) {
        decoder.decode(message);
      } else {
        idle(stream, decoder);
      }
      if (System.nanoTime() - reported > STATUS_NANOS) {
        report(stream);
        reported = System.nanoTime();
      }
    }
  }

  /**
   * Nothing to read, or no room: what the server's keep-alives say it has passed counts as
   * progress, but only between transactions.
   */
  private void idle(PGReplicationStream stream, PgOutputDecoder decoder) {
    if (!decoder.inTransaction() && stream.getLastReceiveLSN() != null) {
      listener.onProgress(new Lsn(stream.getLastReceiveLSN().asLong()));
    }
    LockSupport.parkNanos(IDLE_NANOS);
  }

  private void report(PGReplicationStream stream) throws SQLException {
    Lsn position = acknowledged;
    if (position.value() != 0) {
      stream.setFlushedLSN(position.toDriver());
      stream.setAppliedLSN(position.toDriver());
    }
    stream.forceUpdateStatus();
  }

  /** Looks at the slot before it is used. */
  static final class SlotCheck {
    private SlotCheck() {}

    static void requireUsable(StreamSettings settings) throws SQLException {
      try (Session session = settings.sessions().open("slot check")) {
        String status =
            session
                .text(
                    "SELECT coalesce(wal_status, 'unknown') FROM pg_replication_slots"
                        + " WHERE slot_name = ?::text",
                    settings.slot())
                .orElseThrow(() -> gone(settings, "is gone"));
        if (status.equals("lost")) {
          throw gone(settings, "has lost log that it needs (max_slot_wal_keep_size)");
        }
      }
    }

    private static MigrationFailedException gone(StreamSettings settings, String what) {
      return MigrationFailedException.changesLost(
          "Replication slot " + settings.slot() + " " + what + ".",
          "The source table is untouched.",
          "Run the migration again.");
    }
  }
}
