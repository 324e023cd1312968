package io.zdmosc.harness.migration.mysql;

import io.zdmosc.engine.AfterAttempts;
import io.zdmosc.engine.ChangeRequest;
import io.zdmosc.engine.Migration;
import io.zdmosc.engine.RunOptions;
import io.zdmosc.engine.progress.MigrationListener;
import io.zdmosc.engine.progress.Summary;
import io.zdmosc.engine.spi.ConnectionSettings;
import io.zdmosc.engine.spi.Database;
import io.zdmosc.harness.server.mysql.MySqlDatabase;
import io.zdmosc.mysql.MySqlConnector;
import java.time.Duration;
import java.util.Map;

/** How the tests run a migration on MySQL and MariaDB. */
public final class MySqlRuns {
  private MySqlRuns() {}

  /** Many small chunks; a generous budget for the cut-over, because test machines are slow. */
  public static RunOptions options() {
    return RunOptions.defaults()
        .withChunkTime(Duration.ofMillis(10))
        .withCutOverBudget(Duration.ofSeconds(2))
        .withAfterAttempts(AfterAttempts.DISCARD);
  }

  public static Database open(MySqlDatabase database) {
    return new MySqlConnector()
        .connect(
            new ConnectionSettings(
                database.jdbcUrl(), database.user(), database.password(), Map.of()));
  }

  public static Summary migrate(MySqlDatabase database, String table, String alter) {
    return migrate(database, table, alter, options());
  }

  public static Summary migrate(
      MySqlDatabase database, String table, String alter, RunOptions options) {
    try (Database opened = open(database)) {
      return new Migration(
              opened, new ChangeRequest(table, alter), options, MigrationListener.none())
          .run();
    }
  }
}
