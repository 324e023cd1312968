package io.zdmosc.mysql.cutover;

import io.zdmosc.engine.error.DivergenceException;
import io.zdmosc.engine.spi.FlushResult;
import io.zdmosc.engine.spi.Key;
import io.zdmosc.mysql.flush.FlushStatements;
import io.zdmosc.mysql.shadow.Working;
import io.zdmosc.mysql.sql.Failures;
import io.zdmosc.mysql.sql.KeyTable;
import io.zdmosc.mysql.sql.Session;
import io.zdmosc.mysql.verify.KeyComparison;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The flush of the last changes under the lock, each batch of which is compared. */
final class FinalFlush {
  private static final int BATCH = 4_000;

  private final Session locker;
  private final FlushStatements statements;
  private final KeyComparison comparison;
  private final boolean back;

  /** Makes temporary tables on the locking session, which is in no transaction. */
  FinalFlush(Session locker, Working working) throws SQLException {
    this.locker = locker;
    this.back = working.back();
    KeyTable table = new KeyTable(locker, working.identity());
    this.statements = new FlushStatements(locker, working, table);
    this.comparison = new KeyComparison(locker, working, table);
  }

  /**
   * Goes through it once without a key: what the first time costs, on the server and here, should
   * not be paid under the lock.
   */
  void rehearse() throws SQLException {
    locker.transaction(() -> batch(List.of()));
  }

  /** Flushes in a transaction, whose end gives no lock back. */
  FlushResult run(List<Key> keys) throws SQLException {
    return locker.transaction(() -> all(keys));
  }

  private FlushResult all(List<Key> keys) throws SQLException {
    FlushResult first = batches(keys);
    if (first.conflicts().isEmpty()) {
      return first;
    }
    // what was in the way may have been a stale row of a later batch; now every row is fresh
    List<Key> again = first.conflicts().stream().map(FlushResult.Conflict::key).toList();
    FlushResult second = batches(again);
    return new FlushResult(first.rows() + second.rows(), second.conflicts());
  }

  private FlushResult batches(List<Key> keys) throws SQLException {
    long rows = 0;
    List<FlushResult.Conflict> conflicts = new ArrayList<>();
    for (int from = 0; from < keys.size(); from += BATCH) {
      List<Key> batch = keys.subList(from, Math.min(keys.size(), from + BATCH));
      FlushResult result = batch(batch);
      rows += result.rows();
      conflicts.addAll(result.conflicts());
    }
    return new FlushResult(rows, conflicts);
  }

  private FlushResult batch(List<Key> keys) throws SQLException {
    FlushResult result;
    locker.mark();
    try {
      result = new FlushResult(statements.replace(keys), List.of());
    } catch (SQLException e) {
      if (!(back ? Failures.isBadData(e) : Failures.isUniqueConflict(e))) {
        throw e;
      }
      locker.backToMark();
      result = back ? halves(keys, e) : statements.replaceAround(keys);
    }
    if (result.conflicts().isEmpty() && !comparison.differences(keys).isEmpty()) {
      throw new DivergenceException(
          "Rows that were flushed under the lock differ from the source.",
          "The source table is untouched.",
          "Please report this: it is a bug.");
    }
    return result;
  }

  /** On the way back a row that is refused stays as it is, with all that it holds. */
  private FlushResult halves(List<Key> keys, SQLException refusal) throws SQLException {
    if (keys.size() == 1) {
      return new FlushResult(
          0, List.of(new FlushResult.Conflict(keys.get(0), Failures.words(refusal))));
    }
    int middle = keys.size() / 2;
    return batch(keys.subList(0, middle)).and(batch(keys.subList(middle, keys.size())));
  }
}
