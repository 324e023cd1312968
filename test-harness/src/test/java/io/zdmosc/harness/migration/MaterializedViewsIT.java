package io.zdmosc.harness.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zdmosc.engine.ChangeRequest;
import io.zdmosc.engine.Dependents;
import io.zdmosc.engine.Migration;
import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.Retire;
import io.zdmosc.engine.RunOptions;
import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.engine.error.SuspendedException;
import io.zdmosc.engine.progress.MigrationListener;
import io.zdmosc.engine.spi.ControlStore;
import io.zdmosc.engine.spi.Database;
import io.zdmosc.engine.spi.Orders.Ending;
import io.zdmosc.harness.schema.ViewDump;
import io.zdmosc.harness.server.SharedServers;
import io.zdmosc.harness.server.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Materialized views are made anew beside the old ones, filled, and change places with them. */
class MaterializedViewsIT {
  private static final String TABLE = "\"s p\".\"Or\"\"der\"";
  private static final String SUMS =
      "SELECT count(*) || ' ' || sum(id) || ' ' || sum(n) || ' ' || max(note) FROM ";

  private static final List<String> SETUP =
      List.of(
          "CREATE SCHEMA \"s p\"",
          "CREATE SCHEMA api",
          "CREATE TABLE " + TABLE + " (id int PRIMARY KEY, n int, note text)",
          "INSERT INTO " + TABLE + " SELECT i, i % 7, 'n' || i FROM generate_series(1, 1000) i",
          "GRANT ALL ON SCHEMA \"s p\", api TO mv_owner, mv_other",
          "ALTER TABLE " + TABLE + " OWNER TO mv_owner",
          "GRANT SELECT ON " + TABLE + " TO mv_other",
          // the table's own name, called by it, with everything that can hang on one
          "CREATE MATERIALIZED VIEW api.\"Or\"\"der\" (id, \"N n\", note) WITH (fillfactor = 70,"
              + " toast.autovacuum_enabled = false) AS SELECT \"Or\"\"der\".id, n, note FROM "
              + TABLE,
          "CREATE UNIQUE INDEX \"by id\" ON api.\"Or\"\"der\" (id)",
          "CREATE INDEX by_rest ON api.\"Or\"\"der\" (lower(note) DESC) INCLUDE (\"N n\")"
              + " WITH (fillfactor = 60) WHERE \"N n\" > 2",
          "COMMENT ON INDEX api.by_rest IS 'an index'",
          "ALTER INDEX api.by_rest ALTER COLUMN 1 SET STATISTICS 55",
          "ALTER MATERIALIZED VIEW api.\"Or\"\"der\" CLUSTER ON \"by id\"",
          "ALTER MATERIALIZED VIEW api.\"Or\"\"der\" ALTER COLUMN note SET STORAGE EXTERNAL,"
              + " ALTER COLUMN note SET STATISTICS 33, ALTER COLUMN note SET COMPRESSION pglz,"
              + " ALTER COLUMN \"N n\" SET (n_distinct = 5)",
          "CREATE STATISTICS api.\"of two\" (dependencies) ON id, \"N n\" FROM api.\"Or\"\"der\"",
          "COMMENT ON STATISTICS api.\"of two\" IS 'of two'",
          "ALTER STATISTICS api.\"of two\" SET STATISTICS 44",
          "COMMENT ON MATERIALIZED VIEW api.\"Or\"\"der\" IS 'it''s \\ kept'",
          "COMMENT ON COLUMN api.\"Or\"\"der\".note IS 'a column'",
          "GRANT SELECT ON api.\"Or\"\"der\" TO mv_reader WITH GRANT OPTION",
          "GRANT SELECT (id) ON api.\"Or\"\"der\" TO PUBLIC",
          "ALTER MATERIALIZED VIEW api.\"Or\"\"der\" OWNER TO mv_other",
          // needs the primary key
          "CREATE MATERIALIZED VIEW api.grouped AS SELECT id, n, count(*) AS c FROM "
              + TABLE
              + " GROUP BY id",
          // upon it, upon views, and one that has never been filled
          "CREATE MATERIALIZED VIEW \"s p\".upon AS SELECT \"Or\"\"der\".\"N n\", count(*) AS c"
              + " FROM api.\"Or\"\"der\" GROUP BY 1",
          "CREATE VIEW api.reading AS SELECT id, \"N n\" AS n, note FROM api.\"Or\"\"der\"",
          "CREATE VIEW api.plain WITH (security_barrier) AS SELECT \"Or\"\"der\".n FROM " + TABLE,
          "ALTER VIEW api.plain ALTER COLUMN n SET DEFAULT 3",
          "CREATE RULE never AS ON DELETE TO api.plain DO INSTEAD NOTHING",
          "GRANT SELECT, INSERT ON api.plain TO mv_reader",
          "CREATE VIEW api.over AS SELECT plain.n FROM api.plain",
          "CREATE MATERIALIZED VIEW api.through AS SELECT plain.n, count(*) AS c FROM api.plain"
              + " GROUP BY 1",
          "CREATE MATERIALIZED VIEW api.empty AS SELECT id FROM " + TABLE + " WITH NO DATA",
          "CREATE INDEX ON api.empty (id)",
          "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO mv_reader");

  static Stream<Integer> majors() {
    return Stream.of(SharedServers.majors().get(0), SharedServers.newestMajor());
  }

  @ParameterizedTest
  @MethodSource("majors")
  void areAsTheyWereOnTheNewTable(int major) throws Exception {
    try (TestDatabase database = database(major);
        Connection connection = database.connect()) {
      List<String> before = ViewDump.of(connection).lines();
      String through = oid(database, "api.through");
      migrate(database, "ADD COLUMN extra int, ALTER COLUMN note SET NOT NULL", false);
      assertThat(ViewDump.of(connection).lines()).containsExactlyElementsOf(before);
      assertThat(oid(database, "api.through")).as("reads a view that stays").isEqualTo(through);
      assertInUse(database);
    }
  }

  @ParameterizedTest
  @MethodSource("majors")
  void followTheTypesAndNamesOfColumns(int major) throws Exception {
    try (TestDatabase database = database(major);
        Connection connection = database.connect()) {
      List<String> before = ViewDump.of(connection).lines();
      migrate(database, "ALTER COLUMN n TYPE bigint, ALTER COLUMN id TYPE bigint", true);
      List<String> after = ViewDump.of(connection).lines();
      assertThat(after.stream().map(MaterializedViewsIT::narrow).sorted().toList())
          .containsExactlyElementsOf(
              before.stream().map(MaterializedViewsIT::narrow).sorted().toList());
      assertThat(after).anyMatch(line -> line.startsWith("api.through column 1 n: bigint"));
      assertInUse(database);
    }
  }

  private static String narrow(String line) {
    return line.replace("bigint", "integer").replaceAll("[()]", "").replace("::integer", "");
  }

  /** They have the rows of the table, can be refreshed in either way, and nothing is left. */
  private static void assertInUse(TestDatabase database) throws SQLException {
    String rows = database.queryText(SUMS + TABLE);
    assertThat(database.queryText(SUMS + "api.reading")).isEqualTo(rows);
    assertThat(database.queryText("SELECT sum(c) FROM api.grouped")).isEqualTo("1000");
    assertThat(database.queryText("SELECT sum(c) FROM \"s p\".upon")).isEqualTo("1000");
    assertThat(database.queryText("SELECT sum(c) FROM api.through")).isEqualTo("1000");
    database.execute(
        "INSERT INTO " + TABLE + " (id, n, note) VALUES (5000, 3, 'z')",
        "REFRESH MATERIALIZED VIEW CONCURRENTLY api.\"Or\"\"der\"",
        "REFRESH MATERIALIZED VIEW \"s p\".upon",
        "REFRESH MATERIALIZED VIEW api.through",
        "REFRESH MATERIALIZED VIEW api.empty");
    assertThat(database.queryText(SUMS + "api.reading"))
        .isEqualTo(database.queryText(SUMS + TABLE));
    assertThat(database.queryText("SELECT sum(c) FROM \"s p\".upon")).isEqualTo("1001");
    assertThat(database.queryText("SELECT sum(c) FROM api.through")).isEqualTo("1001");
    assertThat(database.queryText("SELECT count(*) FROM api.empty")).isEqualTo("1001");
    Traces.assertNone(database);
  }

  @Test
  void whoHoldsOneIsNamedByThePlan() throws Exception {
    try (TestDatabase database = database(SharedServers.newestMajor());
        Connection other = database.connect();
        Statement statement = other.createStatement();
        Database opened = Runs.open(database)) {
      other.setAutoCommit(false);
      statement.execute("REFRESH MATERIALIZED VIEW api.grouped");
      String pid;
      try (ResultSet row = statement.executeQuery("SELECT pg_backend_pid()")) {
        row.next();
        pid = row.getString(1);
      }
      assertThatThrownBy(() -> opened.plan(request("ADD COLUMN extra int", false)))
          .isInstanceOf(MigrationFailedException.class)
          .hasMessageContaining("lock timeout, since an idle transaction of postgres")
          .hasMessageContaining("pid " + pid + ") has held AccessExclusiveLock on api.grouped for");
      other.rollback();
      assertThat(opened.plan(request("ADD COLUMN extra int", false))).isNotNull();
    }
  }

  @Test
  void changePlacesAgainWithTheTables() throws Exception {
    try (TestDatabase database = database(SharedServers.newestMajor());
        Connection connection = database.connect()) {
      List<String> before = ViewDump.of(connection).lines();
      String view = oid(database, "api.\"Or\"\"der\"");
      String rows = database.queryText(SUMS + "api.reading");
      try (HeldMigration held =
          HeldMigration.begin(
              () -> Runs.open(database), request("ALTER COLUMN n TYPE bigint", true))) {
        assertThat(oid(database, "api.\"Or\"\"der\"")).isNotEqualTo(view);
        database.execute(
            "INSERT INTO " + TABLE + " (id, n, note) VALUES (5000, 3, 'z')",
            "REFRESH MATERIALIZED VIEW api.\"Or\"\"der\"");
        assertThat(database.queryText(SUMS + "api.reading")).isNotEqualTo(rows);
        held.end(Ending.ROLLBACK_AND_DROP);
      }
      assertThat(ViewDump.of(connection).lines()).containsExactlyElementsOf(before);
      assertThat(oid(database, "api.\"Or\"\"der\"")).isEqualTo(view);
      assertThat(database.queryText(SUMS + "api.reading"))
          .as("as of its last refresh")
          .isEqualTo(rows);
      assertInUse(database, "5001");
      Traces.assertNone(database);
    }
  }

  private static void assertInUse(TestDatabase database, String id) throws SQLException {
    database.execute(
        "INSERT INTO " + TABLE + " (id, n, note) VALUES (" + id + ", 3, 'z')",
        "REFRESH MATERIALIZED VIEW CONCURRENTLY api.\"Or\"\"der\"");
    assertThat(database.queryText(SUMS + "api.reading"))
        .isEqualTo(database.queryText(SUMS + TABLE));
  }

  /** The application reads by statements that the server has prepared, its cron refreshes. */
  @Test
  void areReadAndRefreshedAllTheWhile() throws Exception {
    try (TestDatabase database = database(SharedServers.newestMajor())) {
      AtomicBoolean stop = new AtomicBoolean();
      CompletableFuture<Integer> reader = CompletableFuture.supplyAsync(() -> read(database, stop));
      CompletableFuture<Integer> cron =
          CompletableFuture.supplyAsync(() -> refresh(database, stop));
      migrate(database, "ALTER COLUMN note SET NOT NULL, ADD COLUMN x int", true);
      stop.set(true);
      assertThat(reader.get(30, TimeUnit.SECONDS)).isPositive();
      assertThat(cron.get(30, TimeUnit.SECONDS)).isPositive();
      assertInUse(database);
    }
  }

  private static int read(TestDatabase database, AtomicBoolean stop) {
    int read = 0;
    try (Connection connection = database.connect();
        PreparedStatement statement =
            connection.prepareStatement("SELECT count(*) FROM api.\"Or\"\"der\" WHERE id <= 1000");
        PreparedStatement through =
            connection.prepareStatement("SELECT sum(c) FROM \"s p\".upon")) {
      while (!stop.get()) {
        for (PreparedStatement each : List.of(statement, through)) {
          try (ResultSet row = each.executeQuery()) {
            row.next();
            assertThat(row.getInt(1)).isEqualTo(1000);
          }
        }
        read++;
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return read;
  }

  private static int refresh(TestDatabase database, AtomicBoolean stop) {
    int refreshed = 0;
    try {
      while (!stop.get()) {
        database.execute(
            "REFRESH MATERIALIZED VIEW CONCURRENTLY api.\"Or\"\"der\"",
            "REFRESH MATERIALIZED VIEW api.grouped");
        refreshed++;
        Thread.sleep(150);
      }
    } catch (SQLException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return refreshed;
  }

  @Test
  void withoutTheOptionOnlyThoseWithoutRowsGoOn() throws Exception {
    try (TestDatabase database = database(SharedServers.newestMajor())) {
      assertThatThrownBy(() -> Runs.migrate(database, TABLE, "ADD COLUMN x int"))
          .isInstanceOf(RefusedException.class)
          .hasMessageContaining("materialized view \"api\".\"Or\"\"der\": keeps rows")
          .hasMessageContaining("materialized view \"api\".\"grouped\": keeps rows")
          .hasMessageContaining("--rebuild-materialized-views");
      database.execute(
          "DROP MATERIALIZED VIEW api.\"Or\"\"der\" CASCADE",
          "DROP MATERIALIZED VIEW api.grouped, api.through");
      try (Connection connection = database.connect()) {
        List<String> before = ViewDump.of(connection).lines();
        Runs.migrate(database, TABLE, "ADD COLUMN x int", Runs.options().withRetire(Retire.DROP));
        assertThat(ViewDump.of(connection).lines()).containsExactlyElementsOf(before);
      }
      assertThatThrownBy(() -> database.queryText("SELECT count(*) FROM api.empty"))
          .hasMessageContaining("has not been populated");
      Traces.assertNone(database);
    }
  }

  /** Filled by the application while the migration runs: it must not come out empty. */
  @Test
  void thatGetTheirFirstRowsMeanwhileAreFilledToo() throws Exception {
    try (TestDatabase database = database(SharedServers.newestMajor());
        Database opened = Runs.open(database)) {
      MigrationListener refreshing =
          new MigrationListener() {
            @Override
            public void onState(MigrationState state, String detail) {
              if (state == MigrationState.VERIFYING) {
                execute(database, "REFRESH MATERIALIZED VIEW api.empty");
              }
            }
          };
      new Migration(opened, request("ADD COLUMN x int", false), Runs.options(), refreshing).run();
      assertThat(database.queryText("SELECT count(*) FROM api.empty")).isEqualTo("1000");
    }
  }

  @Test
  void whatCannotBeMadeAnewIsNamed() throws Exception {
    try (TestDatabase database = database(SharedServers.newestMajor())) {
      database.execute(
          "ALTER TABLE " + TABLE + " ENABLE ROW LEVEL SECURITY",
          "CREATE POLICY p ON " + TABLE + " USING (true)",
          "CREATE FUNCTION api.f() RETURNS bigint LANGUAGE sql BEGIN ATOMIC"
              + " SELECT count(*) FROM api.grouped; END",
          "REVOKE ALL ON " + TABLE + " FROM mv_other");
      try (Database opened = Runs.open(database)) {
        assertThatThrownBy(() -> opened.plan(request("ADD COLUMN x int", false)))
            .isInstanceOf(RefusedException.class)
            .hasMessageContaining("hide rows from its owner mv_other")
            .hasMessageContaining("may not read \"s p\".\"Or\"\"der\"")
            .hasMessageContaining(
                "\"api\".\"grouped\": has to be made anew, and function api.f() depends on it");
      }
    }
  }

  @Test
  void memberOfTheOwnersIsEnough() throws Exception {
    try (TestDatabase database = SharedServers.freshDatabase(SharedServers.newestMajor())) {
      String role = "member_" + database.name();
      String owner = "owner_" + database.name();
      database.execute(
          "CREATE ROLE " + owner,
          "CREATE ROLE " + role + " LOGIN REPLICATION PASSWORD 'p' IN ROLE " + owner,
          "GRANT CREATE ON DATABASE " + database.name() + " TO " + role,
          "GRANT CREATE ON SCHEMA public TO " + role,
          "CREATE TABLE t (id int PRIMARY KEY, n int)",
          "INSERT INTO t SELECT i, i FROM generate_series(1, 50) i",
          "CREATE MATERIALIZED VIEW m AS SELECT id, n FROM t",
          "CREATE UNIQUE INDEX i ON m (id)",
          "GRANT CREATE ON SCHEMA public TO " + owner,
          "ALTER TABLE t OWNER TO " + owner,
          "ALTER MATERIALIZED VIEW m OWNER TO " + owner,
          "REVOKE CREATE ON SCHEMA public FROM " + owner);
      try (Database opened = Runs.open(database, role, "p")) {
        ChangeRequest request =
            new ChangeRequest(
                "t", "ADD COLUMN x int", "", false, Map.of(), request("", false).dependents());
        assertThatThrownBy(() -> opened.plan(request))
            .isInstanceOf(RefusedException.class)
            .hasMessageContaining("m\": stands in schema public, where its owner may not create")
            .hasMessageContaining("GRANT CREATE ON SCHEMA \"public\" TO \"" + owner + "\".");
        database.execute(
            "GRANT CREATE ON SCHEMA public TO " + owner, "INSERT INTO t VALUES (51, 51)");
        new Migration(opened, request, Runs.options(), MigrationListener.none()).run();
        assertThat(database.queryText("SELECT count(*) FROM m")).as("refreshed").isEqualTo("51");
      } finally {
        for (String each : List.of(role, owner)) {
          database.execute("DROP OWNED BY " + each + " CASCADE", "DROP ROLE " + each);
        }
      }
    }
  }

  /** What a process leaves that dies then is found by its names, and goes. */
  @ParameterizedTest
  @EnumSource(
      value = MigrationState.class,
      names = {"CATCHING_UP", "CUTTING_OVER"})
  void areCleanedUpAfterADeadProcess(MigrationState last) throws Exception {
    try (TestDatabase database = database(SharedServers.newestMajor());
        Connection connection = database.connect();
        Database opened = Runs.open(database)) {
      List<String> before = ViewDump.of(connection).lines();
      Migration[] migration = new Migration[1];
      MigrationListener stopping =
          new MigrationListener() {
            @Override
            public void onState(MigrationState state, String detail) {
              if (state == last) {
                migration[0].suspend();
              }
            }
          };
      migration[0] =
          new Migration(opened, request("ADD COLUMN x int", false), Runs.options(), stopping);
      assertThatThrownBy(migration[0]::run).isInstanceOf(SuspendedException.class);
      assertThat(remove(opened)).anyMatch(object -> object.startsWith("materialized view"));
      assertThat(ViewDump.of(connection).lines()).containsExactlyElementsOf(before);
      Traces.assertNone(database);
    }
  }

  @Test
  void areCleanedUpAfterTheSwapToo() throws Exception {
    try (TestDatabase database = database(SharedServers.newestMajor());
        Connection connection = database.connect();
        Database opened = Runs.open(database)) {
      List<String> before = ViewDump.of(connection).lines();
      try (HeldMigration held =
          HeldMigration.begin(() -> Runs.open(database), request("ADD COLUMN x int", true))) {
        held.stop();
      }
      assertThat(remove(opened)).anyMatch(object -> object.startsWith("materialized view"));
      assertThat(ViewDump.of(connection).lines()).containsExactlyElementsOf(before);
      Traces.assertNoneButTheRetiredTable(database);
    }
  }

  private static List<String> remove(Database opened) {
    ControlStore control = opened.control();
    var unfinished = control.unfinished().get(0);
    assertThat(control.remove(unfinished)).isEmpty();
    return unfinished.objects();
  }

  private static void execute(TestDatabase database, String sql) {
    try {
      database.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void migrate(TestDatabase database, String clause, boolean full) {
    RunOptions options = Runs.options().withRetire(full ? Retire.DROP : Retire.KEEP);
    try (Database opened = Runs.open(database)) {
      var summary =
          new Migration(opened, request(clause, false), options, MigrationListener.none()).run();
      assertThat(summary.notes()).isEmpty();
      if (!full) {
        execute(database, "DROP TABLE " + summary.retiredTable());
      }
    }
  }

  private static ChangeRequest request(String clause, boolean hold) {
    return new ChangeRequest(
        TABLE, clause, "", hold, Map.of(), Dependents.KEPT.rebuildingMaterializedViews());
  }

  private static String oid(TestDatabase database, String view) throws SQLException {
    return database.queryText("SELECT '" + view + "'::regclass::oid");
  }

  private static TestDatabase database(int major) throws SQLException {
    for (String role : List.of("mv_owner", "mv_other", "mv_reader")) {
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
