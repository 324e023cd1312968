package io.zdmosc.harness.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zdmosc.engine.ChangeRequest;
import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.engine.spi.Database;
import io.zdmosc.engine.spi.Orders.Ending;
import io.zdmosc.harness.schema.SchemaDump;
import io.zdmosc.harness.server.SharedServers;
import io.zdmosc.harness.server.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Triggers fire for what the application writes, once for each write, and for nothing else. */
class TriggersIT {
  private static final String TRIGGERS = "^trigger .*";

  @Test
  void everyWriteFiresThemOnceThereBackAndThereAgain() throws Exception {
    try (TestDatabase database = table()) {
      AtomicBoolean done = new AtomicBoolean();
      List<CompletableFuture<Void>> writers = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        int number = i;
        writers.add(CompletableFuture.runAsync(() -> write(database, number, done)));
      }
      try {
        try (HeldMigration held =
            HeldMigration.begin(
                () -> Runs.open(database), "t", "ALTER COLUMN n TYPE bigint", Map.of())) {
          assertThat(triggersOf(database, "zdm_1_t_old")).isEmpty();
          // what follows back is seen to follow
          database.execute("UPDATE t SET n = n + 1 WHERE id = 1");
          assertThat(held.end(Ending.ROLLBACK).state()).isEqualTo(MigrationState.ROLLED_BACK);
          assertThat(triggersOf(database, "zdm_1_t_new")).isEmpty();
        }
        Runs.migrate(database, "t", "ALTER COLUMN n TYPE bigint");
      } finally {
        done.set(true);
        CompletableFuture.allOf(writers.toArray(CompletableFuture[]::new)).join();
      }
      assertThat(database.queryText("SELECT count(*) FROM audit WHERE what = 'UPDATE'"))
          .isEqualTo(database.queryText("SELECT sum(n) FROM t"))
          .isNotEqualTo("0");
      assertThat(database.queryText("SELECT count(*) FROM audit WHERE what = 'INSERT'"))
          .isEqualTo(database.queryText("SELECT count(*) - 1000 FROM t"))
          .isNotEqualTo("0");
      assertThat(database.queryText("SELECT count(*) FROM audit WHERE what = 'deferred'"))
          .isEqualTo(database.queryText("SELECT count(*) FROM audit WHERE what = 'INSERT'"));
    }
  }

  /** Counts in n how often a row was updated. */
  private static void write(TestDatabase database, int number, AtomicBoolean done) {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      for (int i = 0; !done.get(); i++) {
        statement.execute("UPDATE t SET n = n + 1 WHERE id = " + (number * 300 + i % 300 + 1));
        if (i % 10 == 0) {
          statement.execute("INSERT INTO t (n) VALUES (0)");
        }
        Thread.sleep(1);
      }
    } catch (SQLException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void theyGoByTheNewNamesAndComeBackUnderTheOldOnes() throws Exception {
    try (TestDatabase database = table();
        Connection connection = database.connect()) {
      SchemaDump before = SchemaDump.of(connection, "t");
      String clause =
          "RENAME COLUMN n TO \"new \"\"n\", ALTER COLUMN id TYPE bigint, SET SCHEMA \"else where\","
              + " RENAME TO \"T.\"";
      try (HeldMigration held =
          HeldMigration.begin(() -> Runs.open(database), "t", clause, Map.of())) {
        List<String> served =
            before.lines().stream()
                .filter(line -> line.matches(TRIGGERS))
                .map(line -> line.replace(" public.t ", " \"else where\".\"T.\" "))
                .map(line -> line.replace("OF n ", "OF \"new \"\"n\" "))
                .map(line -> line.replace("(old.n ", "(old.\"new \"\"n\" "))
                .map(line -> line.replace(" new.n)", " new.\"new \"\"n\")"))
                .toList();
        assertThat(SchemaDump.of(connection, "\"else where\".\"T.\"").lines())
            .filteredOn(line -> line.matches(TRIGGERS))
            .isEqualTo(served);
        held.end(Ending.ROLLBACK_AND_DROP);
      }
      assertThat(SchemaDump.of(connection, "t").lines()).isEqualTo(before.lines());
      Traces.assertNone(database);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "DROP COLUMN n                      | trigger \"of n\" of | uses column n, which the change drops",
        "DROP COLUMN n, ADD COLUMN n int    | trigger \"of n\" of | uses column n, which the change drops",
        "ALTER COLUMN n TYPE json USING to_json(n) | trigger \"of n\" of | operator does not exist"
      })
  void whatCannotBeCarriedOverIsRefusedByName(String clause, String object, String reason)
      throws Exception {
    try (TestDatabase database = table();
        Database opened = Runs.open(database)) {
      assertThatThrownBy(() -> opened.plan(new ChangeRequest("t", clause)))
          .isInstanceOf(RefusedException.class)
          .hasMessageContaining(object.replace("\"of n\"", "of n"))
          .hasMessageContaining(reason);
    }
  }

  @Test
  void thePlanNamesThem() throws Exception {
    try (TestDatabase database = table();
        Database opened = Runs.open(database)) {
      assertThat(opened.plan(new ChangeRequest("t", "ADD COLUMN x int")).plan().steps())
          .anyMatch(step -> step.what().startsWith("trigger audit, deferred, of n: "));
    }
  }

  @Test
  void oneThatIsChangedMeanwhileEndsTheRun() throws Exception {
    try (TestDatabase database = table();
        HeldMigration held =
            HeldMigration.begin(
                () -> Runs.open(database), "t", "ALTER COLUMN n TYPE bigint", Map.of())) {
      database.execute("ALTER TABLE t DISABLE TRIGGER audit");
      assertThatThrownBy(held::end).hasMessageContaining("its triggers were changed");
    }
  }

  private static List<String> triggersOf(TestDatabase database, String table) throws SQLException {
    try (Connection connection = database.connect()) {
      return SchemaDump.of(connection, table).lines().stream()
          .filter(line -> line.matches(TRIGGERS))
          .toList();
    }
  }

  private static TestDatabase table() throws SQLException {
    TestDatabase database = SharedServers.freshDatabase(SharedServers.newestMajor());
    database.execute(
        "CREATE SCHEMA \"else where\"",
        "CREATE TABLE t (id int GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, n int NOT NULL)",
        "INSERT INTO t (n) SELECT 0 FROM generate_series(1, 1000)",
        "CREATE TABLE audit (what text)",
        "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS"
            + " $$ BEGIN INSERT INTO public.audit VALUES (coalesce(tg_argv[0], tg_op));"
            + " RETURN NULL; END $$",
        "CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON t FOR EACH ROW"
            + " EXECUTE FUNCTION note()",
        "CREATE TRIGGER \"of n\" AFTER UPDATE OF n ON t FOR EACH ROW WHEN (OLD.n = NEW.n)"
            + " EXECUTE FUNCTION note('never')",
        "CREATE CONSTRAINT TRIGGER deferred AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED"
            + " FOR EACH ROW EXECUTE FUNCTION note('deferred')");
    return database;
  }
}
