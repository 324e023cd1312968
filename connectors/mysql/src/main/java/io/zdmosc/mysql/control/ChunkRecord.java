package io.zdmosc.mysql.control;

import io.zdmosc.engine.spi.Chunk;
import io.zdmosc.engine.spi.Key;
import io.zdmosc.mysql.sql.Session;
import java.sql.SQLException;
import java.util.stream.Collectors;

/** The durable record of a copied chunk, written in the chunk's own transaction. */
public final class ChunkRecord {
  private ChunkRecord() {}

  public static void write(Session session, long migrationId, Chunk chunk, long rows)
      throws SQLException {
    session.update(
        "INSERT INTO zdm_osc.chunk (migration_id, number, lower_key, upper_key, row_count)"
            + " VALUES (?, ?, ?, ?, ?)",
        migrationId,
        chunk.number(),
        bound(chunk.range().lower()),
        bound(chunk.range().upper()),
        rows);
  }

  /** As a JSON array of texts. */
  private static String bound(Key key) {
    if (key == null) {
      return null;
    }
    return key.columns().stream()
        .map(column -> '"' + column.replace("\\", "\\\\").replace("\"", "\\\"") + '"')
        .collect(Collectors.joining(", ", "[", "]"));
  }
}
