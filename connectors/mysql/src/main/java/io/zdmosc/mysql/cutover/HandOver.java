package io.zdmosc.mysql.cutover;

import io.zdmosc.mysql.sql.QualifiedName;
import io.zdmosc.mysql.sql.Session;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands tables over that other sessions hold, to one that asks for all of them by one statement.
 * The server asks for the locks of a statement in the order of names. Each table is let go when the
 * statement is seen to wait; as such a request goes before all that read or write rows, it has the
 * table with nobody in between.
 */
final class HandOver extends Thread {
  private static final Logger LOG = LoggerFactory.getLogger(HandOver.class);
  private static final long LOOK_NANOS = 300_000;

  /**
   * So often in a row it has to be seen to wait before the next table is let go. It has a table at
   * once when that is let go, but to ask for the next one its thread must have had its turn, and
   * the server does not show which table a statement waits for. A busy machine gives the looks
   * their turn as late.
   */
  private static final int LOOKS = 10;

  /** As the server sorts the locks of one statement. */
  private static final Comparator<QualifiedName> SERVERS_ORDER =
      (one, other) -> Arrays.compareUnsigned(bytes(one), bytes(other));

  private final Session locker;
  private final Session watch;
  private final List<Holder> order;
  private volatile boolean ended;

  /** Has a table. */
  interface Holder {
    QualifiedName table();

    void release() throws SQLException;
  }

  private HandOver(Session locker, Session watch, List<Holder> order) {
    super("zdm-hand-over");
    setDaemon(true);
    this.locker = locker;
    this.watch = watch;
    this.order = order;
  }

  /**
   * Runs the statement, and lets it have the tables meanwhile.
   *
   * @param locker whose statement it is
   * @param watch looks at it; nobody else may use it meanwhile
   */
  static void during(
      Session locker,
      Session watch,
      Collection<? extends Holder> holders,
      Session.Work<Long> statement)
      throws SQLException {
    HandOver handOver =
        new HandOver(
            locker,
            watch,
            holders.stream()
                .<Holder>map(holder -> holder)
                .sorted(Comparator.comparing(Holder::table, SERVERS_ORDER))
                .toList());
    handOver.start();
    try {
      statement.run();
    } finally {
      handOver.end();
    }
  }

  private static byte[] bytes(QualifiedName name) {
    return (name.schema() + '\0' + name.name()).getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void run() {
    try {
      for (Holder holder : order) {
        awaitArrival();
        holder.release();
      }
    } catch (SQLException e) {
      LOG.info("the tables could not be handed over", e); // the locker's time runs out
    }
  }

  private void awaitArrival() throws SQLException {
    for (int seen = 0; seen < LOOKS && !ended; ) {
      LockSupport.parkNanos(LOOK_NANOS);
      seen = isWaiting() ? seen + 1 : 0;
    }
  }

  private boolean isWaiting() throws SQLException {
    return watch.test(
        "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE ID = ? AND STATE = ?",
        locker.id(),
        QueuedStatement.WAITING);
  }

  private void end() {
    ended = true;
    boolean interrupted = false;
    while (isAlive()) {
      try {
        join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
