package io.zdmosc.harness.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zdmosc.engine.ChangeRequest;
import io.zdmosc.engine.Dependents;
import io.zdmosc.engine.Migration;
import io.zdmosc.engine.Retire;
import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.engine.progress.MigrationListener;
import io.zdmosc.engine.spi.Database;
import io.zdmosc.engine.spi.Orders.Ending;
import io.zdmosc.harness.schema.ViewDump;
import io.zdmosc.harness.server.SharedServers;
import io.zdmosc.harness.server.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Views go on with the new table, and all that hangs on them stays. */
class DependentViewsIT {
  private static final String TABLE = "\"s p\".\"Or\"\"der\"";

  private static final List<String> SETUP =
      List.of(
          "CREATE SCHEMA \"s p\"",
          "CREATE SCHEMA api",
          "CREATE TABLE \"s p\".other (id int PRIMARY KEY, note text)",
          "CREATE TABLE \"s p\".\"Or\"\"der\" (gone int, id int PRIMARY KEY, \"co de\" varchar(20),"
              + " n int, amount numeric(12,2), doc jsonb, unused text)",
          "ALTER TABLE \"s p\".\"Or\"\"der\" DROP COLUMN gone",
          "INSERT INTO \"s p\".\"Or\"\"der\" SELECT i, 'c' || i, i % 7, i, '{\"a\": 1}'"
              + " FROM generate_series(1, 1000) i",
          // the same name as the table in another schema, all columns, written through
          "CREATE VIEW api.\"Or\"\"der\" WITH (security_barrier, check_option = local) AS"
              + " SELECT * FROM \"s p\".\"Or\"\"der\" WHERE n >= 0",
          "ALTER VIEW api.\"Or\"\"der\" ALTER COLUMN n SET DEFAULT 3",
          "ALTER VIEW api.\"Or\"\"der\" RENAME COLUMN doc TO \"my doc\"",
          "COMMENT ON VIEW api.\"Or\"\"der\" IS 'it''s \\ a view'",
          "COMMENT ON COLUMN api.\"Or\"\"der\".n IS 'a column'",
          "GRANT SELECT, UPDATE ON api.\"Or\"\"der\" TO views_reader WITH GRANT OPTION",
          "GRANT SELECT (id), UPDATE (n) ON api.\"Or\"\"der\" TO views_writer",
          "GRANT SELECT ON api.\"Or\"\"der\" TO PUBLIC",
          // of a view
          "CREATE VIEW \"s p\".upon AS SELECT a.id, b.note, \"Or\"\"der\".\"co de\" AS c"
              + " FROM api.\"Or\"\"der\" LEFT JOIN \"s p\".other b USING (id) JOIN"
              + " api.\"Or\"\"der\" a USING (id)",
          // recursion, strings and operators, the row as a whole, the table's name as a value
          "CREATE VIEW api.hard AS WITH RECURSIVE x AS (SELECT id AS \"Or\"\"der\" FROM"
              + " \"s p\".\"Or\"\"der\" WHERE id = 1 UNION ALL SELECT x.\"Or\"\"der\" + 1"
              + " FROM x WHERE x.\"Or\"\"der\" < 5)"
              + " SELECT x.\"Or\"\"der\", o.doc ? 'a' AS has, '\"s p\".\"Or\"\"der\"'::text AS name,"
              + " row_to_json(o.*) -> 'n' AS n FROM x JOIN \"s p\".\"Or\"\"der\" o"
              + " ON o.id = x.\"Or\"\"der\" AND o.tableoid = '\"s p\".\"Or\"\"der\"'::regclass",
          "CREATE VIEW api.grouped AS SELECT id, n, count(*) FROM \"s p\".\"Or\"\"der\" GROUP BY id",
          "CREATE FUNCTION api.instead() RETURNS trigger LANGUAGE plpgsql AS"
              + " 'BEGIN RETURN NEW; END'",
          "CREATE TRIGGER \"in stead\" INSTEAD OF INSERT ON \"s p\".upon FOR EACH ROW"
              + " EXECUTE FUNCTION api.instead()",
          "COMMENT ON TRIGGER \"in stead\" ON \"s p\".upon IS 'a trigger'",
          "CREATE RULE \"no delete\" AS ON DELETE TO \"s p\".upon DO INSTEAD NOTHING",
          "COMMENT ON RULE \"no delete\" ON \"s p\".upon IS 'a rule'",
          "ALTER TABLE \"s p\".\"Or\"\"der\" OWNER TO views_owner",
          "ALTER VIEW api.\"Or\"\"der\" OWNER TO views_other",
          "ALTER VIEW \"s p\".upon OWNER TO views_other",
          "GRANT ALL ON SCHEMA \"s p\", api TO views_owner, views_other",
          "GRANT SELECT, INSERT ON \"s p\".\"Or\"\"der\" TO views_other",
          "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO views_writer");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "ADD COLUMN extra int, ALTER COLUMN amount SET NOT NULL",
        "DROP COLUMN unused, ADD COLUMN first_extra int"
      })
  void stayWithTheColumnsThatTheyHad(String clause) throws Exception {
    for (int major : List.of(SharedServers.majors().get(0), SharedServers.newestMajor())) {
      try (TestDatabase database = database(major);
          Connection connection = database.connect()) {
        if (clause.startsWith("DROP")) {
          database.execute(
              "DROP VIEW api.\"Or\"\"der\" CASCADE",
              "CREATE VIEW api.\"Or\"\"der\" AS SELECT id, n, amount FROM " + TABLE);
        }
        ViewDump before = ViewDump.of(connection);
        var summary = Runs.migrate(database, TABLE, clause, Runs.options().withRetire(Retire.DROP));
        assertThat(summary.notes()).isEmpty();
        assertThat(ViewDump.of(connection).lines()).containsExactlyElementsOf(before.lines());
        Traces.assertNone(database);
        database.execute("INSERT INTO " + TABLE + " (id, n, amount) VALUES (5000, 5, 1)");
        assertThat(database.queryText("SELECT n FROM api.\"Or\"\"der\" WHERE id = 5000"))
            .isEqualTo("5");
      }
    }
  }

  /** What tells columns by their places, while one before them is dropped and another is added. */
  @Test
  void goOnWithTheColumnsWhosePlacesChange() throws Exception {
    String read =
        "SELECT z || (SELECT string_agg(pg_get_expr(polqual, polrelid), ' ' ORDER BY polname)"
            + " FROM pg_policy WHERE polrelid IN ('t'::regclass, 'other'::regclass)) FROM v";
    try (TestDatabase migrated = SharedServers.freshDatabase(SharedServers.newestMajor());
        TestDatabase altered = SharedServers.freshDatabase(SharedServers.newestMajor())) {
      for (TestDatabase each : List.of(migrated, altered)) {
        each.execute(
            "CREATE TABLE t (a int PRIMARY KEY, b text, c text)",
            "INSERT INTO t VALUES (1, 'b', 'c')",
            "CREATE VIEW v AS SELECT p.z FROM t AS p(x, y, z)",
            "CREATE TABLE other (n text)",
            "CREATE POLICY one ON other USING (n IN (SELECT p.z FROM t AS p(x, y, z)))",
            "CREATE POLICY two ON t USING (a IN (SELECT p.x FROM t AS p(x, y, z) WHERE p.z = t.c))");
      }
      String clause = "DROP COLUMN b, ADD COLUMN d text DEFAULT 'd'";
      altered.execute("ALTER TABLE t " + clause);
      Runs.migrate(migrated, "t", clause);
      assertThat(migrated.queryText(read)).isEqualTo(altered.queryText(read)).startsWith("c");
    }
  }

  @Test
  void keepTheirOwnColumnNamesWhenTheTablesAreRenamed() throws Exception {
    try (TestDatabase migrated = database(SharedServers.newestMajor());
        TestDatabase altered = database(SharedServers.newestMajor());
        Connection one = migrated.connect();
        Connection other = altered.connect()) {
      // two columns change places, and the table has another name in the end
      for (String clause :
          List.of(
              "RENAME COLUMN n TO between",
              "RENAME COLUMN amount TO n",
              "RENAME COLUMN between TO amount",
              "RENAME COLUMN \"co de\" TO \"select\"",
              "RENAME TO \"ne w\"")) {
        altered.execute("ALTER TABLE " + TABLE + " " + clause);
      }
      Runs.migrate(
          migrated,
          TABLE,
          "RENAME COLUMN n TO between, RENAME COLUMN amount TO n, RENAME COLUMN between TO amount,"
              + " RENAME COLUMN \"co de\" TO \"select\", RENAME TO \"ne w\"");
      assertThat(ViewDump.of(one).lines()).containsExactlyElementsOf(ViewDump.of(other).lines());
    }
  }

  @Test
  void thatChangeTheirTypesAreMadeAnewWithAllThatHangsOnThem() throws Exception {
    for (int major : List.of(SharedServers.majors().get(0), SharedServers.newestMajor())) {
      try (TestDatabase database = database(major);
          Connection connection = database.connect()) {
        List<String> before = ViewDump.of(connection).lines();
        Runs.migrate(
            database,
            TABLE,
            "ALTER COLUMN n TYPE bigint, ALTER COLUMN id TYPE bigint",
            Runs.options().withRetire(Retire.DROP));
        List<String> after = ViewDump.of(connection).lines();
        assertThat(after.stream().map(DependentViewsIT::narrow).toList())
            .containsExactlyElementsOf(before.stream().map(DependentViewsIT::narrow).toList());
        assertThat(after)
            .contains("api.\"Or\"\"der\" column 1 id: bigint, collation -, default , comment NULL");
        assertThat(after).anyMatch(line -> line.startsWith("\"s p\".upon column 1 id: bigint"));
        Traces.assertNone(database);
      }
    }
  }

  /** Types and casts apart, which are what the change is about. */
  private static String narrow(String line) {
    return line.replace("bigint", "integer").replaceAll("[()]", "").replace("::integer", "");
  }

  @Test
  void goBackWithTheTable() throws Exception {
    try (TestDatabase database = database(SharedServers.newestMajor());
        Connection connection = database.connect()) {
      List<String> before = ViewDump.of(connection).lines();
      try (HeldMigration held =
          HeldMigration.begin(
              () -> Runs.open(database),
              TABLE,
              "ALTER COLUMN id TYPE bigint, RENAME COLUMN n TO m",
              Map.of())) {
        database.execute("INSERT INTO api.\"Or\"\"der\" (id) VALUES (5000)");
        held.end(Ending.ROLLBACK);
      }
      assertThat(ViewDump.of(connection).lines()).containsExactlyElementsOf(before);
      assertThat(database.queryText("SELECT n FROM api.\"Or\"\"der\" WHERE id = 5000"))
          .isEqualTo("3");
    }
  }

  @Test
  void thatTheChangeMakesImpossibleAreRefusedByName() throws Exception {
    try (TestDatabase database = database(SharedServers.newestMajor())) {
      database.execute("CREATE VIEW api.lower AS SELECT lower(unused) FROM " + TABLE);
      refused(
          database,
          "ALTER COLUMN unused TYPE int USING 1",
          "\"api\".\"lower\"",
          "function lower(integer) does not exist");
      refused(
          database,
          "DROP COLUMN unused, ADD COLUMN unused text",
          "\"api\".\"lower\"",
          "\"unused\"");
      refused(
          database,
          "DROP CONSTRAINT \"Or\"\"der_pkey\", ADD UNIQUE (id)",
          "\"api\".\"grouped\"",
          "must appear in the GROUP BY");
      // an alias with the schema's name and a column with the table's
      database.execute(
          "CREATE VIEW api.same AS SELECT \"s p\".\"Or\"\"der\" FROM "
              + TABLE
              + " CROSS JOIN (SELECT 1 AS \"Or\"\"der\") AS \"s p\"");
      refused(database, "ADD COLUMN x int", "\"api\".\"same\"", "does not fit");
      database.execute("DROP VIEW api.same");
      database.execute("CREATE MATERIALIZED VIEW api.m AS SELECT id FROM " + TABLE);
      refused(database, "ADD COLUMN x int", "materialized view \"api\".\"m\"", "keeps rows");
    }
  }

  @Test
  void areDroppedWhereTheyAreNamed() throws Exception {
    try (TestDatabase database = database(SharedServers.newestMajor());
        Connection connection = database.connect()) {
      List<String> before = ViewDump.of(connection).lines();
      assertThatThrownBy(() -> dropping(database, false, "api.\"Or\"\"der\"", "api.nothing"))
          .isInstanceOf(RefusedException.class)
          .hasMessageContaining("--drop-dependents '\"s p\".\"upon\"'")
          .hasMessageContaining("--drop-dependents api.nothing: names no view");
      database.execute("CREATE MATERIALIZED VIEW api.m AS SELECT id FROM " + TABLE);
      dropping(database, true, "api.\"Or\"\"der\"", "\"s p\".upon", "api.m");
      assertThat(ViewDump.of(connection).lines()).containsExactlyElementsOf(before);
      dropping(database, false, "api.\"Or\"\"der\"", "\"s p\".upon");
      assertThat(ViewDump.of(connection).lines())
          .containsExactlyElementsOf(
              before.stream().filter(line -> line.matches("(?s)api\\.(grouped|hard) .*")).toList());
    }
  }

  private static void dropping(TestDatabase database, boolean back, String... views)
      throws Exception {
    ChangeRequest request =
        new ChangeRequest(
            TABLE, "DROP COLUMN unused", "", back, Map.of(), new Dependents(List.of(views)));
    if (back) {
      try (HeldMigration held = HeldMigration.begin(() -> Runs.open(database), request)) {
        held.end(Ending.ROLLBACK);
      }
    } else {
      try (Database opened = Runs.open(database)) {
        new Migration(opened, request, Runs.options(), MigrationListener.none()).run();
      }
    }
  }

  private static void refused(TestDatabase database, String clause, String view, String reason) {
    assertThatThrownBy(() -> Runs.migrate(database, TABLE, clause))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining(view)
        .hasMessageContaining(reason);
  }

  private static TestDatabase database(int major) throws SQLException {
    for (String role : List.of("views_owner", "views_other", "views_reader", "views_writer")) {
      SharedServers.of(major)
          .execute(
              "DO $$ BEGIN CREATE ROLE "
                  + role
                  + "; EXCEPTION WHEN duplicate_object THEN NULL; END $$");
    }
    TestDatabase database = SharedServers.freshDatabase(major);
    database.execute(SETUP.toArray(String[]::new));
    return database;
  }
}
