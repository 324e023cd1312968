package io.zdmosc.harness.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zdmosc.engine.ChangeRequest;
import io.zdmosc.engine.Migration;
import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.engine.error.ZdmException;
import io.zdmosc.engine.plan.Plan;
import io.zdmosc.engine.progress.Summary;
import io.zdmosc.engine.spi.ControlStore;
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
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Foreign keys of other tables refer to the new table, and are what they were. */
class IncomingKeysIT {
  private static final String TABLE = "\"s p\".\"Or\"\"der\"";

  private static final List<String> SETUP =
      List.of(
          "CREATE SCHEMA \"s p\"",
          "CREATE SCHEMA \"Kids; --\"",
          """
          CREATE TABLE "s p"."Or""der" (
            gone int, "ID" int PRIMARY KEY, a int NOT NULL, "b) REFERENCES" text NOT NULL,
            "USER" varchar(20) COLLATE "C" UNIQUE, UNIQUE (a, "b) REFERENCES"))\
          """,
          "ALTER TABLE \"s p\".\"Or\"\"der\" DROP COLUMN gone",
          "INSERT INTO \"s p\".\"Or\"\"der\" SELECT i, i, 'b' || i, 'u' || i"
              + " FROM generate_series(1, 500) i",
          """
          CREATE TABLE "Kids; --"."plain ""x" (
            id serial PRIMARY KEY,
            one int CONSTRAINT "k 1" REFERENCES "s p"."Or""der" ON DELETE CASCADE,
            two bigint CONSTRAINT k2 REFERENCES "s p"."Or""der" ON UPDATE CASCADE
              ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
            three smallint DEFAULT 3 CONSTRAINT k3 REFERENCES "s p"."Or""der" ON DELETE SET DEFAULT
              ON UPDATE RESTRICT DEFERRABLE,
            u varchar(20) COLLATE "C" REFERENCES "s p"."Or""der" ("USER"))\
          """,
          "INSERT INTO \"Kids; --\".\"plain \"\"x\" (one, two, u) SELECT i, i, 'u' || i"
              + " FROM generate_series(1, 400) i",
          "COMMENT ON CONSTRAINT \"k 1\" ON \"Kids; --\".\"plain \"\"x\" IS 'it''s \\ a key'",
          """
          CREATE TABLE "s p".comp (
            "z z" text, y int,
            CONSTRAINT "c 1" FOREIGN KEY (y, "z z") REFERENCES "s p"."Or""der" (a, "b) REFERENCES")
              MATCH FULL ON UPDATE CASCADE,
            CONSTRAINT "c 2" FOREIGN KEY ("z z", y) REFERENCES "s p"."Or""der" ("b) REFERENCES", a))\
          """,
          "INSERT INTO \"s p\".comp SELECT 'b' || i, i FROM generate_series(1, 400) i",
          "CREATE TABLE loose (o int)",
          "INSERT INTO loose VALUES (-1)",
          "ALTER TABLE loose ADD CONSTRAINT l FOREIGN KEY (o) REFERENCES \"s p\".\"Or\"\"der\""
              + " NOT VALID",
          """
          CREATE TABLE parts (k int, o int,
            CONSTRAINT "whole one" FOREIGN KEY (o) REFERENCES "s p"."Or""der" ON DELETE CASCADE)
            PARTITION BY RANGE (k)\
          """,
          "COMMENT ON CONSTRAINT \"whole one\" ON parts IS 'a whole one'",
          "CREATE TABLE part_1 PARTITION OF parts FOR VALUES FROM (0) TO (100)",
          "CREATE TABLE part_2 PARTITION OF parts FOR VALUES FROM (100) TO (200)"
              + " PARTITION BY RANGE (k)",
          "CREATE TABLE part_2_1 PARTITION OF part_2 FOR VALUES FROM (100) TO (150)",
          """
          CREATE TABLE part_3 (o int, k int CONSTRAINT "of its own" REFERENCES "s p"."Or""der",
            CONSTRAINT "other name" FOREIGN KEY (o) REFERENCES "s p"."Or""der" ON DELETE CASCADE)\
          """,
          "COMMENT ON CONSTRAINT \"other name\" ON part_3 IS 'a part'",
          "ALTER TABLE parts ATTACH PARTITION part_3 FOR VALUES FROM (200) TO (300)",
          "INSERT INTO parts SELECT i, i FROM generate_series(1, 149) i",
          "INSERT INTO parts SELECT i, i FROM generate_series(200, 299) i");

  private static final List<String> SINCE_15 =
      List.of(
          "ALTER TABLE \"s p\".comp ADD CONSTRAINT \"c 3\" FOREIGN KEY (y, \"z z\")"
              + " REFERENCES \"s p\".\"Or\"\"der\" (a, \"b) REFERENCES\")"
              + " ON DELETE SET NULL (\"z z\")");

  private static final List<String> SINCE_18 =
      List.of(
          "ALTER TABLE loose ADD CONSTRAINT unasked FOREIGN KEY (o)"
              + " REFERENCES \"s p\".\"Or\"\"der\" NOT ENFORCED",
          "CREATE TABLE wild (k int, o int) PARTITION BY LIST (k)",
          "CREATE TABLE wild_1 (k int, o int CONSTRAINT checked REFERENCES \"s p\".\"Or\"\"der\")",
          "CREATE TABLE wild_2 (k int, o int)",
          "INSERT INTO wild_2 VALUES (2, -1)",
          "ALTER TABLE wild ATTACH PARTITION wild_1 FOR VALUES IN (1)",
          "ALTER TABLE wild ATTACH PARTITION wild_2 FOR VALUES IN (2)",
          "ALTER TABLE wild ADD CONSTRAINT whole FOREIGN KEY (o) REFERENCES \"s p\".\"Or\"\"der\""
              + " NOT VALID");

  private static List<String> setup(int major) {
    List<String> statements = new ArrayList<>(SETUP);
    statements.addAll(major >= 15 ? SINCE_15 : List.of());
    statements.addAll(major >= 18 ? SINCE_18 : List.of());
    return statements;
  }

  static Stream<Arguments> changes() {
    List<Integer> majors = SharedServers.majors();
    int first = majors.get(0);
    int last = majors.get(majors.size() - 1);
    return Stream.of(
        Arguments.of("", first),
        Arguments.of("", last),
        Arguments.of("ALTER COLUMN \"ID\" TYPE bigint", first),
        Arguments.of("RENAME COLUMN \"ID\" TO \"new \"\"id\"", last),
        Arguments.of(
            "RENAME COLUMN \"b) REFERENCES\" TO \"a\"\" b\", RENAME COLUMN a TO \"c d\","
                + " ALTER COLUMN \"ID\" TYPE bigint, RENAME TO \"new name\"",
            last),
        Arguments.of("SET SCHEMA \"Kids; --\"", last));
  }

  @ParameterizedTest(name = "{0} on PostgreSQL {1}")
  @MethodSource("changes")
  void sameAsAfterANativeChange(String clause, int major) throws Exception {
    try (TestDatabase migrated = SharedServers.freshDatabase(major);
        TestDatabase altered = SharedServers.freshDatabase(major);
        Connection one = migrated.connect();
        Connection other = altered.connect()) {
      migrated.execute(setup(major).toArray(String[]::new));
      altered.execute(setup(major).toArray(String[]::new));
      String table = TABLE;
      for (String action : clause.isEmpty() ? new String[0] : clause.split(", (?=[A-Z])")) {
        altered.execute("ALTER TABLE " + table + " " + action);
        table = action.startsWith("RENAME TO") ? "\"s p\".\"new name\"" : table;
        table = action.startsWith("SET SCHEMA") ? "\"Kids; --\".\"Or\"\"der\"" : table;
      }
      altered.execute(lostNatively(clause, major));
      Summary summary = Runs.migrate(migrated, TABLE, clause);
      assertThat(summary.notes()).isEmpty();
      assertThat(dump(one)).containsExactlyElementsOf(dump(other));
      assertNothingRefersToTheRetiredTable(migrated, summary.retiredTable());
      Traces.assertNoneButTheRetiredTable(migrated);
    }
  }

  /** What the server's own change of a type makes of keys of partitions: mended here. */
  private static String[] lostNatively(String clause, int major) {
    List<String> mended = new ArrayList<>();
    if (clause.contains(" TYPE ")) {
      mended.add("ALTER TABLE part_3 RENAME CONSTRAINT \"whole one\" TO \"other name\"");
      mended.add("COMMENT ON CONSTRAINT \"other name\" ON part_3 IS 'a part'");
      if (major >= 18) {
        mended.add("ALTER TABLE wild_1 RENAME CONSTRAINT whole TO checked");
        mended.add("ALTER TABLE wild_1 VALIDATE CONSTRAINT checked");
      }
    }
    return mended.toArray(String[]::new);
  }

  /** Everything that refers, and what is referred to: all tables but the retired one. */
  private static List<String> dump(Connection connection) throws SQLException {
    List<String> tables = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c"
                    + " JOIN pg_namespace n ON n.oid = c.relnamespace"
                    + " WHERE relkind IN ('r', 'p') AND relname !~ '^zdm_'"
                    + " AND nspname !~ '^(pg_|information_schema|zdm_)' ORDER BY 1")) {
      while (rows.next()) {
        tables.add(rows.getString(1));
      }
    }
    List<String> lines = new ArrayList<>();
    for (String table : tables) {
      lines.add("of " + table);
      lines.addAll(SchemaDump.of(connection, table).lines());
    }
    return lines;
  }

  private static void assertNothingRefersToTheRetiredTable(TestDatabase database, String retired)
      throws SQLException {
    assertThat(
            database.queryText(
                "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND '"
                    + retired
                    + "'::regclass IN (conrelid, confrelid)"))
        .isEqualTo("0");
  }

  @ParameterizedTest(name = "on PostgreSQL {0}")
  @MethodSource("firstAndLast")
  void rollbackGivesThemBack(int major) throws Exception {
    try (TestDatabase database = SharedServers.freshDatabase(major);
        Connection connection = database.connect()) {
      database.execute(setup(major).toArray(String[]::new));
      List<String> before = dump(connection);
      for (int round = 0; round < 2; round++) {
        try (HeldMigration held =
            HeldMigration.begin(
                () -> Runs.open(database),
                TABLE,
                "ALTER COLUMN \"ID\" TYPE bigint, RENAME COLUMN \"ID\" TO nr",
                Map.of())) {
          assertThat(dump(connection)).isNotEqualTo(before);
          database.execute("DELETE FROM " + TABLE + " WHERE nr = " + (450 + round));
          Summary summary = held.end(Ending.ROLLBACK_AND_DROP);
          assertThat(summary.state()).isEqualTo(MigrationState.ROLLED_BACK);
          assertThat(summary.notes()).isEmpty();
        }
        assertThat(dump(connection)).containsExactlyElementsOf(before);
        Traces.assertNone(database);
      }
    }
  }

  static Stream<Integer> firstAndLast() {
    List<Integer> majors = SharedServers.majors();
    return Stream.of(majors.get(0), majors.get(majors.size() - 1)).distinct();
  }

  @Test
  void keysOfPeriodsAreCarriedOver() throws Exception {
    if (SharedServers.newestMajor() < 18) {
      return;
    }
    String[] setup = {
      "CREATE TABLE t (id int PRIMARY KEY, r int4range, during daterange,"
          + " CONSTRAINT once UNIQUE (r, during WITHOUT OVERLAPS))",
      "INSERT INTO t VALUES (1, '[1,1]', '[2020-01-01,2021-01-01)')",
      "CREATE TABLE child (\"R\" int4range, \"d )\" daterange, CONSTRAINT c FOREIGN KEY"
          + " (\"R\", PERIOD \"d )\") REFERENCES t (r, PERIOD during))",
      "INSERT INTO child VALUES ('[1,1]', '[2020-02-01,2020-03-01)')"
    };
    try (TestDatabase migrated = newest();
        TestDatabase altered = newest();
        Connection one = migrated.connect();
        Connection other = altered.connect()) {
      migrated.execute(setup);
      altered.execute(setup);
      altered.execute("ALTER TABLE t RENAME COLUMN during TO \"valid at\"");
      Summary summary = Runs.migrate(migrated, "t", "RENAME COLUMN during TO \"valid at\"");
      assertThat(summary.notes()).isEmpty();
      assertThat(dump(one)).containsExactlyElementsOf(dump(other));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "DROP CONSTRAINT t_code_key           | no unique constraint",
        "DROP COLUMN code                     | which the change drops",
        "ALTER COLUMN code TYPE int USING 1   | incompatible types"
      })
  void whatCannotReferToTheNewTableIsRefused(String clause, String words) throws Exception {
    try (TestDatabase database = newest()) {
      database.execute(
          "CREATE TABLE t (id int PRIMARY KEY, code text UNIQUE)",
          "CREATE TABLE child (code text REFERENCES t (code))");
      assertThatThrownBy(() -> Runs.migrate(database, "t", clause))
          .isInstanceOf(RefusedException.class)
          .hasMessageContaining("foreign key child_code_fkey of public.child")
          .hasMessageContaining(words);
      Traces.assertNone(database);
    }
  }

  @Test
  void planNamesEachWithWhatBecomesOfIt() throws Exception {
    try (TestDatabase database = newest();
        Database opened = Runs.open(database)) {
      database.execute(setup(SharedServers.newestMajor()).toArray(String[]::new));
      assertThat(opened.plan(new ChangeRequest(TABLE, "ADD COLUMN x int")).plan().steps())
          .extracting(Plan.PlanStep::what)
          .contains(
              "foreign key k 1 of \"Kids; --\".\"plain \"\"x\" is dropped, and added again for the"
                  + " new table, unchecked",
              "foreign key whole one of public.parts is dropped, and added again for the new"
                  + " table, unchecked")
          .anyMatch(
              step ->
                  step.startsWith("after the cut-over") && step.contains("VALIDATE CONSTRAINT"));
    }
  }

  @Test
  void disabledTriggersAreRefused() throws Exception {
    try (TestDatabase database = newest()) {
      database.execute(
          "CREATE TABLE t (id int PRIMARY KEY)",
          "CREATE TABLE child (t int REFERENCES t)",
          "ALTER TABLE child DISABLE TRIGGER ALL");
      assertThatThrownBy(() -> Runs.migrate(database, "t", "ADD COLUMN n int"))
          .isInstanceOf(RefusedException.class)
          .hasMessageContaining("its triggers are disabled");
    }
  }

  @Test
  void ownerOfTheChildIsNeeded() throws Exception {
    try (TestDatabase database = newest()) {
      String role = "parent_" + database.name();
      String kid = "Kid \"" + database.name();
      database.execute(
          "CREATE ROLE " + role + " LOGIN REPLICATION PASSWORD 'p'",
          "CREATE ROLE " + Runs.quoted(kid),
          "GRANT CREATE ON DATABASE " + database.name() + " TO " + role,
          "GRANT CREATE ON SCHEMA public TO " + role,
          "CREATE SCHEMA kids AUTHORIZATION " + Runs.quoted(kid),
          "CREATE TABLE t (id int PRIMARY KEY)",
          "INSERT INTO t VALUES (1)",
          "CREATE TABLE kids.child (t int REFERENCES t)",
          "INSERT INTO kids.child VALUES (1)",
          "ALTER TABLE t OWNER TO " + role,
          "ALTER TABLE kids.child OWNER TO " + Runs.quoted(kid));
      try {
        assertThatThrownBy(() -> migrateAs(database, role))
            .isInstanceOf(RefusedException.class)
            .hasMessageContaining("does not own table kids.child")
            .hasMessageContaining("GRANT " + Runs.quoted(kid) + " TO \"" + role + "\"");
        database.execute("GRANT " + Runs.quoted(kid) + " TO " + role);
        Summary summary = migrateAs(database, role);
        assertThat(summary.notes()).isEmpty();
        assertThat(
                database.queryText(
                    "SELECT confrelid::regclass || ' ' || convalidated FROM pg_constraint"
                        + " WHERE conrelid = 'kids.child'::regclass AND contype = 'f'"))
            .isEqualTo("t true");
      } finally {
        database.execute(
            "DROP OWNED BY " + role + ", " + Runs.quoted(kid) + " CASCADE",
            "DROP ROLE " + role + ", " + Runs.quoted(kid));
      }
    }
  }

  private static Summary migrateAs(TestDatabase database, String role) {
    try (Database opened = Runs.open(database, role, "p")) {
      return new Migration(
              opened,
              new ChangeRequest("t", "ALTER COLUMN id TYPE bigint"),
              Runs.options(),
              new Trail())
          .run();
    }
  }

  /** An attempt looks for an opening for twenty seconds before it says why there was none. */
  @Test
  @EnabledIfSystemProperty(named = "zdm.long", matches = "true")
  void busyChildIsNamed() throws Exception {
    try (TestDatabase database = newest();
        Connection busy = database.connect();
        Statement statement = busy.createStatement()) {
      database.execute(
          "CREATE TABLE t (id int PRIMARY KEY)",
          "INSERT INTO t VALUES (1)",
          "CREATE TABLE child (t int REFERENCES t)",
          "INSERT INTO child VALUES (1)");
      Trail trail =
          new Trail()
              .on(
                  MigrationState.READY,
                  () -> {
                    busy.setAutoCommit(false);
                    statement.execute("UPDATE child SET t = NULL");
                  });
      assertThatThrownBy(
              () ->
                  Runs.migrate(
                      database,
                      "t",
                      "ADD COLUMN n int",
                      Runs.options().withCutOverAttempts(1),
                      trail))
          .isInstanceOf(ZdmException.class)
          .hasMessageContaining("RowExclusiveLock on child");
      busy.rollback();
      Traces.assertNone(database);
    }
  }

  /** Somebody had switched the triggers off: the key says of itself that it is valid. */
  @Test
  void violatingRowIsNamed() throws Exception {
    try (TestDatabase database = newest()) {
      database.execute(
          "CREATE TABLE t (id int PRIMARY KEY)",
          "INSERT INTO t VALUES (1)",
          "CREATE TABLE child (t int REFERENCES t)",
          "SET session_replication_role = replica; INSERT INTO child VALUES (4711);"
              + " SET session_replication_role = DEFAULT");
      Summary summary = Runs.migrate(database, "t", "ADD COLUMN n int");
      assertThat(summary.notes()).hasSize(1);
      assertThat(summary.notes().get(0))
          .contains("foreign key child_t_fkey of public.child is NOT VALID")
          .contains("(t)=(4711)")
          .contains("to do: ALTER TABLE public.child VALIDATE CONSTRAINT \"child_t_fkey\"");
      assertThatThrownBy(() -> database.execute("INSERT INTO child VALUES (12)"))
          .hasMessageContaining("child_t_fkey");
    }
  }

  @ParameterizedTest(name = "on PostgreSQL {0}")
  @MethodSource("firstAndLast")
  void killedBeforeTheValidationItGoesOnWithIt(int major) throws Exception {
    try (TestDatabase database = SharedServers.freshDatabase(major);
        Database opened = Runs.open(database);
        Connection connection = database.connect()) {
      database.execute(setup(major).toArray(String[]::new));
      List<String> before = dump(connection);
      database.execute(
          "CREATE FUNCTION slowly() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN"
              + " IF current_query() LIKE '%VALIDATE%' AND current_query() LIKE '%k2%' THEN"
              + " PERFORM pg_sleep(60); END IF; END $$",
          "CREATE EVENT TRIGGER slowly ON ddl_command_start EXECUTE FUNCTION slowly()");
      try (ChildProcess child =
          ChildProcess.run(
              database,
              database.user(),
              database.password(),
              TABLE,
              "SET (fillfactor = 90)",
              1000)) {
        Awaitility.await()
            .atMost(Runs.PATIENCE)
            .until(
                () ->
                    !child.isAlive()
                        || "1"
                            .equals(
                                database.queryText(
                                    "SELECT count(*) FROM pg_stat_activity WHERE wait_event ="
                                        + " 'PgSleep' AND datname = current_database()")));
        child.kill();
      }
      database.execute(
          "DROP EVENT TRIGGER slowly",
          "DROP FUNCTION slowly",
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
              + " AND datname = current_database()");
      assertThat(dump(connection))
          .anyMatch(
              line -> line.contains("k2: type f, FOREIGN KEY (two)") && line.contains("NOT VALID"));
      ControlStore control = opened.control();
      assertThat(control.latest(1).get(0).state()).isEqualTo(MigrationState.SWAPPED);
      Trail trail = new Trail();
      Summary summary =
          Migration.unfinished(opened, control.latest(1).get(0).id(), true, trail).run();
      assertThat(summary.notes()).isEmpty();
      assertThat(
              dump(connection).stream().map(line -> line.replace("{fillfactor=90}", "")).toList())
          .containsExactlyElementsOf(before);
      Traces.assertNoneButTheRetiredTable(database);
    }
  }

  private static TestDatabase newest() throws SQLException {
    return SharedServers.freshDatabase(SharedServers.newestMajor());
  }
}
