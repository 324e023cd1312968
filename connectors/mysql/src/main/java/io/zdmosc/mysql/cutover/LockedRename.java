package io.zdmosc.mysql.cutover;

import io.zdmosc.mysql.catalog.Fingerprint;
import io.zdmosc.mysql.shadow.Working;
import io.zdmosc.mysql.sql.SessionFactory;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.IntSupplier;

/**
 * The cut-over of MySQL 8.0.13 and newer, on one connection: LOCK TABLES source WRITE, shadow
 * WRITE; the final flush; RENAME TABLE under the lock; UNLOCK TABLES.
 *
 * <p>Until the RENAME has been carried out nothing has changed, and it is atomic. If the connection
 * is lost, the server takes the lock away, and the names tell what happened.
 */
public final class LockedRename extends RenameCutOver {
  private boolean locked;
  private boolean closed;

  public LockedRename(
      SessionFactory sessions,
      Working working,
      Fingerprint shape,
      CopyEnd copyEnd,
      boolean turns,
      IntSupplier preparedKeys)
      throws SQLException {
    super(sessions, working, shape, copyEnd, turns, preparedKeys);
  }

  @Override
  public void approach(Duration timeout) {
    try {
      continueAutoIncrement();
      rehearseFlush();
      recordTriggers();
    } catch (SQLException e) {
      throw lockFailure("set the shadow's AUTO_INCREMENT", e);
    }
  }

  @Override
  public void lock(Duration timeout, Duration budget) {
    begin(budget);
    locked = true; // or may be, for all we know
    try {
      bounded.run(shorter(timeout, left()), () -> locker.execute(lockTables("")));
    } catch (SQLException e) {
      throw lockFailure("lock " + working.sourceSql() + " within " + timeout.toMillis() + " ms", e);
    }
  }

  @Override
  public void swap(Duration timeout) {
    try {
      failOnShapeChange();
      noteTurn();
      bounded.run(
          timeout,
          () -> {
            continueAutoIncrement();
            createTriggers(locker);
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
   * cancelled late, or whose answer was lost, may have been carried out.
   */
  @Override
  public void commit() {
    try {
      bounded.run(left(), () -> locker.execute(working.swapSql()));
    } catch (SQLException e) {
      boolean served = SwapOutcome.isServed(sessions, working, locker.id());
      locked = false;
      if (!served) {
        throw lockFailure("exchange the names within the budget", e);
      }
    }
    release();
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
      endOnServer(locker);
      release();
      removeTriggers();
    } finally {
      closeSessions();
    }
  }
}
