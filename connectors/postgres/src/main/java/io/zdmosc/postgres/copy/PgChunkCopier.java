package io.zdmosc.postgres.copy;

import io.zdmosc.engine.badrow.BadRow;
import io.zdmosc.engine.spi.Chunk;
import io.zdmosc.engine.spi.ChunkCopier;
import io.zdmosc.engine.spi.KeyRange;
import io.zdmosc.postgres.control.ChunkRecord;
import io.zdmosc.postgres.flush.BadRowFinder;
import io.zdmosc.postgres.shadow.Working;
import io.zdmosc.postgres.sql.Failures;
import io.zdmosc.postgres.sql.KeySql;
import io.zdmosc.postgres.sql.Session;
import java.sql.SQLException;

/**
 * Copies chunks. The commits are asynchronous: a chunk and its record are lost together or not at
 * all, and the flush's own commits are durable, which makes all earlier ones so.
 */
public final class PgChunkCopier implements ChunkCopier {
  private final Session session;
  private final Working working;
  private final KeySql keys;

  public PgChunkCopier(Session session, Working working) throws SQLException {
    this.session = session;
    this.working = working;
    this.keys = working.keys();
    session.execute(
        "SET synchronous_commit = off; SET enable_seqscan = off; SET jit = off;"
            + " SET max_parallel_workers_per_gather = 0");
  }

  @Override
  public long copy(Chunk chunk) {
    try {
      return session.transaction(
          () -> {
            long rows = insert(chunk.range());
            ChunkRecord.write(session, working.migrationId(), chunk, rows);
            return rows;
          });
    } catch (SQLException e) {
      throw failure(chunk.range(), e);
    }
  }

  private long insert(KeyRange range) throws SQLException {
    KeySql.Condition condition = keys.sourceRange(range);
    return session.update(
        working.insertSelect() + condition.sql(), condition.parameters().toArray());
  }

  private RuntimeException failure(KeyRange range, SQLException e) {
    if (!Failures.isBadData(e)) {
      return Failures.failed("copying the rows in " + range, e);
    }
    return BadRow.copied(
        working.sourceSql(),
        new BadRowFinder(session, working, Failures::isBadData).find(range),
        e);
  }

  @Override
  public void close() {
    session.close();
  }
}
