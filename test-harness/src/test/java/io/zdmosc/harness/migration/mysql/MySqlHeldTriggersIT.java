package io.zdmosc.harness.migration.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.engine.ChangeRequest;
import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.progress.Summary;
import io.zdmosc.engine.spi.ControlStore;
import io.zdmosc.engine.spi.CutOver;
import io.zdmosc.engine.spi.Database;
import io.zdmosc.engine.spi.Flusher;
import io.zdmosc.engine.spi.Orders.Ending;
import io.zdmosc.engine.spi.PlannedChange;
import io.zdmosc.engine.spi.PreparedChange;
import io.zdmosc.harness.migration.HeldMigration;
import io.zdmosc.harness.server.mysql.MySqlDatabase;
import io.zdmosc.harness.server.mysql.MySqlRelease;
import io.zdmosc.harness.server.mysql.SharedMySqlServers;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Triggers of a pair that is held: they are on the table that serves, and on no other. */
class MySqlHeldTriggersIT {
  private static final Duration BUDGET = Duration.ofSeconds(5);

  private static final String DEFINITIONS =
      "SELECT GROUP_CONCAT(CONCAT_WS('|', TRIGGER_NAME, EVENT_OBJECT_TABLE, ACTION_TIMING,"
          + " EVENT_MANIPULATION, ACTION_ORDER, ACTION_STATEMENT, DEFINER, SQL_MODE) ORDER BY"
          + " TRIGGER_NAME SEPARATOR ';') FROM information_schema.TRIGGERS"
          + " WHERE TRIGGER_SCHEMA = DATABASE()";

  static List<MySqlRelease> releases() {
    return SharedMySqlServers.newest();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("releases")
  void everyWriteFiresEachTriggerOnceForthAndBack(MySqlRelease release) throws Exception {
    try (MySqlDatabase database = SharedMySqlServers.freshDatabase(release)) {
      AuditedWriters.createTable(database);
      String before = database.queryText(DEFINITIONS);
      try (AuditedWriters writers = AuditedWriters.start(database, 11);
          HeldMigration held =
              HeldMigration.begin(
                  () -> MySqlRuns.open(database), "t", "ADD COLUMN x INT", Map.of())) {
        assertThat(database.queryText(DEFINITIONS)).isEqualTo(before);
        Thread.sleep(700);
        Summary summary = held.end(Ending.ROLLBACK);
        Thread.sleep(300);
        writers.stop();

        assertThat(writers.errors()).isEmpty();
        assertThat(writers.differences(database)).isEmpty();
        assertThat(writers.count()).isGreaterThan(200);
        assertThat(summary.state()).isEqualTo(MigrationState.ROLLED_BACK);
        assertThat(summary.notes()).isEmpty();
        assertThat(summary.divergentRows()).isZero();
        assertThat(database.queryText(DEFINITIONS)).isEqualTo(before);
      }
    }
  }

  /** Whether the process could still record that it had swapped back, or not. */
  @ParameterizedTest(name = "recorded {0}")
  @ValueSource(booleans = {true, false})
  void cleanupFinishesARollbackThatDiedBehindItsRename(boolean recorded) throws Exception {
    for (MySqlRelease release : releases()) {
      try (MySqlDatabase database = SharedMySqlServers.freshDatabase(release)) {
        AuditedWriters.createTable(database);
        String before = database.queryText(DEFINITIONS);
        rollBackWithoutAnEnd(database, recorded);
        assertThat(database.queryText(DEFINITIONS)).isNotEqualTo(before);
        database.execute("INSERT INTO t VALUES (1, 1, '')");

        cleanUp(database);

        assertThat(database.queryText(DEFINITIONS)).isEqualTo(before);
        database.execute("INSERT INTO t VALUES (2, 1, '')");
        assertThat(database.queryText("SELECT GROUP_CONCAT(what ORDER BY id) FROM audit"))
            .isEqualTo("insert 1 1 ab,insert 2 1 ab");
        assertThat(database.queryText("SELECT COUNT(*) FROM `" + otherTable(database) + "`"))
            .isEqualTo("0");
      }
    }
  }

  private static String otherTable(MySqlDatabase database) throws SQLException {
    return database.queryText(
        "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()"
            + " AND TABLE_NAME LIKE '%\\\\_zdm%'");
  }

  private static void rollBackWithoutAnEnd(MySqlDatabase at, boolean recorded) throws Exception {
    ChangeRequest request = new ChangeRequest("t", "ADD COLUMN x INT", "", true, Map.of());
    try (Database database = MySqlRuns.open(at)) {
      PlannedChange planned = database.plan(request);
      try (ControlStore.Lease lease = database.control().register(planned.plan(), "", false);
          PreparedChange change = planned.prepare(lease, true, note -> {})) {
        swap(change);
        assertThat(change.complete()).isEmpty();
        PreparedChange back = change.wayBack().orElseThrow();
        try (Flusher flusher = back.openFlusher()) {
          swap(back);
        }
        if (!recorded) {
          at.execute(
              "UPDATE zdm_osc.migration SET state = 'swapped' WHERE id = " + lease.migrationId());
        }
      }
    }
  }

  private static void swap(PreparedChange change) {
    try (CutOver cutOver = change.openCutOver()) {
      cutOver.approach(BUDGET);
      cutOver.lock(BUDGET, BUDGET);
      cutOver.flush(List.of());
      cutOver.swap(BUDGET);
      cutOver.commit();
    }
  }

  private static void cleanUp(MySqlDatabase database) {
    try (Database opened = MySqlRuns.open(database)) {
      for (ControlStore.Unfinished unfinished : opened.control().unfinished()) {
        if (unfinished.table().contains("`" + database.name() + "`")) {
          assertThat(unfinished.objects()).isNotEmpty();
          assertThat(opened.control().remove(unfinished)).isEmpty();
          assertThat(opened.control().latest(50))
              .anyMatch(
                  status ->
                      status.id() == unfinished.id()
                          && status.state() == MigrationState.ROLLED_BACK
                          && !status.open());
        }
      }
    }
  }
}
