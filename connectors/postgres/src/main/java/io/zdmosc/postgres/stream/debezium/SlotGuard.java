package io.zdmosc.postgres.stream.debezium;

import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.postgres.sql.Session;
import io.zdmosc.postgres.stream.Lsn;
import io.zdmosc.postgres.stream.StreamSettings;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Watches over the replication slot. Debezium makes a new slot without a word where it finds none,
 * and everything that was committed before would be missing: so the slot is looked at before and
 * again once the stream runs. Not thread-safe.
 */
final class SlotGuard {
  /** A dead reader is noticed after wal_sender_timeout, which is a minute by default. */
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private static final Duration FAREWELL = Duration.ofSeconds(5);
  private static final long PAUSE_MILLIS = 100;

  private static final String SLOT =
      "SELECT confirmed_flush_lsn::text AS confirmed, coalesce(wal_status, '') AS status,"
          + " coalesce(active_pid, 0) AS reader, plugin = 'pgoutput' AND database ="
          + " current_database() AS suitable FROM pg_replication_slots WHERE slot_name = ?::name";

  private final StreamSettings settings;
  private long ownReader;

  SlotGuard(StreamSettings settings) {
    this.settings = settings;
  }

  private record Slot(String confirmed, String status, long reader, boolean suitable) {}

  /**
   * Waits until nobody reads the slot.
   *
   * @return what it has confirmed; every earlier commit is applied, and none that is later
   * @throws MigrationFailedException when it does not exist, has lost log, or stays in use
   */
  Lsn awaitFree(BooleanSupplier cancelled) throws SQLException {
    try (Session session = settings.sessions().open("slot check")) {
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (true) {
        Slot slot = slot(session).orElseThrow(() -> broken("does not exist"));
        if (!slot.suitable || slot.confirmed == null) {
          throw broken("is not a pgoutput slot of this database");
        }
        if (slot.status.equals("lost")) {
          throw broken("has lost log that it needs (max_slot_wal_keep_size)");
        }
        if (slot.reader == 0 || cancelled.getAsBoolean()) {
          return Lsn.parse(slot.confirmed);
        }
        if (System.nanoTime() > deadline) {
          throw broken("is being read by server process " + slot.reader);
        }
        pause();
      }
    }
  }

  /**
   * Makes sure that the stream that runs now reads the slot that {@link #awaitFree} saw. A slot
   * made anew would have confirmed more. Called before anything is acknowledged.
   */
  void requireSame(Lsn confirmed) throws SQLException {
    try (Session session = settings.sessions().open("slot check")) {
      Slot slot = slot(session).orElseThrow(() -> broken("was dropped while the stream started"));
      if (!Lsn.parse(slot.confirmed).equals(confirmed)) {
        throw broken("was made anew while the stream started");
      }
      ownReader = slot.reader;
    }
  }

  /**
   * Waits until the server has noticed that the stream is closed, and helps it if need be. Where
   * the server is gone, so is its reader.
   */
  void awaitReleased() {
    if (ownReader == 0) {
      return;
    }
    try (Session session = settings.sessions().open("slot check")) {
      long deadline = System.nanoTime() + FAREWELL.toNanos();
      while (slot(session).filter(slot -> slot.reader == ownReader).isPresent()) {
        if (System.nanoTime() > deadline) {
          session.text("SELECT pg_terminate_backend(?::int)", ownReader);
          return;
        }
        pause();
      }
    } catch (SQLException | MigrationFailedException e) {
      ownReader = 0;
    }
  }

  private Optional<Slot> slot(Session session) throws SQLException {
    return session.first(
        SLOT,
        row ->
            new Slot(
                row.getString("confirmed"),
                row.getString("status"),
                row.getLong("reader"),
                row.getBoolean("suitable")),
        settings.slot());
  }

  private MigrationFailedException broken(String what) {
    return new MigrationFailedException(
        "Replication slot " + settings.slot() + " " + what + ".",
        "The source table is untouched.",
        "Run the migration again.");
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
