package io.zdmosc.harness.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.zdmosc.engine.ChangeRequest;
import io.zdmosc.engine.Migration;
import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.error.AbortedException;
import io.zdmosc.engine.error.ExitCode;
import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.engine.error.ZdmException;
import io.zdmosc.engine.spi.Database;
import io.zdmosc.harness.schema.SchemaDump;
import io.zdmosc.harness.server.SharedServers;
import io.zdmosc.harness.server.TestDatabase;
import io.zdmosc.harness.workload.Workload;
import io.zdmosc.harness.workload.check.ModelChecker;
import io.zdmosc.harness.workload.postgres.PostgresCatalogue;
import io.zdmosc.harness.workload.table.TableCase;
import java.sql.Connection;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/**
 * However a migration ends before the swap, the source table is as the application left it and
 * nothing of the migration remains.
 */
class MigrationStopIT {
  private static final TableCase CASE = PostgresCatalogue.ALL.named("bigserial/numeric_scale");
  private static final int ROWS = 3_000;

  @ParameterizedTest
  @EnumSource(
      value = MigrationState.class,
      mode = Mode.EXCLUDE,
      names = {"SWAPPED", "CONTRACTED", "ROLLED_BACK", "ABORTED"})
  void abortedUnderLoadInEveryState(MigrationState state) throws Exception {
    Trail trail = new Trail();
    try (TestDatabase database = newest();
        Connection connection = database.connect();
        Workload workload =
            Workload.start(database::connect, CASE, state.ordinal(), Runs.workload());
        Database opened = Runs.open(database)) {
      workload.awaitOperations(20, Runs.PATIENCE);
      SchemaDump before = shape(connection, CASE.table().name());
      AtomicReference<Migration> migration = new AtomicReference<>();
      trail.on(state, () -> migration.get().abort());
      ChangeRequest request = new ChangeRequest(CASE.table().name(), CASE.change().alter());
      migration.set(new Migration(opened, request, Runs.options(), trail));

      Throwable failure = catchThrowable(() -> migration.get().run());

      assertThat(failure).as(trail.toString()).isInstanceOf(AbortedException.class);
      assertThat(((ZdmException) failure).exitCode()).isEqualTo(ExitCode.ABORTED);
      assertThat(((ZdmException) failure).state()).startsWith("Nothing is left behind");
      assertThat(failure.getSuppressed()).isEmpty();
      workload.awaitOperations(50, Runs.PATIENCE);
      workload.stop().assertNoErrors();
      ModelChecker.checkSource(connection, CASE, workload.model()).assertClean();
      assertThat(shape(connection, CASE.table().name()).lines()).isEqualTo(before.lines());
      Traces.assertNone(database);
    }
  }

  @Test
  void abortedFromAnotherThreadDuringTheCopy() throws Exception {
    for (int millis = 0; millis <= 400; millis += 50) {
      try (TestDatabase database = tableOf(ROWS);
          Database opened = Runs.open(database)) {
        AtomicReference<Migration> migration = new AtomicReference<>();
        int delay = millis;
        Trail trail =
            new Trail()
                .on(
                    MigrationState.PLANNED,
                    () ->
                        new Thread(
                                () -> {
                                  sleep(delay);
                                  migration.get().abort();
                                })
                            .start());
        ChangeRequest request = new ChangeRequest("t", "ALTER COLUMN n TYPE bigint");
        migration.set(new Migration(opened, request, Runs.options(), trail));
        Throwable failure = catchThrowable(() -> migration.get().run());
        if (failure != null) {
          assertThat(failure).as(trail.toString()).isInstanceOf(AbortedException.class);
          assertUntouched(database);
        }
      }
    }
  }

  @Test
  void existingValueThatCannotBeConvertedIsNamedByItsKey() throws Exception {
    try (TestDatabase database = tableOf(ROWS)) {
      database.execute("UPDATE t SET s = 'not a number' WHERE id = 1777");
      MigrationFailedException failure =
          failed(database, "ALTER COLUMN s TYPE int USING s::int", new Trail());
      assertThat(failure.getMessage()).contains("key 1777").contains("not a number");
      assertUntouched(database);
    }
  }

  @Test
  void valueWrittenMeanwhileThatCannotBeConvertedIsNamedByItsKey() throws Exception {
    try (TestDatabase database = tableOf(ROWS)) {
      Trail trail =
          new Trail()
              .on(
                  MigrationState.INDEXING,
                  () -> database.execute("UPDATE t SET s = 'not a number' WHERE id = 1777"));
      MigrationFailedException failure =
          failed(database, "ALTER COLUMN s TYPE int USING s::int", trail);
      assertThat(failure.getMessage()).contains("key 1777").contains("not a number");
      assertUntouched(database);
    }
  }

  @Test
  void existingRowThatViolatesANewCheckIsNamedByItsKey() throws Exception {
    try (TestDatabase database = tableOf(ROWS)) {
      database.execute("UPDATE t SET n = -1 WHERE id = 1777");
      MigrationFailedException failure =
          failed(database, "ADD CONSTRAINT positive CHECK (n >= 0)", new Trail());
      assertThat(failure.getMessage()).contains("key 1777").contains("positive");
      assertUntouched(database);
    }
  }

  @Test
  void existingNullUnderANewNotNullIsNamedByItsKey() throws Exception {
    try (TestDatabase database = tableOf(ROWS)) {
      database.execute("UPDATE t SET n = NULL WHERE id = 1777");
      MigrationFailedException failure =
          failed(database, "ALTER COLUMN n SET NOT NULL", new Trail());
      assertThat(failure.getMessage()).contains("key 1777").contains("not-null");
      assertUntouched(database);
    }
  }

  @Test
  void existingDuplicatesUnderANewUniqueConstraintAreNamed() throws Exception {
    try (TestDatabase database = tableOf(ROWS)) {
      database.execute("UPDATE t SET n = 4711 WHERE id IN (17, 2222)");
      MigrationFailedException failure =
          failed(database, "ADD CONSTRAINT n_key UNIQUE (n)", new Trail());
      assertThat(failure.getMessage()).contains("n_key").contains("(n)=(4711)");
      assertUntouched(database);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = MigrationState.class,
      names = {"CATCHING_UP", "VERIFYING", "READY", "CUTTING_OVER"})
  void duplicatesWrittenMeanwhileUnderANewUniqueConstraintAreNamed(MigrationState state)
      throws Exception {
    try (TestDatabase database = tableOf(ROWS)) {
      Trail trail =
          new Trail()
              .on(state, () -> database.execute("UPDATE t SET n = 4711 WHERE id IN (17, 2222)"));
      MigrationFailedException failure = failed(database, "ADD CONSTRAINT n_key UNIQUE (n)", trail);
      assertThat(failure.getMessage()).contains("(n)=(4711)").containsAnyOf("key 17", "key 2222");
      assertUntouched(database);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = MigrationState.class,
      names = {"COPYING", "INDEXING", "VERIFYING", "CUTTING_OVER"})
  void concurrentChangeOfTheSourceStopsTheMigration(MigrationState state) throws Exception {
    try (TestDatabase database = tableOf(ROWS)) {
      Trail trail =
          new Trail().on(state, () -> database.execute("ALTER TABLE t ADD COLUMN late int"));
      MigrationFailedException failure = failed(database, "ALTER COLUMN n TYPE bigint", trail);
      assertThat(failure.getMessage()).contains("was changed").contains("columns");
      Traces.assertNone(database);
      assertThat(database.queryText("SELECT count(*) FROM t WHERE late IS NULL"))
          .isEqualTo(String.valueOf(ROWS));
    }
  }

  @Test
  void concurrentIndexTriggerOrGrantStopsTheMigration() throws Exception {
    for (String change :
        new String[] {
          "CREATE INDEX late ON t (n)",
          "CREATE TRIGGER late BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION"
              + " suppress_redundant_updates_trigger()",
          "GRANT SELECT ON t TO PUBLIC",
          "CREATE VIEW late AS SELECT id FROM t",
          "CREATE TABLE late (t bigint REFERENCES t)",
          "ALTER TABLE t RENAME TO late",
          "COMMENT ON TABLE t IS 'late'",
          "CREATE PUBLICATION late FOR ALL TABLES",
          "ALTER TABLE t ENABLE ROW LEVEL SECURITY",
          "SET allow_system_table_mods = on; INSERT INTO pg_seclabel VALUES"
              + " ('t'::regclass, 'pg_class'::regclass, 0, 'nobody', 'late')"
        }) {
      try (TestDatabase database = tableOf(ROWS)) {
        Trail trail = new Trail().on(MigrationState.READY, () -> database.execute(change));
        MigrationFailedException failure = failed(database, "ALTER COLUMN n TYPE bigint", trail);
        assertThat(failure.getMessage()).as(change).contains("was changed");
        Traces.assertNone(database);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = MigrationState.class,
      names = {"COPYING", "INDEXING", "VERIFYING", "CUTTING_OVER"})
  void truncateStopsTheMigration(MigrationState state) throws Exception {
    try (TestDatabase database = tableOf(ROWS)) {
      Trail trail = new Trail().on(state, () -> database.execute("TRUNCATE t"));
      MigrationFailedException failure = failed(database, "ALTER COLUMN n TYPE bigint", trail);
      assertThat(failure.getMessage()).contains("truncated");
      Traces.assertNone(database);
      assertThat(database.queryText("SELECT count(*) FROM t")).isEqualTo("0");
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = MigrationState.class,
      names = {"COPYING", "VERIFYING", "CUTTING_OVER"})
  void droppedSourceStopsTheMigration(MigrationState state) throws Exception {
    try (TestDatabase database = tableOf(ROWS)) {
      Trail trail = new Trail().on(state, () -> database.execute("DROP TABLE t"));
      failed(database, "ALTER COLUMN n TYPE bigint", trail);
      Traces.assertNone(database);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = MigrationState.class,
      names = {"COPYING", "INDEXING", "VERIFYING", "CUTTING_OVER"})
  void walSenderThatIsEndedStopsAMigrationThatIsNotToGoOn(MigrationState state) throws Exception {
    try (TestDatabase database = tableOf(ROWS)) {
      Trail trail = new Trail().on(state, () -> endWalSender(database));
      MigrationFailedException failure = failed(database, "ALTER COLUMN n TYPE bigint", trail);
      assertThat(failure.getMessage()).contains("stream");
      assertUntouched(database);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = MigrationState.class,
      names = {"COPYING", "INDEXING", "VERIFYING", "CUTTING_OVER"})
  void slotDroppedByAnAdministratorStopsTheMigration(MigrationState state) throws Exception {
    try (TestDatabase database = tableOf(ROWS)) {
      Trail trail =
          new Trail()
              .on(
                  state,
                  () -> {
                    endWalSender(database);
                    database.execute(
                        "SELECT pg_drop_replication_slot(slot_name)"
                            + " FROM pg_replication_slots WHERE slot_name LIKE 'zdm%'"
                            + " AND database = current_database()");
                  });
      failed(database, "ALTER COLUMN n TYPE bigint", trail);
      assertUntouched(database);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = MigrationState.class,
      names = {"COPYING", "INDEXING", "VERIFYING", "CUTTING_OVER"})
  void allBackendsEndedAtOnceStopAMigrationThatIsNotToGoOn(MigrationState state) throws Exception {
    try (TestDatabase database = tableOf(ROWS)) {
      Trail trail =
          new Trail()
              .on(
                  state,
                  () ->
                      database.execute(
                          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                              + " WHERE datname = current_database()"
                              + " AND application_name LIKE 'zdm-osc%'"));
      MigrationFailedException failure = failed(database, "ALTER COLUMN n TYPE bigint", trail);
      assertThat(failure.getMessage()).isNotBlank();
      assertUntouched(database);
    }
  }

  private static TestDatabase newest() throws Exception {
    return SharedServers.freshDatabase(SharedServers.newestMajor());
  }

  /** A table of so many rows whose numbers are their keys, in text and as integers. */
  private static TestDatabase tableOf(int rows) throws Exception {
    TestDatabase database = newest();
    database.execute(
        "CREATE TABLE t (id bigint PRIMARY KEY, n int, s text)",
        "INSERT INTO t SELECT i, i, i::text FROM generate_series(1, " + rows + ") AS i");
    return database;
  }

  private static MigrationFailedException failed(TestDatabase database, String alter, Trail trail) {
    Throwable failure =
        catchThrowable(
            () ->
                Runs.migrate(
                    database, "t", alter, Runs.options().withRetryTime(Duration.ZERO), trail));
    assertThat(failure).as(trail.toString()).isInstanceOf(MigrationFailedException.class);
    MigrationFailedException expected = (MigrationFailedException) failure;
    assertThat(expected.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(expected.state()).isNotBlank();
    assertThat(expected.next()).isNotBlank();
    return expected;
  }

  private static void assertUntouched(TestDatabase database) throws Exception {
    Traces.assertNone(database);
    assertThat(
            database.queryText(
                "SELECT count(*) || ' rows of ' || min(id) || '-' || max(id) FROM t"))
        .isEqualTo(ROWS + " rows of 1-" + ROWS);
    try (Connection connection = database.connect()) {
      assertThat(shape(connection, "t").toString())
          .contains("column 002 n: integer", "column 003 s: text", "replica identity d");
    }
  }

  /** The stream connects a moment after the copy has begun. */
  private static void endWalSender(TestDatabase database) {
    Awaitility.await()
        .atMost(Runs.PATIENCE)
        .until(
            () ->
                database.queryText(
                    "SELECT coalesce(bool_or(pg_terminate_backend(active_pid, 5000)), false)::text"
                        + " FROM pg_replication_slots WHERE slot_name LIKE 'zdm%'"
                        + " AND database = current_database() AND active"),
            "true"::equals);
  }

  private static SchemaDump shape(Connection connection, String table) throws Exception {
    return SchemaDump.of(connection, table).withoutSequenceStates();
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
