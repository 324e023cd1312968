package io.zdmosc.postgres.flush;

import io.zdmosc.engine.badrow.BadRow;
import io.zdmosc.engine.error.DivergenceException;
import io.zdmosc.engine.spi.CopyLayout;
import io.zdmosc.engine.spi.FlushResult;
import io.zdmosc.engine.spi.Flusher;
import io.zdmosc.engine.spi.Key;
import io.zdmosc.engine.spi.KeyLocation;
import io.zdmosc.engine.spi.Settlement;
import io.zdmosc.postgres.shadow.Working;
import io.zdmosc.postgres.sql.Failures;
import io.zdmosc.postgres.sql.Session;
import io.zdmosc.postgres.verify.KeyComparison;
import io.zdmosc.postgres.verify.UnmatchedRows;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Flushes keys, each batch in one REPEATABLE READ transaction with a durable commit. */
public final class PgFlusher implements Flusher {
  /** How long rows of another flusher are waited for. */
  private static final Duration PATIENCE = Duration.ofMillis(100);

  private final Session session;
  private final String source;
  private final RowReplacement statements;
  private final boolean back;
  private final KeyLocator locator;
  private final KeyComparison comparison;
  private final BadRowFinder badRows;
  private final UnmatchedRows unmatchedRows;

  public PgFlusher(Session session, Working working) throws SQLException {
    this.session = session;
    this.source = working.sourceSql();
    this.statements = RowReplacement.of(session, working);
    this.back = working.back();
    this.locator = new KeyLocator(session, working.keys());
    this.comparison = new KeyComparison(session, working);
    this.badRows = new BadRowFinder(session, working, PgFlusher::isBadValue);
    this.unmatchedRows = new UnmatchedRows(session, working);
    session.connection().setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    session.execute(FlushStatements.SETTINGS);
  }

  @Override
  public Settlement settlement() {
    try {
      return SnapshotSettlement.parse(
          session.text("SELECT pg_current_snapshot()::text").orElseThrow());
    } catch (SQLException e) {
      throw Failures.failed("reading the server's snapshot", e);
    }
  }

  @Override
  public List<KeyLocation> locate(List<Key> keys, CopyLayout layout) {
    try {
      return locator.locate(keys, layout);
    } catch (SQLException e) {
      throw Failures.failed("comparing keys with the frontier", e);
    }
  }

  @Override
  public FlushResult flush(List<Key> keys, boolean check) {
    if (keys.isEmpty()) {
      return new FlushResult(0, List.of());
    }
    try {
      return flushAll(keys, check);
    } catch (SQLException e) {
      if (!statements.canGoAround(e)) {
        throw failure(keys, e);
      }
      return back ? flushHalves(keys, check, e) : flushAround(keys, check);
    }
  }

  @Override
  public Optional<FlushResult> flushBeside(List<Key> keys, boolean check) {
    try {
      return Optional.of(
          session.transaction(
              () -> {
                session.execute("SET LOCAL lock_timeout = '" + PATIENCE.toMillis() + "ms'");
                long rows = statements.replace(keys);
                checkIf(check, keys);
                return new FlushResult(rows, List.of());
              }));
    } catch (SQLException e) {
      if (Failures.isGivingWay(e) || Failures.isLockTimeout(e) || statements.canGoAround(e)) {
        return Optional.empty();
      }
      throw failure(keys, e);
    }
  }

  @Override
  public void removeUnmatched(List<Key> shadowKeys) {
    try {
      session.transaction(
          () -> {
            unmatchedRows.remove(shadowKeys);
            return null;
          });
    } catch (SQLException e) {
      throw Failures.failed("removing rows that the source does not have", e);
    }
  }

  private FlushResult flushAll(List<Key> keys, boolean check) throws SQLException {
    return session.transaction(
        () -> {
          long rows = statements.replace(keys);
          checkIf(check, keys);
          return new FlushResult(rows, List.of());
        });
  }

  /**
   * The same on the way back, where rows may be refused for as long as nobody mends them: each half
   * has a transaction of its own, since savepoints by the thousand would slow the whole server.
   */
  private FlushResult flushHalves(List<Key> keys, boolean check, SQLException e) {
    if (keys.size() == 1) {
      try {
        return statements.refused(keys.get(0), e);
      } catch (SQLException other) {
        throw failure(keys, other);
      }
    }
    int middle = keys.size() / 2;
    return flush(keys.subList(0, middle), check)
        .and(flush(keys.subList(middle, keys.size()), check));
  }

  /** Flushes what can be flushed; the rest is reported. */
  private FlushResult flushAround(List<Key> keys, boolean check) {
    try {
      return session.transaction(
          () -> {
            FlushResult result = statements.replaceAround(keys);
            List<Key> stuck = result.conflicts().stream().map(FlushResult.Conflict::key).toList();
            checkIf(check, keys.stream().filter(key -> !stuck.contains(key)).toList());
            return result;
          });
    } catch (SQLException e) {
      throw failure(keys, e);
    }
  }

  private void checkIf(boolean check, List<Key> keys) throws SQLException {
    if (check && !keys.isEmpty() && !comparison.isEqual(keys)) {
      throw new DivergenceException(
          "Rows that were just flushed differ from the source: "
              + comparison.differences(keys).stream().limit(10).toList(),
          "The source table is untouched.",
          "Please report this: it is a bug, or an expression that gives another value each time.");
    }
  }

  private RuntimeException failure(List<Key> keys, SQLException e) {
    if (isBadValue(e)) {
      return BadRow.written(source, badRows.find(keys), e);
    }
    return Failures.failed("flushing changes into the shadow table", e);
  }

  /** Rows that meet others come again; a value that does not fit never will. */
  private static boolean isBadValue(SQLException e) {
    return Failures.isBadData(e) && !Failures.isUniqueConflict(e);
  }

  @Override
  public void close() {
    session.close();
  }
}
