package io.zdmosc.mysql.cutover;

import io.zdmosc.mysql.sql.Failures;
import io.zdmosc.mysql.sql.QualifiedName;
import io.zdmosc.mysql.sql.Session;
import io.zdmosc.mysql.sql.SessionFactory;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Keeps writers off several tables before LOCK TABLES asks for all of them.
 *
 * <p>LOCK TABLES holds some of the tables while it waits for the next one. A transaction that has
 * written to that one and asks for one of the former is in a circle with it, and the server ends
 * the transaction. Here each table is first locked for reading by a session of its own, which waits
 * for nothing while it holds the lock. So there is no circle that the server could see: whoever
 * waits for us waits, and it is us who give up in time. When all are locked, no transaction that
 * has written to one of them is open any more; LOCK TABLES then takes them over one by one.
 *
 * <p>For one thread.
 */
final class WriterBarrier implements AutoCloseable {
  private static final int IDLE_SECONDS = 10;

  private final SessionFactory sessions;
  private final Session watch;
  private final Session killer;
  private final List<Guard> guards = new ArrayList<>();

  private record Guard(QualifiedName table, Session session) implements HandOver.Holder {
    @Override
    public void release() throws SQLException {
      session.execute("UNLOCK TABLES");
    }
  }

  /**
   * @param tables in the order in which transactions write to them, if they do as they should: what
   *     is referred to first
   * @param watch looks at what others do
   * @param killer ends what takes too long
   */
  WriterBarrier(
      SessionFactory sessions, Iterable<QualifiedName> tables, Session watch, Session killer)
      throws SQLException {
    this.sessions = sessions;
    this.watch = watch;
    this.killer = killer;
    for (QualifiedName table : tables) {
      Session session = sessions.open("cut-over barrier");
      guards.add(new Guard(table, session));
      session.execute("SET SESSION innodb_table_locks = 0");
    }
  }

  /** Locks them one after the other; throws, and holds none, when that takes longer. */
  void raise(Duration timeout) throws SQLException {
    long until = System.nanoTime() + timeout.toNanos();
    boolean raised = false;
    giveUpIn(timeout);
    try {
      for (Guard guard : guards) {
        Duration left = Duration.ofNanos(Math.max(1_000_000, until - System.nanoTime()));
        new Bounded(guard.session(), killer)
            .run(
                left,
                () -> guard.session().execute("LOCK TABLES " + guard.table().sql() + " READ"));
      }
      raised = true;
    } finally {
      if (!raised) {
        lower();
      }
    }
  }

  /**
   * Has the server take the locks away should this process be frozen while it holds them. Not set
   * before: it may be long until the moment for the lock has come.
   */
  private void giveUpIn(Duration timeout) throws SQLException {
    String settings =
        "SET SESSION wait_timeout = "
            + IDLE_SECONDS
            + ", lock_wait_timeout = "
            + (timeout.toSeconds() + 1);
    for (Guard guard : guards) {
      guard.session().execute(settings);
    }
  }

  /**
   * Runs the statement that locks all of them, and lets it have those that it wants for writing.
   *
   * @param wanted these
   */
  void handOver(Session locker, Set<QualifiedName> wanted, Session.Work<Long> statement)
      throws SQLException {
    if (guards.isEmpty()) {
      statement.run();
      return;
    }
    try {
      HandOver.during(
          locker,
          watch,
          guards.stream().filter(guard -> wanted.contains(guard.table())).toList(),
          statement);
    } finally {
      lower();
    }
  }

  /** Lets go of whatever is still held. */
  void lower() throws SQLException {
    for (Guard guard : guards) {
      try {
        guard.release();
      } catch (SQLException e) {
        if (!Failures.isConnectionLoss(e)) {
          throw e;
        }
        LostConnection.end(sessions, guard.session().id()); // it may hold its lock there
      }
    }
  }

  @Override
  public void close() {
    guards.forEach(guard -> guard.session().close());
  }
}
