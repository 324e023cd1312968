package io.zdmosc.mysql.copy;

import io.zdmosc.engine.badrow.BadRow;
import io.zdmosc.engine.spi.Chunk;
import io.zdmosc.engine.spi.ChunkCopier;
import io.zdmosc.engine.spi.KeyRange;
import io.zdmosc.mysql.control.ChunkRecord;
import io.zdmosc.mysql.flush.BadRowFinder;
import io.zdmosc.mysql.shadow.Working;
import io.zdmosc.mysql.sql.Failures;
import io.zdmosc.mysql.sql.KeySql;
import io.zdmosc.mysql.sql.KeyTable;
import io.zdmosc.mysql.sql.Session;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** Copies chunks. In READ COMMITTED the source is read without locks. */
public final class MySqlChunkCopier implements ChunkCopier {
  private static final int CONFLICT_TRIES = 50;
  private static final long CONFLICT_REST_NANOS = 100_000_000;

  private final Session session;
  private final Working working;
  private final KeySql keys;

  public MySqlChunkCopier(Session session, Working working) {
    this.session = session;
    this.working = working;
    this.keys = working.keys();
  }

  /**
   * Where the change makes another primary key, which the shadow has from the beginning, a row may
   * meet one that was copied before and has got another value since: that one is about to be
   * flushed. What meets one for long does so in the source too.
   */
  @Override
  public long copy(Chunk chunk) {
    for (int attempt = 1; ; attempt++) {
      try {
        return insert(chunk);
      } catch (SQLException e) {
        if (!Failures.isUniqueConflict(e) || attempt == CONFLICT_TRIES) {
          throw failure(chunk.range(), e);
        }
      }
      LockSupport.parkNanos(CONFLICT_REST_NANOS);
    }
  }

  private long insert(Chunk chunk) throws SQLException {
    return session.patientTransaction(
        () -> {
          long rows =
              session.execute(
                  working.insertSelect()
                      + working.sourceByIndex()
                      + " WHERE "
                      + keys.sourceRange(chunk.range(), KeySql.SOURCE));
          ChunkRecord.write(session, working.migrationId(), chunk, rows);
          return rows;
        });
  }

  private RuntimeException failure(KeyRange range, SQLException e) {
    if (!Failures.isBadData(e)) {
      return Failures.failed("copying the rows in " + range, e);
    }
    return BadRow.copied(working.sourceSql(), badRow(range), e);
  }

  private Optional<BadRow> badRow(KeyRange range) {
    try {
      KeyTable table = new KeyTable(session, working.identity());
      return new BadRowFinder(session, working, table, Failures::isBadData).find(range);
    } catch (SQLException e) {
      return Optional.empty(); // the first error is the one to report
    }
  }

  @Override
  public void close() {
    session.close();
  }
}
