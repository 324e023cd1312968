package io.zdmosc.harness.migration;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zdmosc.engine.ChangeRequest;
import io.zdmosc.engine.Migration;
import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.RunOptions;
import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.engine.progress.MigrationListener;
import io.zdmosc.engine.progress.Summary;
import io.zdmosc.engine.spi.ConnectionSettings;
import io.zdmosc.engine.spi.Database;
import io.zdmosc.harness.server.TestDatabase;
import io.zdmosc.harness.workload.WorkloadOptions;
import io.zdmosc.postgres.PostgresConnector;
import java.time.Duration;
import java.util.Map;
import org.assertj.core.api.AbstractThrowableAssert;

/** How the tests run a migration. */
public final class Runs {
  static final Duration PATIENCE = AttackedMigration.PATIENCE;

  /** How many rows a workload's table has at first. */
  static final int ROWS = AttackedMigration.ROWS;

  private Runs() {}

  public static RunOptions options() {
    return AttackedMigration.options();
  }

  static WorkloadOptions workload() {
    return AttackedMigration.workload();
  }

  public static Database open(TestDatabase database) {
    return open(database, database.user(), database.password());
  }

  public static Database open(TestDatabase database, String user, String password) {
    return new PostgresConnector()
        .connect(new ConnectionSettings(database.jdbcUrl(), user, password, Map.of()));
  }

  /** Runs a migration to its end on the calling thread. */
  static Summary migrate(TestDatabase database, String table, String alter) {
    return migrate(database, table, alter, options());
  }

  static Summary migrate(TestDatabase database, String table, String alter, RunOptions options) {
    return migrate(database, table, alter, options, MigrationListener.none());
  }

  static Summary migrate(
      TestDatabase database,
      String table,
      String alter,
      RunOptions options,
      MigrationListener listener) {
    try (Database opened = open(database)) {
      return new Migration(opened, new ChangeRequest(table, alter), options, listener).run();
    }
  }

  /** Somebody changes something while a migration is ready to cut over: it fails, and says why. */
  static AbstractThrowableAssert<?, ? extends Throwable> assertStopped(
      TestDatabase database, String change, String table, String alter) {
    Trail trail = new Trail().on(MigrationState.READY, () -> database.execute(change));
    return assertThatThrownBy(() -> migrate(database, table, alter, options(), trail))
        .isInstanceOf(MigrationFailedException.class);
  }

  /** A table's name as a careful user writes it. */
  static String quoted(String table) {
    return '"' + table.replace("\"", "\"\"") + '"';
  }
}
