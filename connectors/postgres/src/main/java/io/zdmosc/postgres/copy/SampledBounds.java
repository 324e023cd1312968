package io.zdmosc.postgres.copy;

import io.zdmosc.engine.spi.Key;
import io.zdmosc.engine.spi.KeyRange;
import io.zdmosc.postgres.catalog.TableInfo;
import io.zdmosc.postgres.shadow.Working;
import io.zdmosc.postgres.sql.KeySql;
import io.zdmosc.postgres.sql.Session;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * Bounds of ranges by a sample of the table's blocks. To count every row of a range in the index
 * costs as much as a tenth of the copy; of a sample in the order of keys, every so many rows are a
 * bound, which is as good for any type of key and any distribution: a range has some tens of
 * sampled blocks. Rows that are added later make a range larger in proportion; what lies behind the
 * last sampled key has no bound here.
 */
final class SampledBounds {
  /** Rows of one block may follow each other in the table: so many blocks make a range. */
  private static final int BLOCKS = 20;

  /** A larger part of the table would cost more than it spares. */
  private static final double LARGEST_PERCENT = 3;

  private static final long BLOCK_BYTES = 8192;

  /** About so many rows lie between two bounds. */
  private static final int STEP = 4_000;

  /** A sample of a larger table would itself take long. */
  private static final long LARGEST = 100_000_000;

  private final List<Key> bounds;
  private int next;

  private SampledBounds(List<Key> bounds) {
    this.bounds = bounds;
  }

  /** True when ranges of so many rows can be told by a sample. */
  static boolean fits(Working working, long rows) {
    long size = working.source().table().rows();
    return rows >= 5L * STEP
        && size > 4 * rows
        && size <= LARGEST
        && percent(working, rows) <= LARGEST_PERCENT;
  }

  private static double percent(Working working, long rows) {
    TableInfo table = working.source().table();
    double rowsInBlock = (double) table.rows() * BLOCK_BYTES / Math.max(1, table.tableBytes());
    return 100 * BLOCKS * rowsInBlock / rows;
  }

  /** Takes a sample of the rows behind {@code lower} that is good for ranges of so many rows. */
  static SampledBounds take(Session session, Working working, Optional<Key> lower, long rows)
      throws SQLException {
    double percent = percent(working, rows);
    KeySql keys = working.keys();
    KeySql.Condition range = keys.sourceRange(new KeyRange(lower.orElse(null), null));
    String sql =
        "SELECT "
            + keys.sourceTexts()
            + " FROM (SELECT "
            + keys.sourceColumns()
            + ", row_number() OVER (ORDER BY "
            + keys.orderBy()
            + ") AS zdm_n FROM "
            + working.sourceSql()
            + " AS "
            + keys.alias()
            + " TABLESAMPLE SYSTEM (?::float8) WHERE "
            + range.sql()
            + ") AS "
            + keys.alias()
            + " WHERE zdm_n % ?::bigint = 0 ORDER BY zdm_n";
    Object[] parameters = new Object[range.parameters().size() + 2];
    parameters[0] = percent;
    for (int i = 0; i < range.parameters().size(); i++) {
      parameters[i + 1] = range.parameters().get(i);
    }
    parameters[parameters.length - 1] = Math.max(1, (long) (STEP * percent / 100));
    return new SampledBounds(session.query(sql, keys::read, parameters));
  }

  /**
   * The next bound, which follows the last one by about so many rows; empty when the sample has no
   * more.
   */
  Optional<Key> advance(long rows) {
    int bound = next + (int) Math.max(1, rows / STEP) - 1;
    if (bound >= bounds.size()) {
      next = bounds.size();
      return Optional.empty();
    }
    next = bound + 1;
    return Optional.of(bounds.get(bound));
  }
}
