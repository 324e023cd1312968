package io.zdmosc.mysql.cutover;

import io.zdmosc.engine.spi.LockTimeoutException;
import io.zdmosc.mysql.catalog.Fingerprint;
import io.zdmosc.mysql.shadow.Working;
import io.zdmosc.mysql.sql.Failures;
import io.zdmosc.mysql.sql.SessionFactory;
import java.sql.SQLException;
import java.time.Duration;

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

  public LockedRename(SessionFactory sessions, Working working, Fingerprint shape, CopyEnd copyEnd)
      throws SQLException {
    super(sessions, working, shape, copyEnd);
  }

  @Override
  public void approach(Duration timeout) {
    try {
      continueAutoIncrement();
    } catch (SQLException e) {
      throw lockFailure("set the shadow's AUTO_INCREMENT", e);
    }
  }

  @Override
  public void lock(Duration timeout, Duration budget) {
    begin(budget);
    try {
      bounded.run(shorter(timeout, left()), () -> locker.execute(lockTables("")));
      locked = true;
    } catch (SQLException e) {
      unlockQuietly();
      throw lockFailure("lock " + working.sourceSql() + " within " + timeout.toMillis() + " ms", e);
    }
  }

  @Override
  public void swap(Duration timeout) {
    try {
      failOnShapeChange();
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

  @Override
  public void commit() {
    try {
      bounded.run(left(), () -> locker.execute(rename()));
      unlockQuietly();
    } catch (SQLException e) {
      if (!Failures.isConnectionLoss(e)) {
        throw lockFailure("exchange the names within the budget", e);
      }
      if (!SwapOutcome.isServed(sessions, working, locker.id())) {
        throw new LockTimeoutException("lost the connection at the swap", e);
      }
      locked = false;
    }
    recordSwap();
  }

  /** A lost connection holds no locks either. */
  private void unlockQuietly() {
    try {
      locker.execute("UNLOCK TABLES");
      locked = false;
    } catch (SQLException e) {
      if (!Failures.isConnectionLoss(e)) {
        throw Failures.failed("giving the lock back", e);
      }
      locked = false;
    }
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      if (locked) {
        unlockQuietly();
      }
      removeTriggers();
    } finally {
      closeSessions();
    }
  }
}
