package io.zdmosc.mysql.trigger;

import io.zdmosc.mysql.catalog.Catalog;
import io.zdmosc.mysql.catalog.TableInfo;
import io.zdmosc.mysql.cutover.Bounded;
import io.zdmosc.mysql.cutover.CopyEnd;
import io.zdmosc.mysql.cutover.Obstacles;
import io.zdmosc.mysql.sql.Failures;
import io.zdmosc.mysql.sql.Session;
import io.zdmosc.mysql.sql.SessionFactory;
import io.zdmosc.mysql.sql.Sql;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * Locks the new table for writing, again and again for a moment each. Who would make the lock wait
 * is looked for first; an attempt waits no longer than {@value #LOCK_MILLIS} ms, since everybody
 * else waits behind it. For one thread.
 */
final class TableLock implements AutoCloseable {
  private static final int LOCK_MILLIS = 100;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final SessionFactory sessions;
  private final Session watch;
  private final Session killer;
  private final TableInfo table;
  private final long until = System.nanoTime() + PATIENCE.toNanos();
  private Session session;
  private SessionText ours;
  private Obstacles obstacles;
  private String reason = "";

  TableLock(SessionFactory sessions, Session watch, String schema, String name)
      throws SQLException {
    this.sessions = sessions;
    this.watch = watch;
    this.table =
        new Catalog(watch)
            .table(schema, name)
            .orElseThrow(() -> new SQLException("table " + Sql.name(schema, name) + " is gone"));
    this.killer = sessions.openUncancelled("triggers alarm");
    open();
  }

  private void open() throws SQLException {
    session = sessions.openForPackets("triggers");
    session.execute("USE " + Sql.name(table.schema()));
    session.execute("SET SESSION lock_wait_timeout = 1, innodb_lock_wait_timeout = 1");
    ours = SessionText.of(session);
    obstacles = new Obstacles(watch, table, Set.of(), CopyEnd.never(), sessions.ids());
  }

  /** The session that holds the lock; it is in the table's database. */
  Session session() {
    return session;
  }

  /** What the session's text settings are when nobody has changed them. */
  SessionText ours() {
    return ours;
  }

  /** Takes the lock; false when patience is at its end. */
  boolean take() throws SQLException {
    do {
      List<String> inTheWay = obstacles.find();
      if (inTheWay.isEmpty() && tryLock()) {
        return true;
      }
      inTheWay.stream().findFirst().ifPresent(first -> reason = first);
      LockSupport.parkNanos(100_000_000);
    } while (System.nanoTime() - until < 0);
    return false;
  }

  private boolean tryLock() throws SQLException {
    try {
      new Bounded(session, killer)
          .run(
              Duration.ofMillis(LOCK_MILLIS),
              () -> session.execute("LOCK TABLES " + table.sqlName() + " WRITE"));
      return true;
    } catch (SQLException e) {
      if (!Failures.isLockTimeout(e) && !Failures.isCancelled(e)) {
        throw e;
      }
      reason = "the table could not be locked within " + LOCK_MILLIS + " ms";
      release(); // it may have been granted just before it was cancelled
      return false;
    }
  }

  /** Why the lock was not granted last time. */
  String reason() {
    return reason;
  }

  /** Gives the lock back; a connection that is lost has none. */
  void release() throws SQLException {
    try {
      session.execute("UNLOCK TABLES");
    } catch (SQLException e) {
      if (!Failures.isConnectionLoss(e)) {
        throw e;
      }
    }
  }

  /** A new session in place of one that was lost. */
  void reconnect() throws SQLException {
    session.close();
    open();
  }

  @Override
  public void close() {
    session.close();
    killer.close();
  }
}
