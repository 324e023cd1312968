package io.zdmosc.mysql.flush;

import io.zdmosc.engine.error.DivergenceException;
import io.zdmosc.engine.spi.Difference;
import io.zdmosc.engine.spi.FlushResult;
import io.zdmosc.engine.spi.Key;
import io.zdmosc.mysql.verify.KeyComparison;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A flush that compares what it wrote, in the caller's transaction.
 *
 * <p>In READ COMMITTED each statement reads the source anew, so a row that differs may have changed
 * between the two; then that change comes by the stream and is checked in its turn. So that this
 * does not excuse everything, rows that differ are written and compared again while they are few,
 * and what still differs is locked for a moment: then there is no excuse. What somebody else has
 * locked is not waited for.
 */
final class CheckedFlush {
  private static final int ROUNDS = 5;
  private static final int FEW = 256;
  private static final int MOST_LOCKED = 64;

  private final FlushStatements statements;
  private final KeyComparison comparison;

  CheckedFlush(FlushStatements statements, KeyComparison comparison) {
    this.statements = statements;
    this.comparison = comparison;
  }

  /** Writes and compares; {@code around} leaves out rows that meet others. */
  FlushResult run(List<Key> keys, boolean around) throws SQLException {
    FlushResult result = write(keys, around);
    List<FlushResult.Conflict> conflicts = new ArrayList<>(result.conflicts());
    long rows = result.rows();
    List<Key> open = differing(keys, conflicts);
    for (int round = 0; round < ROUNDS && !open.isEmpty() && open.size() <= FEW; round++) {
      FlushResult again = write(open, around);
      rows += again.rows();
      conflicts.addAll(again.conflicts());
      open = differing(open, conflicts);
    }
    if (!open.isEmpty()) {
      conflicts.addAll(underLock(open.subList(0, Math.min(open.size(), MOST_LOCKED)), around));
    }
    return new FlushResult(rows, conflicts);
  }

  private FlushResult write(List<Key> keys, boolean around) throws SQLException {
    return around
        ? statements.replaceAround(keys)
        : new FlushResult(statements.replace(keys), List.of());
  }

  private List<Key> differing(List<Key> keys, List<FlushResult.Conflict> conflicts)
      throws SQLException {
    Set<Key> left = new HashSet<>();
    conflicts.forEach(conflict -> left.add(conflict.key()));
    List<Key> compared = keys.stream().filter(key -> !left.contains(key)).toList();
    return compared.isEmpty()
        ? List.of()
        : comparison.differences(compared).stream().map(Difference::key).toList();
  }

  private List<FlushResult.Conflict> underLock(List<Key> asked, boolean around)
      throws SQLException {
    List<Key> keys = statements.lock(asked);
    if (keys.isEmpty()) {
      return List.of();
    }
    FlushResult result = write(keys, around);
    List<Key> differing = differing(keys, result.conflicts());
    if (!differing.isEmpty()) {
      throw new DivergenceException(
          "Rows that were just flushed differ from the source: "
              + comparison.differences(differing).stream().limit(10).toList(),
          "The source table is untouched.",
          "Please report this: it is a bug.");
    }
    return result.conflicts();
  }
}
