package io.zdmosc.mysql.cutover;

import io.zdmosc.mysql.sql.Session;
import java.sql.SQLException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A statement that is made to wait behind a lock, in a thread of its own. */
final class QueuedStatement extends Thread {
  private static final Logger LOG = LoggerFactory.getLogger(QueuedStatement.class);

  /** As the server's list of connections says it of one that waits for a table. */
  static final String WAITING = "Waiting for table metadata lock";

  private final Session session;
  private final String sql;
  private SQLException failure;
  private boolean ended;

  QueuedStatement(Session session, String sql) {
    super("zdm-queued");
    setDaemon(true);
    this.session = session;
    this.sql = sql;
  }

  @Override
  public void run() {
    SQLException thrown = null;
    try {
      session.execute(sql);
    } catch (SQLException e) {
      thrown = e;
    }
    synchronized (this) {
      failure = thrown;
      ended = true;
      notifyAll();
    }
  }

  /** True when it waits for a lock at the server. */
  boolean isQueued(Session watch) throws SQLException {
    return watch.test(
        "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE ID = ? AND STATE = ?",
        session.id(),
        WAITING);
  }

  synchronized boolean hasEnded() {
    return ended;
  }

  /** What it has ended with; null when that is nothing, or it has not ended. */
  synchronized SQLException failure() {
    return failure;
  }

  synchronized boolean hasSucceeded() {
    return ended && failure == null;
  }

  /** Waits for its end; cancels it when that takes longer than the limit. */
  boolean succeeded(Duration limit) {
    if (!awaitEnd(limit)) {
      cancel();
    }
    return hasSucceeded();
  }

  /** Takes it back, if it has not ended, and waits until it is really gone. */
  void cancel() {
    while (!awaitEnd(Duration.ZERO)) {
      session.cancel();
      awaitEnd(Duration.ofMillis(100));
    }
  }

  /** The same, first by way of a session that is open: to open one takes its time. */
  void cancelBy(Session killer) {
    if (!hasEnded()) {
      try {
        killer.execute("KILL QUERY " + session.id());
        awaitEnd(Duration.ofMillis(100));
      } catch (SQLException e) {
        LOG.info("one of two sessions is gone", e);
      }
    }
    cancel();
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
