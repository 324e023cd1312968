package io.zdmosc.postgres.cutover;

import io.zdmosc.engine.error.DivergenceException;
import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.engine.spi.CutOver;
import io.zdmosc.engine.spi.FlushResult;
import io.zdmosc.engine.spi.Key;
import io.zdmosc.engine.spi.LockTimeoutException;
import io.zdmosc.postgres.catalog.Fingerprint;
import io.zdmosc.postgres.catalog.LockHolders;
import io.zdmosc.postgres.catalog.LockHolders.Wanted;
import io.zdmosc.postgres.flush.FlushStatements;
import io.zdmosc.postgres.flush.RowReplacement;
import io.zdmosc.postgres.handover.FirstLock;
import io.zdmosc.postgres.shadow.ForeignKey;
import io.zdmosc.postgres.shadow.Working;
import io.zdmosc.postgres.sql.Failures;
import io.zdmosc.postgres.sql.Session;
import io.zdmosc.postgres.sql.SessionFactory;
import io.zdmosc.postgres.sql.Sql;
import io.zdmosc.postgres.verify.KeyComparison;
import java.sql.SQLException;
import java.sql.Savepoint;
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
  private static final int BATCH = 4_000;
  private static final Duration SHORTEST_WAIT = Duration.ofMillis(20);

  private final SessionFactory sessions;
  private final Session session;
  private final Working working;
  private final Exchange exchange;
  private final RowReplacement statements;
  private final KeyComparison comparison;
  private final Obstacles obstacles;
  private final List<Long> relations;
  private final Snapshots snapshots;
  private final List<Long> others;
  private final int pid;
  private final long deadlockTimeoutMillis;
  private String askedAt;
  private boolean inTransaction;
  private boolean flushed;
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
    this.statements = RowReplacement.of(session, working);
    this.comparison = new KeyComparison(session, working);
    this.others = otherTables();
    List<Long> tables = new ArrayList<>(others);
    tables.addAll(partitions());
    tables.add(working.source().table().oid());
    for (FirstLock each : working.transfer().first()) {
      resolve(each.relation()).ifPresent(tables::add);
    }
    this.relations = List.copyOf(tables);
    this.obstacles = new Obstacles(session, tables, copyEnd);
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

  /** All that is locked with the table, in the order of creation. */
  private List<Long> otherTables() throws SQLException {
    List<Long> oids = new ArrayList<>(referencedTables());
    for (String other : working.handover().locked()) {
      resolve(other).ifPresent(oids::add);
    }
    return oids.stream().distinct().sorted().toList();
  }

  private Optional<Long> resolve(String relation) throws SQLException {
    return session.text("SELECT to_regclass(?::text)::oid::text", relation).map(Long::valueOf);
  }

  /** They are locked with their table. */
  private List<Long> partitions() throws SQLException {
    return session.query(
        "SELECT relid::oid::bigint FROM pg_partition_tree(?::oid::regclass) WHERE level > 0",
        row -> row.getLong(1),
        working.source().table().oid());
  }

  private List<Long> referencedTables() {
    List<Long> oids = new ArrayList<>();
    working.source().constraintsOfType("f").forEach(key -> oids.add(key.referencedTable()));
    working.spec().foreignKeys().stream().map(ForeignKey::referencedTable).forEach(oids::add);
    return oids.stream()
        .filter(oid -> oid != 0 && oid != working.source().table().oid())
        .distinct()
        .toList();
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
              + (others.isEmpty() ? "" : ", " + otherNames())
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
      if (!others.isEmpty()) {
        waitingFor = "the tables that go with " + working.sourceSql();
        // the application is held by now, so this is the time for all of them together
        session.execute(statementTimeout(bounded));
        session.execute("LOCK TABLE " + otherNames() + " IN ACCESS EXCLUSIVE MODE");
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

  private String otherNames() throws SQLException {
    return session
        .text(
            "SELECT string_agg(format('%I.%I', n.nspname, c.relname), ', ' ORDER BY c.oid)"
                + " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                + " WHERE c.oid = ANY (?::oid[])",
            Sql.array(others.stream().map(String::valueOf).toList()))
        .orElseThrow();
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
      List<String> holders = LockHolders.of(session, relations, wanted, askedAt);
      return holders.isEmpty() ? "" : ": " + String.join(" and ", holders);
    } catch (SQLException e) {
      failure.addSuppressed(e); // the attempt has failed for another reason
      return "";
    }
  }

  @Override
  public FlushResult flush(List<Key> keys) {
    flushed |= !keys.isEmpty();
    try {
      FlushResult first = flushBatches(keys);
      if (first.conflicts().isEmpty()) {
        return first;
      }
      // what was in the way may have been a stale row of a later batch; now every row is fresh
      List<Key> again = first.conflicts().stream().map(FlushResult.Conflict::key).toList();
      FlushResult second = flushBatches(again);
      return new FlushResult(first.rows() + second.rows(), second.conflicts());
    } catch (SQLException e) {
      if (Failures.isCancelled(e)) {
        throw new LockTimeoutException("could not flush the last changes within the budget", e);
      }
      throw Failures.failed("flushing the last changes under the lock", e);
    }
  }

  private FlushResult flushBatches(List<Key> keys) throws SQLException {
    long rows = 0;
    List<FlushResult.Conflict> conflicts = new ArrayList<>();
    for (int from = 0; from < keys.size(); from += BATCH) {
      FlushResult result = flushBatch(keys.subList(from, Math.min(keys.size(), from + BATCH)));
      rows += result.rows();
      conflicts.addAll(result.conflicts());
    }
    return new FlushResult(rows, conflicts);
  }

  private FlushResult flushBatch(List<Key> keys) throws SQLException {
    FlushResult result;
    Savepoint before = session.connection().setSavepoint();
    try {
      result = new FlushResult(statements.replace(keys), List.of());
    } catch (SQLException e) {
      if (!statements.canGoAround(e)) {
        throw e;
      }
      session.rollbackTo(before);
      result = statements.replaceAround(keys);
    }
    if (result.conflicts().isEmpty() && !comparison.isEqual(keys)) {
      throw new DivergenceException(
          "Rows that were flushed under the lock differ from the source.",
          "The source table is untouched.",
          "Please report this: it is a bug, or an expression that gives another value each time.");
    }
    return result;
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
    Optional<String> wronged = snapshots.wronged(flushed);
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
