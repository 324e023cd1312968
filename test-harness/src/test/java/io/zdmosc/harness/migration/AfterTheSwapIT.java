package io.zdmosc.harness.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zdmosc.engine.ChangeRequest;
import io.zdmosc.engine.DryRun;
import io.zdmosc.engine.Migration;
import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.Retire;
import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.engine.plan.Estimate;
import io.zdmosc.engine.progress.MigrationListener;
import io.zdmosc.engine.progress.Summary;
import io.zdmosc.engine.spi.Database;
import io.zdmosc.harness.schema.SchemaDump;
import io.zdmosc.harness.server.SharedServers;
import io.zdmosc.harness.server.TestDatabase;
import io.zdmosc.harness.workload.Workload;
import io.zdmosc.harness.workload.check.ModelChecker;
import io.zdmosc.harness.workload.postgres.PostgresCatalogue;
import io.zdmosc.harness.workload.table.TableCase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of tables, sequences and foreign keys; dry runs; roles that are not superusers. */
class AfterTheSwapIT {
  private static final TableCase CASE = PostgresCatalogue.ALL.named("bigserial/numeric_scale");

  @Test
  void retiredTableIsKeptAsItWas() throws Exception {
    try (TestDatabase database = table()) {
      Summary summary = Runs.migrate(database, "t", "ALTER COLUMN n TYPE bigint");
      Traces.assertNoneButTheRetiredTable(database);
      assertThat(database.queryText("SELECT count(*) FROM " + summary.retiredTable()))
          .isEqualTo("3000");
      assertThat(database.queryText("SELECT count(*) FROM " + summary.newTable()))
          .isEqualTo("3000");
      database.execute("DROP TABLE " + summary.retiredTable());
      Traces.assertNone(database);
      Runs.migrate(database, "t", "ALTER COLUMN n TYPE numeric");
    }
  }

  @Test
  void retiredTableIsDropped() throws Exception {
    try (TestDatabase database = table()) {
      Summary summary =
          Runs.migrate(
              database, "t", "ALTER COLUMN n TYPE bigint", Runs.options().withRetire(Retire.DROP));
      assertThat(summary.retiredTable()).isEmpty();
      assertThat(summary.notes()).isEmpty();
      Traces.assertNone(database);
      assertThat(database.queryText("SELECT nextval('t_id_seq')")).isEqualTo("3001");
    }
  }

  @ParameterizedTest
  @EnumSource(value = DryRun.class, mode = Mode.EXCLUDE, names = "NONE")
  void dryRunUnderLoadLeavesNothing(DryRun kind) throws Exception {
    try (TestDatabase database = newest();
        Connection connection = database.connect();
        Workload workload = Workload.start(database::connect, CASE, 3, Runs.workload())) {
      workload.awaitOperations(50, Runs.PATIENCE);
      String table = CASE.table().name();
      SchemaDump before = SchemaDump.of(connection, table).withoutSequenceStates();
      Trail trail = new Trail();
      Summary summary =
          Runs.migrate(
              database, table, CASE.change().alter(), Runs.options().withDryRun(kind), trail);
      workload.awaitOperations(50, Runs.PATIENCE);
      workload.stop().assertNoErrors();
      ModelChecker.checkSource(connection, CASE, workload.model()).assertClean();
      assertThat(SchemaDump.of(connection, table).withoutSequenceStates().lines())
          .isEqualTo(before.lines());
      Traces.assertNone(database);
      assertThat(summary.dryRun()).isEqualTo(kind);
      assertThat(summary.retiredTable()).isEmpty();
      assertThat(summary.notes()).isEmpty();
      assertThat(trail.states()).doesNotContain(MigrationState.CUTTING_OVER);
      if (kind == DryRun.SAMPLE) {
        Estimate estimate = trail.estimate().orElseThrow();
        assertThat(estimate.sampleRows()).isPositive();
        assertThat(estimate.totalSeconds()).isPositive();
        assertThat(estimate.diskBytes()).isPositive();
        assertThat(estimate.logBytes()).isPositive();
      } else {
        assertThat(summary.verifiedRows()).isGreaterThan(Runs.ROWS / 2);
      }
    }
  }

  @Test
  void dryRunOnASampleFindsDuplicates() throws Exception {
    try (TestDatabase database = table()) {
      database.execute("UPDATE t SET n = 4711 WHERE id IN (17, 18)");
      assertThatThrownBy(
              () ->
                  Runs.migrate(
                      database,
                      "t",
                      "ADD CONSTRAINT n_key UNIQUE (n)",
                      Runs.options().withDryRun(DryRun.SAMPLE)))
          .isInstanceOf(MigrationFailedException.class)
          .hasMessageContaining("(n)=(4711)");
      Traces.assertNone(database);
    }
  }

  @Test
  void tableIsRenamedInTheSameMoment() throws Exception {
    try (TestDatabase database = table()) {
      Summary summary = Runs.migrate(database, "t", "RENAME TO \"new t\"");
      assertThat(summary.newTable()).contains("new t");
      assertThat(database.queryText("SELECT count(*) FROM \"new t\"")).isEqualTo("3000");
      assertThat(database.queryText("SELECT to_regclass('t') IS NULL")).isEqualTo("t");
      Traces.assertNoneButTheRetiredTable(database);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "NOT VALID"})
  void parentRowsCanBeDeletedAllTheWhile(String valid) throws Exception {
    for (String action : new String[] {"NO ACTION", "RESTRICT", "CASCADE", "SET NULL"}) {
      try (TestDatabase database = newest()) {
        database.execute(
            "CREATE TABLE parent (id int PRIMARY KEY)",
            "CREATE TABLE t (id int PRIMARY KEY, parent int, n int)",
            "INSERT INTO parent SELECT generate_series(1, 4000)",
            "INSERT INTO t SELECT i, i, i FROM generate_series(1, 4000) i",
            "ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY (parent) REFERENCES parent ON DELETE "
                + action
                + " "
                + valid);
        AtomicBoolean stop = new AtomicBoolean();
        AtomicReference<SQLException> error = new AtomicReference<>();
        Thread application = new Thread(() -> deleteParents(database, stop, error));
        application.start();
        Summary summary = Runs.migrate(database, "t", "ALTER COLUMN n TYPE bigint");
        stop.set(true);
        application.join();
        assertThat((Throwable) error.get()).isNull();
        assertThat(summary.notes()).isEmpty();
        assertThat(summary.divergentRows()).isZero();
        assertThat(
                database.queryText(
                    "SELECT convalidated || pg_get_constraintdef(oid) FROM pg_constraint"
                        + " WHERE conname = 'fk' AND conrelid = 't'::regclass"))
            .startsWith(valid.isEmpty() ? "true" : "false")
            .contains("REFERENCES parent(id)");
        assertThat(
                database.queryText(
                    "SELECT count(*) FROM t LEFT JOIN parent p ON p.id = t.parent"
                        + " WHERE p.id IS NULL AND t.parent IS NOT NULL"))
            .isEqualTo("0");
        Traces.assertNoneButTheRetiredTable(database);
      }
    }
  }

  private static void deleteParents(
      TestDatabase database, AtomicBoolean stop, AtomicReference<SQLException> error) {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      for (int id = 4000; id > 0 && !stop.get(); id--) {
        statement.execute("BEGIN");
        statement.execute("DELETE FROM t WHERE id = " + id);
        statement.execute("DELETE FROM parent WHERE id = " + id);
        statement.execute("COMMIT");
      }
    } catch (SQLException e) {
      error.set(e);
    }
  }

  @Test
  void newForeignKeyIsValidatedBehindTheSwap() throws Exception {
    try (TestDatabase database = table()) {
      database.execute(
          "CREATE TABLE parent (id int PRIMARY KEY)",
          "INSERT INTO parent SELECT generate_series(1, 3000)");
      Summary summary =
          Runs.migrate(database, "t", "ADD CONSTRAINT fk FOREIGN KEY (n) REFERENCES parent");
      assertThat(summary.notes()).isEmpty();
      assertThat(
              database.queryText(
                  "SELECT convalidated FROM pg_constraint WHERE conname = 'fk'"
                      + " AND conrelid = 't'::regclass"))
          .isEqualTo("t");
    }
  }

  @Test
  void selfReferenceRefersToTheNewTable() throws Exception {
    try (TestDatabase database = table()) {
      database.execute("ALTER TABLE t ADD CONSTRAINT self FOREIGN KEY (n) REFERENCES t");
      Runs.migrate(database, "t", "ADD COLUMN extra int");
      assertThat(
              database.queryText(
                  "SELECT string_agg(conrelid::regclass || ' to ' || confrelid::regclass, ',')"
                      + " FROM pg_constraint WHERE conname = 'self'"))
          .isEqualTo("t to t");
      Traces.assertNoneButTheRetiredTable(database);
    }
  }

  @Test
  void addedSelfReferenceFollowsTheRenameOfTheTable() throws Exception {
    try (TestDatabase database = table()) {
      Runs.migrate(
          database, "t", "ADD CONSTRAINT self FOREIGN KEY (n) REFERENCES t (id), RENAME TO t2");
      assertThat(
              database.queryText(
                  "SELECT string_agg(conrelid::regclass || ' to ' || confrelid::regclass, ',')"
                      + " FROM pg_constraint WHERE conname = 'self'"))
          .isEqualTo("t2 to t2");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "id serial",
        "id bigserial",
        "id int GENERATED ALWAYS AS IDENTITY",
        "id int GENERATED BY DEFAULT AS IDENTITY",
        "id bigint GENERATED ALWAYS AS IDENTITY (INCREMENT BY -2 MAXVALUE 100000)"
      })
  void numbersGoOnWithoutGapOrRepetition(String key) throws Exception {
    try (TestDatabase database = newest()) {
      database.execute(
          "CREATE TABLE t (" + key + " PRIMARY KEY, n int)",
          "INSERT INTO t (n) SELECT generate_series(1, 2000)");
      AtomicBoolean stop = new AtomicBoolean();
      AtomicReference<SQLException> error = new AtomicReference<>();
      Thread application = new Thread(() -> insert(database, stop, error));
      application.start();
      Runs.migrate(database, "t", "ALTER COLUMN id TYPE bigint, ALTER COLUMN n TYPE bigint");
      stop.set(true);
      application.join();
      assertThat((Throwable) error.get()).isNull();
      database.execute("INSERT INTO t (n) VALUES (0)");
      assertThat(
              database.queryText(
                  "SELECT count(*) - 1 = (max(id) - min(id)) / (SELECT abs(seqincrement)"
                      + " FROM pg_sequence WHERE seqrelid ="
                      + " pg_get_serial_sequence('t', 'id')::regclass) FROM t"))
          .isEqualTo("t");
      assertThat(database.queryText("SELECT pg_get_serial_sequence('t', 'id')"))
          .isEqualTo("public.t_id_seq");
    }
  }

  private static void insert(
      TestDatabase database, AtomicBoolean stop, AtomicReference<SQLException> error) {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      while (!stop.get()) {
        statement.execute("INSERT INTO t (n) VALUES (1)");
      }
    } catch (SQLException e) {
      error.set(e);
    }
  }

  @Test
  void ownerWithReplicationNeedsNoSuperuser() throws Exception {
    for (int major : SharedServers.majors()) {
      try (TestDatabase database = SharedServers.freshDatabase(major)) {
        String role = "owner_" + database.name();
        database.execute(
            "CREATE ROLE " + role + " LOGIN REPLICATION PASSWORD 'p'",
            "GRANT CREATE ON DATABASE " + database.name() + " TO " + role,
            "GRANT CREATE ON SCHEMA public TO " + role,
            "CREATE TABLE parent (id int PRIMARY KEY)",
            "CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
                + " n int CONSTRAINT fk REFERENCES parent)",
            "ALTER TABLE t OWNER TO " + role,
            "ALTER TABLE parent OWNER TO " + role,
            "INSERT INTO parent SELECT generate_series(1, 1000)",
            "INSERT INTO t (n) SELECT generate_series(1, 1000)");
        try {
          try (Database opened = Runs.open(database, role, "p")) {
            Summary summary =
                new Migration(
                        opened,
                        new ChangeRequest("t", "ALTER COLUMN id TYPE bigint"),
                        Runs.options().withRetire(Retire.DROP),
                        MigrationListener.none())
                    .run();
            assertThat(summary.notes()).isEmpty();
          }
          Traces.assertNone(database);
          assertThat(
                  database.queryText(
                      "SELECT pg_get_userbyid(relowner) FROM pg_class WHERE relname = 't'"))
              .isEqualTo(role);
        } finally {
          database.execute("DROP OWNED BY " + role, "DROP ROLE " + role);
        }
      }
    }
  }

  @Test
  void memberOfTheOwnersRoleNeedsNoSuperuser() throws Exception {
    try (TestDatabase database = newest()) {
      String owner = "group_" + database.name();
      String role = "member_" + database.name();
      database.execute(
          "CREATE ROLE " + owner,
          "CREATE ROLE " + role + " LOGIN REPLICATION PASSWORD 'p' IN ROLE " + owner,
          "GRANT CREATE ON DATABASE " + database.name() + " TO " + role,
          "GRANT CREATE ON SCHEMA public TO " + owner,
          "CREATE TABLE t (id serial PRIMARY KEY, n int)",
          "ALTER TABLE t OWNER TO " + owner,
          "INSERT INTO t (n) SELECT generate_series(1, 1000)");
      try {
        try (Database opened = Runs.open(database, role, "p")) {
          new Migration(
                  opened,
                  new ChangeRequest("t", "ALTER COLUMN n TYPE bigint"),
                  Runs.options().withRetire(Retire.DROP),
                  MigrationListener.none())
              .run();
        }
        Traces.assertNone(database);
        assertThat(
                database.queryText(
                    "SELECT pg_get_userbyid(relowner) FROM pg_class WHERE relname = 't'"))
            .isEqualTo(owner);
      } finally {
        database.execute(
            "DROP OWNED BY " + role,
            "DROP OWNED BY " + owner,
            "DROP ROLE " + role,
            "DROP ROLE " + owner);
      }
    }
  }

  private static TestDatabase newest() throws SQLException {
    return SharedServers.freshDatabase(SharedServers.newestMajor());
  }

  private static TestDatabase table() throws SQLException {
    TestDatabase database = newest();
    database.execute(
        "CREATE TABLE t (id serial PRIMARY KEY, n int)",
        "INSERT INTO t (n) SELECT generate_series(1, 3000)");
    return database;
  }
}
