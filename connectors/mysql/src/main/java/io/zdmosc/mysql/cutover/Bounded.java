package io.zdmosc.mysql.cutover;

import io.zdmosc.mysql.sql.Failures;
import io.zdmosc.mysql.sql.Session;
import java.sql.SQLException;
import java.time.Duration;

/**
 * Runs statements of one session for no longer than given, to the millisecond: the server's own
 * time-outs count in seconds. A statement that takes longer is cancelled by way of another session,
 * which is open beforehand. For one thread.
 */
public final class Bounded {
  private final Session session;
  private final Session killer;

  public Bounded(Session session, Session killer) {
    this.session = session;
    this.killer = killer;
  }

  /** Runs the work; what was cancelled throws an error that {@link Failures#isCancelled} knows. */
  public <T> T run(Duration limit, Session.Work<T> work) throws SQLException {
    Alarm alarm = new Alarm(limit);
    alarm.start();
    try {
      return work.run();
    } finally {
      if (alarm.disarm()) {
        absorb();
      }
    }
  }

  /** A cancellation that came too late for its statement must not hit the next one. */
  private void absorb() throws SQLException {
    try {
      session.execute("DO 0");
    } catch (SQLException e) {
      if (!Failures.isCancelled(e)) {
        throw e;
      }
    }
  }

  private final class Alarm extends Thread {
    private final Duration limit;
    private boolean done;
    private boolean fired;

    Alarm(Duration limit) {
      super("zdm-alarm");
      this.limit = limit;
      setDaemon(true);
    }

    @Override
    public synchronized void run() {
      long until = System.nanoTime() + limit.toNanos();
      try {
        for (long left = limit.toNanos(); left > 0 && !done; left = until - System.nanoTime()) {
          wait(left / 1_000_000, (int) (left % 1_000_000));
        }
        if (!done) {
          fired = true;
          killer.execute("KILL QUERY " + session.id());
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (SQLException e) {
        session.cancel(); // one of the two is gone; then on a connection of its own
      }
    }

    /** Says whether it has fired; from now on it does not. */
    synchronized boolean disarm() {
      done = true;
      notifyAll();
      return fired;
    }
  }
}
