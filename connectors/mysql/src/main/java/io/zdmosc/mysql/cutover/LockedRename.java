package io.zdmosc.mysql.cutover;

import io.zdmosc.engine.spi.LockTimeoutException;
import io.zdmosc.mysql.catalog.Fingerprint;
import io.zdmosc.mysql.foreignkey.ExchangedKeys;
import io.zdmosc.mysql.shadow.Working;
import io.zdmosc.mysql.sql.SessionFactory;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cut-over of MySQL 8.0.13 and newer, on one connection: LOCK TABLES source WRITE, shadow
 * WRITE; the final flush; RENAME TABLE under the lock; UNLOCK TABLES. Tables whose foreign keys
 * refer to the source are locked too, for their keys are altered before the RENAME and behind it.
 *
 * <p>Until the RENAME has been carried out nothing has changed, and it is atomic. If the connection
 * is lost, the server takes the lock away, and the names tell what happened.
 */
public final class LockedRename extends RenameCutOver {
  private static final Logger LOG = LoggerFactory.getLogger(LockedRename.class);

  private final ExchangedKeys keys;
  private final WriterBarrier barrier;
  private boolean locked;
  private boolean closed;

  /**
   * @param gently whether to wait for transactions that write to several of the tables, and rather
   *     give up than have one ended
   */
  public LockedRename(
      SessionFactory sessions,
      Working working,
      Fingerprint shape,
      CopyEnd copyEnd,
      boolean turns,
      IntSupplier preparedKeys,
      boolean gently)
      throws SQLException {
    super(sessions, working, shape, copyEnd, turns, preparedKeys);
    this.keys = ExchangedKeys.of(sessions, working);
    this.barrier = new WriterBarrier(sessions, gently ? keys.tables() : List.of(), watch, killer);
  }

  @Override
  public void approach(Duration timeout) {
    try {
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
      barrier.raise(shorter(timeout, left()));
      Duration rest = Duration.ofNanos(Math.max(1_000_000, until - System.nanoTime()));
      barrier.handOver(
          locker,
          keys.written(),
          () -> bounded.run(rest, () -> locker.execute(lockTables(keys.lockedToo()))));
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
            keys.begin(locker, until);
            return null;
          });
    } catch (SQLException e) {
      throw lockFailure("make the swap ready", e);
    }
  }

  /**
   * {@inheritDoc}
   *
   * <p>Whatever error the RENAME ends with, the server is asked for the names: a statement that was
   * cancelled late, or whose answer was lost, may have been carried out. Behind it there is no way
   * back, so it is not begun without the time for what follows.
   */
  @Override
  public void commit() {
    if (left().compareTo(keys.expected()) < 0) {
      throw new LockTimeoutException("the foreign keys took too much of the budget", null);
    }
    try {
      bounded.run(left(), () -> locker.execute(working.swapSql()));
    } catch (SQLException e) {
      boolean served = SwapOutcome.isServed(sessions, working, locker.id());
      locked = false;
      if (!served) {
        throw lockFailure("exchange the names within the budget", e);
      }
    }
    endKeys();
    release();
    recordSwap();
  }

  /** What cannot be done here is done, and else reported, by {@link AfterSwap}. */
  private void endKeys() {
    if (!locked) {
      return;
    }
    try {
      keys.end(locker, watch, bounded);
    } catch (SQLException e) {
      LOG.info("foreign keys are under temporary names for now", e);
    }
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
      endOnServer(locker);
      if (locked && !isSwapped()) {
        keys.undoUnderTheLock(locker, watch, bounded);
      }
      release();
      if (!isSwapped()) { // the flush must not go on before
        triggers.remove();
        keys.undo();
      }
    } finally {
      barrier.close();
      closeSessions();
    }
  }
}
