package io.zdmosc.postgres.control;

import io.zdmosc.engine.spi.Chunk;
import io.zdmosc.engine.spi.Key;
import io.zdmosc.postgres.sql.Session;
import io.zdmosc.postgres.sql.Sql;
import java.sql.SQLException;

/** The durable record of a copied chunk, written in the chunk's own transaction. */
public final class ChunkRecord {
  private ChunkRecord() {}

  public static void write(Session session, long migrationId, Chunk chunk, long rows)
      throws SQLException {
    session.update(
        "INSERT INTO zdm_osc.chunk (migration_id, number, lower_key, upper_key, rows)"
            + " VALUES (?::bigint, ?::bigint, ?::text[], ?::text[], ?::bigint)",
        migrationId,
        chunk.number(),
        bound(chunk.range().lower()),
        bound(chunk.range().upper()),
        rows);
  }

  private static String bound(Key key) {
    return key == null ? null : Sql.array(key.columns());
  }
}
