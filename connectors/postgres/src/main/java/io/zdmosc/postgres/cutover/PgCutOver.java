package io.zdmosc.postgres.cutover;

import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.engine.spi.CutOver;
import io.zdmosc.engine.spi.FlushResult;
import io.zdmosc.engine.spi.Key;
import io.zdmosc.engine.spi.LockTimeoutException;
import io.zdmosc.postgres.catalog.Fingerprint;
import io.zdmosc.postgres.catalog.LockHolders;
import io.zdmosc.postgres.catalog.LockHolders.Wanted;
import io.zdmosc.postgres.flush.FlushStatements;
import io.zdmosc.postgres.handover.FirstLock;
import io.zdmosc.postgres.shadow.Working;
import io.zdmosc.postgres.sql.Failures;
import io.zdmosc.postgres.sql.Session;
import io.zdmosc.postgres.sql.SessionFactory;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One attempt, in one transaction.
 *
 * <p>The weak locks of {@link #approach} keep autovacuum and schema changes away and do not touch
 * readers or writers. The strong ones are asked for in one fixed order: what the application gets
 * to the table through, source, shadow, other tables by oid. Each is bounded by a time-out well
 * below the server's deadlock_timeout, so that in a circle of locks it is this transaction that
 * gives way, before the server looks for a victim.
 */
public final class PgCutOver implements CutOver {
  private static final Duration SHORTEST_WAIT = Duration.ofMillis(20);

  private final SessionFactory sessions;
  private final Session session;
  private final Working working;
  private final Exchange exchange;
  private final LastFlush lastFlush;
  private final LockedRelations locked;
  private final Obstacles obstacles;
  private final Snapshots snapshots;
  private final int pid;
  private final long deadlockTimeoutMillis;
  private String askedAt;
  private boolean inTransaction;
  private boolean closed;

  public PgCutOver(
      SessionFactory sessions,
      Working working,
      Exchange exchange,
      CopyEnd copyEnd,
      SnapshotHistory history)
      throws SQLException {
    this.sessions = sessions;
    this.session = sessions.open("cut-over");
    this.working = working;
    this.exchange = exchange;
    this.lastFlush = new LastFlush(session, working);
    this.locked = new LockedRelations(session, working);
    this.obstacles = new Obstacles(session, locked.all(), copyEnd);
    this.snapshots = new Snapshots(session, history);
    this.pid = Integer.parseInt(session.text("SELECT pg_backend_pid()::text").orElseThrow());
    this.deadlockTimeoutMillis =
        session
            .first(
                "SELECT setting::bigint FROM pg_settings WHERE name = 'deadlock_timeout'",
                row -> row.getLong(1))
            .orElse(1_000L);
    session.execute(FlushStatements.SETTINGS);
    working.showKeyTypes(session);
    // once before the lock: nothing should have to be read from disk under it
    Fingerprint.take(session, working.source().table().oid());
  }

  @Override
  public List<String> obstacles() {
    try {
      if (inTransaction) {
        giveWay();
      }
      List<String> found = new ArrayList<>(obstacles.find());
      found.addAll(snapshots.inTheWay());
      return found;
    } catch (SQLException e) {
      throw Failures.failed("looking for what stands in the way of the cut-over", e);
    }
  }

  /**
   * Readers and writers do not feel the locks of {@link #approach}, but who asks for a stronger one
   * does, and whoever comes behind him. So nobody is made to wait while this waits for an opening.
   */
  private void giveWay() throws SQLException {
    Optional<String> heldUp = obstacles.heldUp();
    if (heldUp.isPresent()) {
      throw new LockTimeoutException(heldUp.get(), null);
    }
  }

  @Override
  public void approach(Duration timeout) {
    long asked = System.nanoTime();
    try {
      session.connection().setAutoCommit(false);
      inTransaction = true;
      askedAt = now();
      for (FirstLock each : working.transfer().first()) {
        if (!each.weakly().isEmpty()) {
          session.execute(lockTimeout(rest(timeout, asked)) + each.weakly());
        }
      }
      session.execute(
          lockTimeout(rest(timeout, asked))
              + "LOCK TABLE "
              + working.sourceSql()
              + ", "
              + working.shadowSql()
              + (locked.hasOthers() ? ", " + locked.others() : "")
              + " IN SHARE UPDATE EXCLUSIVE MODE");
    } catch (SQLException e) {
      throw lockFailure("keep maintenance off the tables", Wanted.SHARE_UPDATE_EXCLUSIVE, e);
    }
  }

  @Override
  public void lock(Duration timeout, Duration budget) {
    long asked = System.nanoTime();
    Duration bounded = belowDeadlockTimeout(timeout);
    String waitingFor = working.sourceSql();
    try {
      askedAt = now();
      for (FirstLock each : working.transfer().first()) {
        waitingFor = each.relation();
        session.execute(lockTimeout(rest(bounded, asked)) + each.statement());
      }
      waitingFor = working.sourceSql();
      session.execute(
          lockTimeout(rest(bounded, asked))
              + "LOCK TABLE "
              + working.sourceSql()
              + ", "
              + working.shadowSql()
              + " IN ACCESS EXCLUSIVE MODE");
      if (locked.hasOthers()) {
        waitingFor = "the tables that go with " + working.sourceSql();
        // the application is held by now, so this is the time for all of them together
        session.execute(statementTimeout(bounded));
        session.execute("LOCK TABLE " + locked.others() + " IN ACCESS EXCLUSIVE MODE");
      }
      session.limit(budget.minusNanos(System.nanoTime() - asked));
      snapshots.sample();
    } catch (SQLException e) {
      throw lockFailure(
          "lock " + waitingFor + " within " + bounded.toMillis() + " ms",
          Wanted.ACCESS_EXCLUSIVE,
          e);
    }
  }

  private String now() throws SQLException {
    return session.text("SELECT clock_timestamp()::text").orElseThrow();
  }

  /** What is left of the wait for the table and all that is locked before it. */
  private static Duration rest(Duration whole, long since) {
    Duration left = whole.minusNanos(System.nanoTime() - since);
    return left.compareTo(SHORTEST_WAIT) < 0 ? SHORTEST_WAIT : left;
  }

  /**
   * Short enough to give way before the server, which looks for circles of locks after its
   * deadlock_timeout, would end a transaction of the application.
   */
  private Duration belowDeadlockTimeout(Duration wanted) {
    Duration longest = Duration.ofMillis(deadlockTimeoutMillis * 6 / 10);
    return wanted.compareTo(longest) < 0 ? wanted : longest;
  }

  private static String lockTimeout(Duration timeout) {
    return "SET LOCAL lock_timeout = '" + Math.max(1, timeout.toMillis()) + "ms'; ";
  }

  private static String statementTimeout(Duration timeout) {
    return "SET LOCAL statement_timeout = '" + Math.max(1, timeout.toMillis()) + "ms'";
  }

  private RuntimeException lockFailure(String what, Wanted wanted, SQLException e) {
    if (Failures.isLockTimeout(e) || Failures.isCancelled(e)) {
      return new LockTimeoutException("could not " + what + holders(wanted, e), e);
    }
    if (Failures.isUndefinedTable(e)) {
      return new MigrationFailedException(
          "Table "
              + working.sourceSql()
              + " was changed while it was being migrated: it was renamed or dropped.",
          "The source table is as that change left it.",
          "Run the migration again.",
          e);
    }
    return Failures.failed("taking the cut-over's locks", e);
  }

  /** Who was in the way, in words. The attempt is over: its locks go first. */
  private String holders(Wanted wanted, SQLException failure) {
    session.rollbackQuietly();
    try {
      inTransaction = false;
      session.connection().setAutoCommit(true);
      List<String> holders = LockHolders.of(session, locked.all(), wanted, askedAt);
      return holders.isEmpty() ? "" : ": " + String.join(" and ", holders);
    } catch (SQLException e) {
      failure.addSuppressed(e); // the attempt has failed for another reason
      return "";
    }
  }

  @Override
  public FlushResult flush(List<Key> keys) {
    return lastFlush.run(keys);
  }

  @Override
  public void swap(Duration timeout) {
    try {
      // only from here on: the flush evaluates the user's expressions under the user's own path
      session.execute("SET LOCAL search_path = pg_catalog");
      failOnShapeChange(
          Fingerprint.take(session, working.source().table().oid()).changesSince(exchange.shape()));
      session.execute(lockTimeout(belowDeadlockTimeout(timeout)));
      exchange.run(session);
      spareSnapshots();
    } catch (SQLException e) {
      if (Failures.isCancelled(e)) {
        throw new LockTimeoutException("could not exchange the tables within the budget", e);
      }
      throw lockFailure("lock what belongs to the table", Wanted.ACCESS_EXCLUSIVE, e);
    }
  }

  /** As late as can be: what gets a snapshot after this has a millisecond left to do so. */
  private void spareSnapshots() throws SQLException {
    Optional<String> wronged = snapshots.wronged(lastFlush.hasMadeAny());
    if (wronged.isPresent()) {
      throw new LockTimeoutException(wronged.get(), null);
    }
  }

  private static void failOnShapeChange(List<String> changes) {
    if (!changes.isEmpty()) {
      throw new MigrationFailedException(
          "The source table was changed while it was being migrated: " + String.join("; ", changes),
          "The source table is as that change left it.",
          "Run the migration again.");
    }
  }

  @Override
  public void commit() {
    try {
      session.connection().commit();
      inTransaction = false;
    } catch (SQLException e) {
      if (!CommitOutcome.isServed(sessions, working, pid)) {
        throw Failures.failed("committing the swap", e);
      }
    }
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (inTransaction) {
      session.rollbackQuietly();
    }
    session.close();
  }
}
