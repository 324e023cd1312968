package io.zdmosc.mysql.foreignkey;

import io.zdmosc.engine.error.MigrationFailedException;
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
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The foreign keys in one attempt at the cut-over. For one thread. */
public final class ExchangedKeys {
  private static final Logger LOG = LoggerFactory.getLogger(ExchangedKeys.class);
  private static final Duration UNDER_THE_LOCK = Duration.ofSeconds(5);

  private final SessionFactory sessions;
  private final Working working;
  private KeyExchange exchange;
  private boolean begun;
  private long nanos;

  public ExchangedKeys(SessionFactory sessions, Working working) {
    this.sessions = sessions;
    this.working = working;
  }

  private boolean none() {
    return working.foreignKeys().isEmpty();
  }

  /**
   * Writes down what is going to be done, before the lock.
   *
   * @throws MigrationFailedException when the keys are not those of the plan any more
   */
  public void record(Session session) throws SQLException {
    if (none()) {
      return;
    }
    QualifiedName source =
        new QualifiedName(working.source().table().schema(), working.source().table().name());
    if (!TableKeys.read(session, source).hasSameAs(working.foreignKeys().before())) {
      throw new MigrationFailedException(
          "Foreign keys of table "
              + working.sourceSql()
              + " or to it were changed while it was being migrated.",
          "They are as that change left them.",
          "Run the migration again.");
    }
    exchange = KeyExchange.of(session, working);
    KeyRecord.write(session, working.migrationId(), exchange);
  }

  /** The tables to lock too, with commas before them. */
  public String lockedToo() {
    return none()
        ? ""
        : exchange.children().stream()
            .map(child -> ", " + child.sql() + " WRITE")
            .collect(Collectors.joining());
  }

  /** Under the lock, behind the last flush: from now on nothing of ours may write to the shadow. */
  public void begin(Session locker) throws SQLException {
    if (none()) {
      return;
    }
    long start = System.nanoTime();
    begun = true;
    locker.execute("SET SESSION foreign_key_checks = 0");
    for (String statement : new KeySwitch(exchange).first()) {
      locker.execute(statement);
    }
    nanos = System.nanoTime() - start;
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
    if (none()) {
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
    if (none()) {
      return List.of();
    }
    TableKeys keys = working.foreignKeys().before();
    Set<QualifiedName> tables = new LinkedHashSet<>(keys.parents());
    tables.addAll(working.foreignKeys().after().parents());
    tables.removeAll(keys.children()); // of two that refer to each other
    tables.addAll(written());
    return List.copyOf(tables);
  }

  /** Those of them that are altered. */
  public Set<QualifiedName> written() {
    Set<QualifiedName> written = new LinkedHashSet<>();
    if (!none()) {
      written.add(
          new QualifiedName(working.source().table().schema(), working.source().table().name()));
      written.addAll(working.foreignKeys().before().children());
    }
    return written;
  }
}
