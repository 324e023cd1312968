package io.zdmosc.mysql.cutover;

import io.zdmosc.engine.spi.LockTimeoutException;
import io.zdmosc.mysql.sql.Failures;
import io.zdmosc.mysql.sql.QualifiedName;
import io.zdmosc.mysql.sql.Session;
import io.zdmosc.mysql.sql.SessionFactory;
import java.sql.SQLException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps others off the tables that foreign keys join with the source, and off the new table, where
 * the lock on all of them has to be given back for the names to be exchanged.
 *
 * <p>For each table a session of its own asks for the lock while the first one still has it, and is
 * seen to wait. The server prefers such a request to those of all statements that read or write
 * rows, whoever came first. So when the first session gives its lock back, each of the others has
 * its table at once, with nobody in between; that of the new table behind the RENAME, which waits
 * before it. Then the first session has all of them back: {@link HandOver}.
 *
 * <p>LOCK TABLES takes a weak lock on the tables that refer to the one that it names too. So a
 * session may have its table, and still wait for another one's; to let its table go, its statement
 * is cancelled. Keys must not lead in a circle, or the server would make one of them let go.
 *
 * <p>For one thread.
 */
final class TableKeepers implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TableKeepers.class);
  private static final long LOOK_NANOS = 300_000;

  /**
   * Should this process be frozen, the server takes the locks away, and the requests. Not before
   * the RENAME has come to its end, one way or the other.
   */
  private static final String SETTINGS =
      "SET SESSION wait_timeout = 15, lock_wait_timeout = 15, innodb_table_locks = 0";

  private final SessionFactory sessions;
  private final Session watch;
  private final Map<QualifiedName, Keeper> keepers = new LinkedHashMap<>();

  /**
   * Opens the sessions; nothing waits yet.
   *
   * @param watch looks at what they do, and ends what they wait for
   */
  TableKeepers(SessionFactory sessions, Iterable<QualifiedName> tables, Session watch) {
    this.sessions = sessions;
    this.watch = watch;
    for (QualifiedName table : tables) {
      keepers.put(table, new Keeper(table, sessions.open("cut-over keeper")));
    }
  }

  /** Right before the lock is asked for: they must not be given up while nothing happens. */
  void prepare() throws SQLException {
    for (Keeper keeper : keepers.values()) {
      keeper.session.execute(SETTINGS);
    }
  }

  /**
   * Has those of the tables ask for them, and returns when all of them wait.
   *
   * @param until by {@link System#nanoTime}
   */
  void queue(Collection<QualifiedName> tables, long until) throws SQLException {
    List<Keeper> asking = tables.stream().map(keepers::get).toList();
    asking.forEach(Keeper::ask);
    while (!areQueued(asking)) {
      for (Keeper keeper : asking) {
        if (keeper.lock.hasEnded() || System.nanoTime() - until > 0) {
          throw new LockTimeoutException(
              "LOCK TABLES " + keeper.table.sql() + " did not queue in time",
              keeper.lock.failure());
        }
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }

  /** Throws when one of them does not wait any more, though it should. */
  void failUnlessAllWait() throws SQLException {
    if (!areQueued(keepers.values())) {
      throw new LockTimeoutException("lost a place in the queue for the tables", null);
    }
  }

  private boolean areQueued(Collection<Keeper> asking) throws SQLException {
    if (asking.isEmpty()) {
      return true;
    }
    String ids =
        asking.stream()
            .map(keeper -> String.valueOf(keeper.session.id()))
            .collect(Collectors.joining(", "));
    return watch.test(
        "SELECT COUNT(*) = ? FROM information_schema.PROCESSLIST WHERE STATE = ? AND ID IN ("
            + ids
            + ")",
        asking.size(),
        QueuedStatement.WAITING);
  }

  /** Runs the statement that locks all of their tables, and lets it have them one by one. */
  void handOver(Session locker, Session.Work<Long> statement) throws SQLException {
    HandOver.during(locker, watch, keepers.values(), statement);
  }

  /** Takes back whatever they ask for or have. */
  void letGo() {
    keepers.values().forEach(Keeper::release);
  }

  @Override
  public void close() {
    try {
      letGo();
    } finally {
      keepers.values().forEach(keeper -> keeper.session.close());
    }
  }

  private final class Keeper implements HandOver.Holder {
    private final QualifiedName table;
    private final Session session;
    private QueuedStatement lock;

    Keeper(QualifiedName table, Session session) {
      this.table = table;
      this.session = session;
    }

    @Override
    public QualifiedName table() {
      return table;
    }

    private void ask() {
      lock = new QueuedStatement(session, "LOCK TABLES " + table.sql() + " WRITE");
      lock.start();
    }

    @Override
    public void release() {
      if (lock == null) {
        return;
      }
      boolean late = !lock.hasEnded();
      lock.cancelBy(watch);
      lock = null;
      try {
        if (late) {
          absorb();
        }
        session.execute("UNLOCK TABLES");
      } catch (SQLException e) {
        LOG.info("a lock is taken away", e);
        LostConnection.end(sessions, session.id());
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
  }
}
