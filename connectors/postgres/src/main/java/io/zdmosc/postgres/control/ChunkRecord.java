package io.zdmosc.postgres.control;

import io.zdmosc.engine.spi.Chunk;
import io.zdmosc.engine.spi.CopiedChunk;
import io.zdmosc.engine.spi.Key;
import io.zdmosc.engine.spi.KeyRange;
import io.zdmosc.postgres.sql.Session;
import io.zdmosc.postgres.sql.Sql;
import java.sql.Array;
import java.sql.SQLException;
import java.util.List;

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

  /** The records of all chunks of a migration. */
  public static List<CopiedChunk> read(Session session, long migrationId) throws SQLException {
    return session.query(
        "SELECT number, lower_key, upper_key, rows FROM zdm_osc.chunk WHERE migration_id ="
            + " ?::bigint ORDER BY number",
        row ->
            new CopiedChunk(
                new Chunk(row.getLong(1), new KeyRange(key(row.getArray(2)), key(row.getArray(3)))),
                row.getLong(4)),
        migrationId);
  }

  private static Key key(Array bound) throws SQLException {
    return bound == null ? null : Key.of((String[]) bound.getArray());
  }

  private static String bound(Key key) {
    return key == null ? null : Sql.array(key.columns());
  }
}
