package io.zdmosc.mysql.cutover;

import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.engine.spi.LockTimeoutException;
import io.zdmosc.mysql.catalog.Fingerprint;
import io.zdmosc.mysql.control.Sentry;
import io.zdmosc.mysql.shadow.Working;
import io.zdmosc.mysql.sql.Failures;
import io.zdmosc.mysql.sql.Session;
import io.zdmosc.mysql.sql.SessionFactory;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;

/**
 * The cut-over of MariaDB, which does not rename under LOCK TABLES.
 *
 * <p>An empty table, the sentry, holds the retired table's name. One connection locks source,
 * shadow and sentry against everybody, and flushes the rest. Another one's RENAME is made to queue
 * behind the lock, and seen to do so. Only then the first drops the sentry and unlocks: the queued
 * RENAME comes before all statements that wait for the table.
 *
 * <p>Why no write can slip in between:
 *
 * <ul>
 *   <li>The server asks for the locks of a RENAME in the order of names, and the names of our
 *       tables sort behind the source's. So what the RENAME waits for is the source; and as its
 *       request stands in the source's queue, nobody is let past it when the lock is given back.
 *   <li>As long as the sentry stands, the RENAME cannot succeed. The sentry is dropped by the very
 *       connection that holds the lock; had that been lost, the drop would fail. So if the sentry
 *       is gone, the source was locked from the fence until then.
 *   <li>The server gives way to writers after {@code max_write_lock_count} strong locks in a row.
 *       So that has to be high: {@link WriteLockCount}.
 *   <li>A lock against writers only would let readers go on, but it is never granted as long as
 *       writers overlap: the server lets each of them go first.
 * </ul>
 */
public final class QueuedRename extends RenameCutOver {
  private static final String WAITING = "Waiting for table metadata lock";

  private final Session renamer;
  private Renaming renaming;
  private boolean locked;
  private boolean closed;

  public QueuedRename(
      SessionFactory sessions,
      Working working,
      Fingerprint shape,
      CopyEnd copyEnd,
      boolean turns,
      IntSupplier preparedKeys)
      throws SQLException {
    super(sessions, working, shape, copyEnd, turns, preparedKeys);
    this.renamer = sessions.open("cut-over rename");
    renamer.execute("SET SESSION lock_wait_timeout = 5");
  }

  @Override
  public void approach(Duration timeout) {
    try {
      Sentry.create(locker, working.names());
      autoIncrement.goOn();
      rehearseFlush();
      triggers.record(watch);
    } catch (SQLException e) {
      throw lockFailure("make the cut-over ready", e);
    }
  }

  @Override
  public void lock(Duration timeout, Duration budget) {
    begin(budget);
    locked = true; // or may be, for all we know
    try {
      bounded.run(
          shorter(timeout, left()),
          () -> locker.execute(lockTables(", " + working.retiredSql() + " WRITE")));
    } catch (SQLException e) {
      throw lockFailure("lock " + working.sourceSql() + " within " + timeout.toMillis() + " ms", e);
    }
  }

  @Override
  public void swap(Duration timeout) {
    long until = System.nanoTime() + timeout.toNanos();
    try {
      failOnShapeChange();
      noteTurn();
      bounded.run(
          timeout,
          () -> {
            autoIncrement.goOn();
            triggers.create(locker);
            return null;
          });
      renaming = new Renaming();
      renaming.start();
      while (!isQueued()) {
        if (renaming.hasEnded() || System.nanoTime() - until > 0) {
          throw new LockTimeoutException("the RENAME did not queue in time", renaming.failure());
        }
        LockSupport.parkNanos(500_000);
      }
      failWhereItMayBePassed();
    } catch (SQLException e) {
      throw lockFailure("make the swap ready", e);
    }
  }

  /** The plan has looked already, but anybody may set it at any time. */
  private void failWhereItMayBePassed() throws SQLException {
    Optional<Long> tooLow = WriteLockCount.tooLow(watch);
    if (tooLow.isPresent()) {
      throw new MigrationFailedException(
          WriteLockCount.VARIABLE
              + " of the server is "
              + tooLow.get()
              + ": it may let writes pass the RENAME, which would be lost.",
          "The table " + working.sourceSql() + " serves as before.",
          WriteLockCount.remedy() + "; then run the command again.");
    }
  }

  private boolean isQueued() throws SQLException {
    return watch.test(
        "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE ID = ? AND STATE = ?",
        renamer.id(),
        WAITING);
  }

  @Override
  public void commit() {
    SQLException failure = null;
    try {
      bounded.run(left(), () -> locker.execute("DROP TABLE " + working.retiredSql()));
    } catch (SQLException e) {
      failure = e;
    }
    if (failure != null && !Failures.isConnectionLoss(failure)) {
      // still locked: the RENAME is taken back before the lock is
      renaming.cancel();
      throw lockFailure("drop the sentry within the budget", failure);
    }
    if (failure != null) {
      // the sentry tells: as long as it stands, the RENAME fails
      LostConnection.end(sessions, locker.id());
      locked = false;
    }
    release();
    if (!renaming.succeeded(left()) && !SwapOutcome.isServed(sessions, working, renamer.id())) {
      throw new LockTimeoutException("the RENAME was not carried out", renaming.failure());
    }
    recordSwap();
  }

  private void release() {
    if (locked) {
      locked = false;
      unlock();
    }
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      if (renaming != null) {
        renaming.cancel(); // before the lock is given back
      }
      endOnServer(renamer, locker);
      release();
      if (!isSwapped()) { // the flush must not go on before
        triggers.remove();
      }
    } finally {
      renamer.close();
      closeSessions();
    }
  }

  /** The RENAME that queues. */
  private final class Renaming extends Thread {
    private SQLException failure;
    private boolean ended;

    Renaming() {
      super("zdm-rename");
      setDaemon(true);
    }

    @Override
    public void run() {
      SQLException thrown = null;
      try {
        renamer.execute(working.swapSql());
      } catch (SQLException e) {
        thrown = e;
      }
      synchronized (this) {
        failure = thrown;
        ended = true;
        notifyAll();
      }
    }

    synchronized boolean hasEnded() {
      return ended;
    }

    synchronized SQLException failure() {
      return failure;
    }

    /** Waits for its end; cancels it when that takes longer than the limit. */
    boolean succeeded(Duration limit) {
      if (!awaitEnd(limit)) {
        cancel();
      }
      synchronized (this) {
        return ended && failure == null;
      }
    }

    /** Takes it back, if it has not ended, and waits until it is really gone. */
    void cancel() {
      while (!awaitEnd(Duration.ZERO)) {
        renamer.cancel();
        awaitEnd(Duration.ofMillis(100));
      }
    }

    private synchronized boolean awaitEnd(Duration limit) {
      long until = System.nanoTime() + limit.toNanos();
      try {
        for (long left = limit.toNanos(); left > 0 && !ended; left = until - System.nanoTime()) {
          wait(left / 1_000_000, (int) (left % 1_000_000));
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted", e);
      }
      return ended;
    }
  }
}
