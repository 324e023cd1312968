package io.zdmosc.mysql.cutover;

import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.engine.spi.CutOver;
import io.zdmosc.engine.spi.FlushResult;
import io.zdmosc.engine.spi.Key;
import io.zdmosc.engine.spi.LockTimeoutException;
import io.zdmosc.mysql.catalog.Fingerprint;
import io.zdmosc.mysql.shadow.Working;
import io.zdmosc.mysql.sql.Failures;
import io.zdmosc.mysql.sql.KeySql;
import io.zdmosc.mysql.sql.Session;
import io.zdmosc.mysql.sql.SessionFactory;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.function.IntSupplier;

/**
 * What both ways of the cut-over have in common: looking for who is in the way, the final flush,
 * and what is asked of the server when an answer was lost.
 *
 * <p>Every statement under the lock is bounded by a cancellation from another connection. The
 * locking connection has a short wait_timeout: should this process be frozen while it holds the
 * lock, the server takes it away.
 */
abstract class RenameCutOver implements CutOver {
  private static final int PATIENCE_SECONDS = 10;

  final SessionFactory sessions;
  final Working working;
  final Session locker;
  final Session watch;
  final Session killer;
  final Bounded bounded;
  final AutoIncrement autoIncrement;
  final AttemptTriggers triggers;
  private final SwapRecord record;
  private final FinalFlush finalFlush;
  private long deadlineNanos = System.nanoTime();
  private final Fingerprint shape;
  private final Obstacles obstacles;
  private boolean swapped;
  private final IntSupplier preparedKeys;
  private final boolean turns;
  private boolean lost;

  /**
   * @param turns whether the retired table is to be kept in step after the swap
   * @param preparedKeys how many changed keys of the source belong to transactions that are only
   *     prepared, as far as the change stream has come
   */
  RenameCutOver(
      SessionFactory sessions,
      Working working,
      Fingerprint shape,
      CopyEnd copyEnd,
      boolean turns,
      IntSupplier preparedKeys)
      throws SQLException {
    this.preparedKeys = preparedKeys;
    this.turns = turns;
    this.sessions = sessions;
    this.working = working;
    this.shape = shape;
    this.locker = sessions.open("cut-over");
    this.watch = sessions.open("cut-over watch");
    this.killer = sessions.open("cut-over alarm");
    this.record = new SwapRecord(sessions, working);
    this.bounded = new Bounded(locker, killer);
    this.autoIncrement = new AutoIncrement(working, locker, watch);
    this.triggers = new AttemptTriggers(sessions, working);
    this.obstacles =
        new Obstacles(
            watch,
            working.source().table(),
            working.foreignKeys().related(),
            copyEnd,
            sessions.ids());
    working.prepare(locker);
    locker.execute(
        "SET SESSION wait_timeout = "
            + PATIENCE_SECONDS
            + ", lock_wait_timeout = 1, innodb_lock_wait_timeout = 1");
    this.finalFlush = new FinalFlush(locker, working);
    // LOCK TABLES must not wait for row locks: it asks for the tables' in the storage engine too
    locker.execute("SET SESSION innodb_table_locks = 0");
    // once before the lock: nothing should have to be read from disk under it
    takeFingerprint();
  }

  /** From now on all steps together have so much time. */
  final void begin(Duration budget) {
    deadlineNanos = System.nanoTime() + budget.toNanos();
  }

  /** What is left of it. */
  final Duration left() {
    return Duration.ofNanos(Math.max(1_000_000, deadlineNanos - System.nanoTime()));
  }

  final Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  /** Before the lock, so that it costs nothing under it. */
  final void rehearseFlush() throws SQLException {
    finalFlush.rehearse();
  }

  private Fingerprint takeFingerprint() throws SQLException {
    return Fingerprint.take(
        watch, working.source().table().schema(), working.source().table().name());
  }

  @Override
  public final List<String> obstacles() {
    try {
      locker.execute("DO 0"); // its wait_timeout is short
      return obstacles.find();
    } catch (SQLException e) {
      throw lostOr(e, Failures.failed("looking for what stands in the way of the cut-over", e));
    }
  }

  /** Flushes on the locking connection, in a transaction, whose end gives no lock back. */
  @Override
  public final FlushResult flush(List<Key> keys) {
    failOnPrepared();
    try {
      return bounded.run(left(), () -> finalFlush.run(keys));
    } catch (SQLException e) {
      if (Failures.isCancelled(e) || Failures.isLockTimeout(e)) {
        throw new LockTimeoutException("could not flush the last changes within the budget", e);
      }
      throw lostOr(e, Failures.failed("flushing the last changes under the lock", e));
    }
  }

  /**
   * The fence is out, so every prepared transaction that has changed the source is known. It can be
   * committed at any time, without a connection and so past every metadata lock.
   */
  private void failOnPrepared() {
    if (preparedKeys.getAsInt() > 0) {
      throw new LockTimeoutException(
          "a prepared XA transaction has changed the table and has not ended", null);
    }
  }

  /**
   * Writes down where the log is now that nobody can write to the source: from here on, rows under
   * the final name are the new table's. Bounded, since a commit may wait for a replica.
   */
  final void noteTurn() throws SQLException {
    if (!turns) {
      return;
    }
    Bounded limited = new Bounded(watch, killer);
    limited.run(
        left(),
        () -> {
          TurnRecord.write(watch, working.migrationId());
          return null;
        });
  }

  /** Throws when the source is no longer what the migration began with. */
  final void failOnShapeChange() throws SQLException {
    List<String> changes = takeFingerprint().changesSince(shape);
    if (!changes.isEmpty()) {
      throw new MigrationFailedException(
          "The source table was changed while it was being migrated: " + String.join("; ", changes),
          "The source table is as that change left it.",
          "Run the migration again.");
    }
  }

  /**
   * The statement that keeps everybody else from source and shadow, under the names that the flush
   * has for them. Writers that never pause cannot put it off: who comes behind it waits.
   *
   * @param more tables to lock too, with commas before them; or nothing
   */
  final String lockTables(String more) {
    String source = working.sourceSql();
    String shadow = working.shadowSql();
    return "LOCK TABLES "
        + source
        + " WRITE, "
        + source
        + " AS "
        + KeySql.SOURCE
        + " WRITE, "
        + shadow
        + " WRITE, "
        + shadow
        + " AS "
        + KeySql.SHADOW
        + " WRITE"
        + more;
  }

  final boolean isSwapped() {
    return swapped;
  }

  /** Records what the server has done. */
  final void recordSwap() {
    swapped = true;
    record.write();
  }

  final RuntimeException lockFailure(String what, SQLException e) {
    if (Failures.isLockTimeout(e) || Failures.isCancelled(e)) {
      return new LockTimeoutException("could not " + what, e);
    }
    if (Failures.isUndefinedTable(e)) {
      return new MigrationFailedException(
          "Table "
              + working.sourceSql()
              + " was changed while it was being migrated: it was renamed or dropped.",
          "The source table is as that change left it.",
          "Run the migration again.",
          e);
    }
    return lostOr(e, Failures.failed("taking the cut-over's locks", e));
  }

  /** A lost connection ends the attempt, not the migration; any other error is as given. */
  private RuntimeException lostOr(SQLException e, RuntimeException failure) {
    if (!Failures.isConnectionLoss(e)) {
      return failure;
    }
    lost = true;
    return new LockTimeoutException("lost a connection: " + e.getMessage(), e);
  }

  /**
   * Gives the lock back. A connection that is lost for us may hold it still: the server is made to
   * end it.
   */
  final void unlock() {
    try {
      locker.execute("UNLOCK TABLES");
    } catch (SQLException e) {
      if (!Failures.isConnectionLoss(e)) {
        throw Failures.failed("giving the lock back", e);
      }
      LostConnection.end(sessions, locker.id());
    }
  }

  /** After a loss nothing of the attempt may live on at the server, be it a statement or a lock. */
  final void endOnServer(Session... used) {
    if (lost) {
      for (Session session : used) {
        LostConnection.end(sessions, session.id());
      }
    }
  }

  /** Closes all sessions of the attempt. */
  void closeSessions() {
    locker.close();
    watch.close();
    killer.close();
    record.close();
  }
}
