package io.zdmosc.postgres.copy;

import io.zdmosc.engine.spi.ChunkPlanner;
import io.zdmosc.engine.spi.Key;
import io.zdmosc.engine.spi.KeyRange;
import io.zdmosc.postgres.catalog.TableInfo;
import io.zdmosc.postgres.shadow.Working;
import io.zdmosc.postgres.sql.Failures;
import io.zdmosc.postgres.sql.KeySql;
import io.zdmosc.postgres.sql.Session;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * Finds range bounds: small ranges, and those at the end of the table, by walking the identity's
 * index, others by a sample.
 */
public final class PgChunkPlanner implements ChunkPlanner {
  /**
   * All chunks in flight must not overflow logical_decoding_work_mem, 64 MB by default, or the
   * server writes them to its disk once more.
   */
  private static final long IN_FLIGHT_BYTES = 48L << 20;

  /** What the server's decoder needs for a row besides the row. */
  private static final long DECODED_ROW_OVERHEAD = 120;

  /** When ranges become small and large again and again, walking is cheaper. */
  private static final int SAMPLES = 10;

  private static final int SAMPLE_ROWS_PER_KEY = 300;

  private final Session session;
  private final Working working;
  private final KeySql keys;
  private SampledBounds sample;
  private Key sampledUpTo;
  private int samplesLeft = SAMPLES;

  public PgChunkPlanner(Session session, Working working) throws SQLException {
    this.session = session;
    this.working = working;
    this.keys = working.keys();
    // only the index gives the order without a sort; the planner must not think otherwise
    session.execute("SET enable_seqscan = off; SET enable_sort = off; SET enable_bitmapscan = off");
  }

  @Override
  public Optional<Key> boundaryAfter(Optional<Key> lower, long rows, Optional<Key> limit) {
    if (limit.isEmpty() && SampledBounds.fits(working, rows)) {
      Optional<Key> sampled = sampledAfter(lower, rows);
      if (sampled.isPresent()) {
        return sampled;
      }
    }
    return walkedAfter(lower, rows, limit);
  }

  /** Empty when the sample ends before. A new one is taken only where another bound was used. */
  private Optional<Key> sampledAfter(Optional<Key> lower, long rows) {
    if (sample == null || !lower.equals(Optional.ofNullable(sampledUpTo))) {
      if (samplesLeft == 0) {
        return Optional.empty();
      }
      samplesLeft--;
      try {
        sample = SampledBounds.take(session, working, lower, rows);
      } catch (SQLException e) {
        throw Failures.failed("sampling keys", e);
      }
    }
    Optional<Key> bound = sample.advance(rows);
    sampledUpTo = bound.orElse(null);
    if (bound.isEmpty()) {
      samplesLeft = 0; // the end of the table is near
    }
    return bound;
  }

  private Optional<Key> walkedAfter(Optional<Key> lower, long rows, Optional<Key> limit) {
    KeySql.Condition range = keys.sourceRange(new KeyRange(lower.orElse(null), limit.orElse(null)));
    String sql =
        "SELECT "
            + keys.sourceTexts()
            + " FROM "
            + working.sourceSql()
            + " AS "
            + keys.alias()
            + " WHERE "
            + range.sql()
            + " ORDER BY "
            + keys.orderBy()
            + " OFFSET ?::bigint LIMIT 1";
    try {
      return session.first(sql, keys::read, range.with(rows - 1));
    } catch (SQLException e) {
      throw Failures.failed("looking for the bounds of a chunk", e);
    }
  }

  @Override
  public List<Key> sample(int count) {
    TableInfo table = working.source().table();
    double percent = Math.min(100, 100.0 * count * SAMPLE_ROWS_PER_KEY / Math.max(1, table.rows()));
    String sql =
        "SELECT "
            + keys.sourceTexts()
            + " FROM (SELECT "
            + keys.sourceColumns()
            + ", row_number() OVER w AS zdm_n,"
            + " count(*) OVER () AS zdm_c FROM "
            + working.sourceSql()
            + " AS "
            + keys.alias()
            + " TABLESAMPLE SYSTEM (?::float8) WINDOW w AS (ORDER BY "
            + keys.orderBy()
            + ")) AS "
            + keys.alias()
            + " WHERE zdm_n % greatest(zdm_c / ?::bigint, 1) = 0 ORDER BY "
            + keys.orderBy();
    try {
      return session.query(sql, keys::read, percent, count);
    } catch (SQLException e) {
      throw Failures.failed("sampling keys", e);
    }
  }

  @Override
  public long maxRows(int threads) {
    TableInfo table = working.source().table();
    long width = table.rows() == 0 ? 100 : Math.max(30, table.tableBytes() / table.rows());
    long fitting = IN_FLIGHT_BYTES / threads / (width + DECODED_ROW_OVERHEAD);
    return Math.max(200, Math.min(200_000, fitting));
  }

  @Override
  public void close() {
    session.close();
  }
}
