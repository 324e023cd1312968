package io.zdmosc.postgres.cutover;

import io.zdmosc.engine.error.DivergenceException;
import io.zdmosc.engine.spi.FlushResult;
import io.zdmosc.engine.spi.Key;
import io.zdmosc.engine.spi.LockTimeoutException;
import io.zdmosc.postgres.flush.RowReplacement;
import io.zdmosc.postgres.shadow.Working;
import io.zdmosc.postgres.sql.Failures;
import io.zdmosc.postgres.sql.Session;
import io.zdmosc.postgres.verify.KeyComparison;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;

/** The flush under the cut-over's lock, each batch of which is compared with the source. */
final class LastFlush {
  private static final int BATCH = 4_000;

  private final Session session;
  private final RowReplacement statements;
  private final KeyComparison comparison;
  private boolean madeAny;

  /**
   * @param session the cut-over's
   */
  LastFlush(Session session, Working working) throws SQLException {
    this.session = session;
    this.statements = RowReplacement.of(session, working);
    this.comparison = new KeyComparison(session, working);
  }

  /** Whether there was anything to be flushed. */
  boolean hasMadeAny() {
    return madeAny;
  }

  /** Brings the rows of these keys up to date; what stays in conflict is told. */
  FlushResult run(List<Key> keys) {
    madeAny |= !keys.isEmpty();
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
}
