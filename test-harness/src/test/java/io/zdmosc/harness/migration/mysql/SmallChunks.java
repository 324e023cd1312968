package io.zdmosc.harness.migration.mysql;

import io.zdmosc.engine.spi.Database;
import io.zdmosc.harness.rules.ForcedChange;
import io.zdmosc.harness.rules.InterceptedDatabase;
import io.zdmosc.harness.server.mysql.MySqlDatabase;

/** Migrations whose first chunks are small already, so that a small table has many. */
public final class SmallChunks {
  private static final long ROWS = 150;

  private SmallChunks() {}

  public static Database open(MySqlDatabase database) {
    return new InterceptedDatabase(
        MySqlRuns.open(database), change -> new ForcedChange(change).withChunkRows(ROWS));
  }
}
