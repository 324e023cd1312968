package io.zdmosc.mysql.foreignkey;

import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.engine.spi.LockTimeoutException;
import io.zdmosc.mysql.cutover.Bounded;
import io.zdmosc.mysql.shadow.Working;
import io.zdmosc.mysql.sql.Failures;
import io.zdmosc.mysql.sql.QualifiedName;
import io.zdmosc.mysql.sql.Session;
import io.zdmosc.mysql.sql.SessionFactory;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The foreign keys in one attempt at the cut-over. For one thread. */
public final class ExchangedKeys {
  private static final Logger LOG = LoggerFactory.getLogger(ExchangedKeys.class);

  /** Longer than that nobody is kept waiting for what can be done without a lock as well. */
  public static final Duration UNDER_THE_LOCK = Duration.ofSeconds(5);

  private static final int NOT_LOCKED = 1100;

  private final SessionFactory sessions;
  private final Working working;
  private final Optional<Set<QualifiedName>> family;
  private KeyExchange exchange;
  private boolean begun;
  private long nanos;

  private ExchangedKeys(
      SessionFactory sessions, Working working, Optional<Set<QualifiedName>> family) {
    this.sessions = sessions;
    this.working = working;
    this.family = family;
  }

  /** Where the server by itself locks whatever keys join with a table that is locked. */
  public static ExchangedKeys of(SessionFactory sessions, Working working) {
    return new ExchangedKeys(sessions, working, Optional.empty());
  }

  /**
   * Where all of the {@linkplain KeyGraph#family family} has to be locked by name.
   *
   * @param session reads which tables these are
   */
  public static ExchangedKeys byName(SessionFactory sessions, Working working, Session session)
      throws SQLException {
    Set<QualifiedName> family =
        working.foreignKeys().isEmpty() ? Set.of() : family(working, KeyGraph.read(session));
    return new ExchangedKeys(sessions, working, Optional.of(family));
  }

  private static Set<QualifiedName> family(Working working, KeyGraph graph) {
    return graph.family(source(working), working.foreignKeys().before());
  }

  private static QualifiedName source(Working working) {
    return new QualifiedName(working.source().table().schema(), working.source().table().name());
  }

  /** True when there are none, so that nothing of this does anything. */
  public boolean isEmpty() {
    return working.foreignKeys().isEmpty();
  }

  /**
   * Writes down what is going to be done, before the lock.
   *
   * @throws MigrationFailedException when the keys are not those of the plan any more
   */
  public void record(Session session) throws SQLException {
    if (isEmpty()) {
      return;
    }
    boolean same =
        TableKeys.read(session, source(working)).hasSameAs(working.foreignKeys().before());
    if (!same || family.isPresent() && isInCircle(session)) {
      throw new MigrationFailedException(
          "Foreign keys of table "
              + working.sourceSql()
              + " or to it, or of those tables, were changed while it was being migrated.",
          "They are as that change left them.",
          "Run the migration again.");
    }
    exchange = KeyExchange.of(session, working);
    KeyRecord.write(session, working.migrationId(), exchange);
  }

  private boolean isInCircle(Session session) throws SQLException {
    return !KeyGraph.read(session).circle(family.orElseThrow()).isEmpty();
  }

  /** The tables to lock too, with commas before them. */
  public String lockedToo() {
    return others().stream()
        .map(other -> ", " + other.sql() + " WRITE")
        .collect(Collectors.joining());
  }

  /** Those tables. */
  public Set<QualifiedName> others() {
    Set<QualifiedName> others =
        new LinkedHashSet<>(family.orElseGet(() -> working.foreignKeys().before().children()));
    others.remove(source(working));
    return others;
  }

  /**
   * Under the lock, behind the last flush: from now on nothing of ours may write to the shadow.
   *
   * @param until no statement is begun later, by {@link System#nanoTime}
   */
  public void begin(Session locker, long until) throws SQLException {
    if (isEmpty()) {
      return;
    }
    failWhereOthersJoined(locker);
    long start = System.nanoTime();
    begun = true;
    locker.execute("SET SESSION foreign_key_checks = 0");
    for (String statement : new KeySwitch(exchange).first()) {
      if (System.nanoTime() - until > 0) {
        throw new LockTimeoutException("the foreign keys took too much of the budget", null);
      }
      locker.execute(statement);
    }
    if (family.isPresent()) {
      failUnlessLocked(locker);
    }
    nanos = System.nanoTime() - start;
  }

  /** MariaDB lets go of a table without an error when it is disturbed at the end of altering it. */
  private void failUnlessLocked(Session locker) throws SQLException {
    try {
      locker.execute(
          written().stream()
              .map(table -> "SELECT 1 FROM " + table.sql() + " WHERE FALSE")
              .collect(Collectors.joining(" UNION ALL ")));
    } catch (SQLException e) {
      if (e.getErrorCode() == NOT_LOCKED) {
        throw new LockTimeoutException("lost the lock on a table", e);
      }
      throw e;
    }
  }

  /** A table that refers to one of the children can have come since the attempt began. */
  private void failWhereOthersJoined(Session locker) throws SQLException {
    if (family.isPresent() && !family.get().equals(family(working, KeyGraph.read(locker)))) {
      throw new LockTimeoutException("further tables refer to those that have to be locked", null);
    }
  }

  /** About how long {@link #end} will take, judged by {@link #begin}. */
  public Duration expected() {
    return Duration.ofNanos(nanos * 2);
  }

  /**
   * Under the lock, right behind the exchange of the names. What it does not get done is left to
   * {@link KeySettlement}; writes may be refused until then.
   *
   * @param other reads what there is
   * @param bounded of the locking session
   */
  public void end(Session locker, Session other, Bounded bounded) throws SQLException {
    if (isEmpty()) {
      return;
    }
    bounded.run(UNDER_THE_LOCK, () -> rest(locker, other));
  }

  private Void rest(Session locker, Session other) throws SQLException {
    for (String statement : new KeySwitch(exchange).rest(other)) {
      locker.execute(statement);
    }
    return null;
  }

  /** Takes everything back under the lock, so that nobody sees it, if that still can be done. */
  public void undoUnderTheLock(Session locker, Session other, Bounded bounded) {
    if (!begun) {
      return;
    }
    try {
      bounded.run(UNDER_THE_LOCK, () -> rest(locker, other));
    } catch (SQLException e) {
      LOG.info("keys are not put back under the lock, but without it", e);
    }
  }

  /** Makes sure that everything is taken back, before the flush goes on. */
  public void undo() {
    if (!begun) {
      return;
    }
    try {
      List<String> left = KeySettlement.run(sessions, working.migrationId());
      if (!left.isEmpty()) {
        throw MigrationFailedException.passing(
            "Foreign keys could not be put back after an attempt at the cut-over: "
                + String.join("; ", left),
            "The source table serves; keys that refer to it may refuse writes.",
            "zdm-osc resume, or zdm-osc cleanup.",
            null);
      }
    } catch (SQLException e) {
      throw Failures.failed("putting foreign keys back after an attempt at the cut-over", e);
    }
    begun = false;
  }

  /**
   * All tables that have to be without writers, what is referred to first; empty where nothing has
   * keys.
   */
  public List<QualifiedName> tables() {
    if (isEmpty()) {
      return List.of();
    }
    if (family.isPresent()) {
      return List.copyOf(family.get());
    }
    TableKeys keys = working.foreignKeys().before();
    Set<QualifiedName> tables = new LinkedHashSet<>(keys.parents());
    tables.addAll(working.foreignKeys().after().parents());
    tables.removeAll(keys.children()); // of two that refer to each other
    tables.addAll(written());
    return List.copyOf(tables);
  }

  /** Those of them that are locked for writing by name. */
  public Set<QualifiedName> written() {
    Set<QualifiedName> written = new LinkedHashSet<>();
    if (!isEmpty()) {
      written.add(source(working));
      written.addAll(others());
    }
    return written;
  }
}
