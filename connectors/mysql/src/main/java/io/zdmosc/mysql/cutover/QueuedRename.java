package io.zdmosc.mysql.cutover;

import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.engine.spi.LockTimeoutException;
import io.zdmosc.mysql.catalog.Fingerprint;
import io.zdmosc.mysql.control.Sentry;
import io.zdmosc.mysql.foreignkey.ExchangedKeys;
import io.zdmosc.mysql.shadow.Working;
import io.zdmosc.mysql.sql.Failures;
import io.zdmosc.mysql.sql.QualifiedName;
import io.zdmosc.mysql.sql.Session;
import io.zdmosc.mysql.sql.SessionFactory;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cut-over of MariaDB, which does not rename under LOCK TABLES.
 *
 * <p>An empty table, the sentry, holds the retired table's name. One connection locks source,
 * shadow and sentry against everybody, and flushes the rest. Another one's RENAME is made to queue
 * behind the lock, and seen to do so. Only then the first drops the sentry and unlocks: the queued
 * RENAME comes before all statements that wait for the table.
 *
 * <p>Where foreign keys join the table with others, these are locked too, and sessions of their own
 * wait behind the first one to have them from it while the names are exchanged: {@link
 * TableKeepers}. Then the first one has all of them again, and puts the keys in their places.
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
  private static final Logger LOG = LoggerFactory.getLogger(QueuedRename.class);

  /**
   * With foreign keys the RENAME is not cancelled before: should the storage engine have it wait
   * between its two halves, the server might not be able to take the first one back.
   */
  private static final Duration PATIENCE = Duration.ofSeconds(12);

  private final Session renamer;
  private final ExchangedKeys keys;
  private final WriterBarrier barrier;
  private final TableKeepers keepers;
  private QueuedStatement renaming;
  private boolean locked;
  private boolean closed;

  /**
   * @param gently whether to wait for transactions that write to several tables that foreign keys
   *     join, and rather give up than have one ended
   */
  public QueuedRename(
      SessionFactory sessions,
      Working working,
      Fingerprint shape,
      CopyEnd copyEnd,
      boolean turns,
      IntSupplier preparedKeys,
      boolean gently)
      throws SQLException {
    super(sessions, working, shape, copyEnd, turns, preparedKeys);
    this.keys = ExchangedKeys.byName(sessions, working, watch);
    this.barrier = new WriterBarrier(sessions, gently ? keys.tables() : List.of(), watch, killer);
    this.keepers = new TableKeepers(sessions, kept(), watch);
    this.renamer = sessions.open("cut-over rename");
    renamer.execute("SET SESSION lock_wait_timeout = 5, innodb_lock_wait_timeout = 10");
  }

  private Set<QualifiedName> kept() {
    Set<QualifiedName> kept = new LinkedHashSet<>(keys.others());
    if (isServingKept()) {
      kept.add(source());
    }
    return kept;
  }

  /** Nobody is after a name that there has not been; it could not be asked for either. */
  private boolean isServingKept() {
    return !keys.isEmpty() && working.finalSql().equals(working.sourceSql());
  }

  private QualifiedName source() {
    return new QualifiedName(working.source().table().schema(), working.source().table().name());
  }

  @Override
  public void approach(Duration timeout) {
    try {
      Sentry.create(locker, working.names());
      autoIncrement.goOn();
      rehearseFlush();
      triggers.record(watch);
      keys.record(watch);
    } catch (SQLException e) {
      throw lockFailure("make the cut-over ready", e);
    }
  }

  @Override
  public void lock(Duration timeout, Duration budget) {
    begin(budget);
    locked = true; // or may be, for all we know
    try {
      long until = System.nanoTime() + shorter(timeout, left()).toNanos();
      keepers.prepare();
      barrier.raise(shorter(timeout, left()));
      Duration rest = Duration.ofNanos(Math.max(1_000_000, until - System.nanoTime()));
      String more = ", " + working.retiredSql() + " WRITE" + keys.lockedToo();
      barrier.handOver(
          locker, keys.written(), () -> bounded.run(rest, () -> locker.execute(lockTables(more))));
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
      keys.begin(locker, until); // nothing is cancelled: the server might let go of a table
      keepers.queue(keys.others(), until);
      queueRename(until);
      if (isServingKept()) {
        keepers.queue(List.of(source()), until); // behind the RENAME
      }
      failWhereItMayBePassed();
    } catch (SQLException e) {
      throw lockFailure("make the swap ready", e);
    }
  }

  private void queueRename(long until) throws SQLException {
    renaming = new QueuedStatement(renamer, working.swapSql());
    renaming.start();
    while (!renaming.isQueued(watch)) {
      if (renaming.hasEnded() || System.nanoTime() - until > 0) {
        throw new LockTimeoutException("the RENAME did not queue in time", renaming.failure());
      }
      LockSupport.parkNanos(500_000);
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

  @Override
  public void commit() {
    if (left().compareTo(keys.expected()) < 0) {
      throw new LockTimeoutException("the foreign keys took too much of the budget", null);
    }
    try {
      keepers.failUnlessAllWait();
    } catch (SQLException e) {
      throw lockFailure("see who waits", e);
    }
    SQLException failure = null;
    try {
      bounded.run(left(), () -> locker.execute("DROP TABLE " + working.retiredSql()));
    } catch (SQLException e) {
      failure = e;
    }
    if (failure != null && !Failures.isConnectionLoss(failure)) {
      // still locked: the RENAME is taken back before the lock is
      renaming.cancel();
      keepers.letGo();
      throw lockFailure("drop the sentry within the budget", failure);
    }
    if (failure != null) {
      // the sentry tells: as long as it stands, the RENAME fails
      LostConnection.end(sessions, locker.id());
      locked = false;
    }
    release();
    Duration limit = keys.isEmpty() ? left() : PATIENCE;
    if (!renaming.succeeded(limit) && !SwapOutcome.isServed(sessions, working, renamer.id())) {
      throw new LockTimeoutException("the RENAME was not carried out", renaming.failure());
    }
    endKeys(failure == null);
    recordSwap();
  }

  /**
   * Has all tables back, with nobody in between, and puts the keys in their places. What cannot be
   * done here is done, and else reported, by {@link AfterSwap}.
   *
   * @param alive whether the locking connection is
   */
  private void endKeys(boolean alive) {
    if (keys.isEmpty()) {
      return;
    }
    try {
      if (alive) {
        locked = true;
        keepers.handOver(
            locker,
            () -> bounded.run(ExchangedKeys.UNDER_THE_LOCK, () -> locker.execute(lockAgain())));
        keys.end(locker, watch, bounded);
      }
    } catch (SQLException e) {
      LOG.info("foreign keys are under temporary names for now", e);
    } finally {
      keepers.letGo();
      release();
    }
  }

  private String lockAgain() {
    return "LOCK TABLES "
        + working.finalSql()
        + " WRITE, "
        + working.retiredSql()
        + " WRITE"
        + keys.lockedToo();
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
      keepers.letGo();
      endOnServer(renamer, locker);
      if (locked && !isSwapped()) {
        keys.undoUnderTheLock(locker, watch, bounded);
      }
      release();
      if (!isSwapped()) { // the flush must not go on before
        triggers.remove();
        keys.undo();
      }
    } finally {
      keepers.close();
      barrier.close();
      renamer.close();
      closeSessions();
    }
  }
}
