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
import io.zdmosc.harness.schema.SchemaDump;
import io.zdmosc.harness.schema.ViewDump;
import io.zdmosc.harness.server.SharedServers;
import io.zdmosc.harness.server.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Views, rules, policies and functions that mention single partitions of a table. */
class PartitionsMentionedIT {
  private static final String TABLE = "\"T t\"";

  private static final List<String> TABLES =
      List.of(TABLE, "t_before", "\"Le\"\"af\"", "\"dee p\"", "deep_b", "t_rest", "secret");

  /** Columns that the views, functions and policies give out keep their types. */
  private static final List<String> CHANGE =
      List.of(
          "ALTER n TYPE bigint, ADD COLUMN extra int DEFAULT 5",
          "RENAME COLUMN \"ot her\" TO another");

  /** What they are, said without what they are bound to. */
  private static final String PIECES =
      """
      SELECT string_agg(line, E'\\n' ORDER BY line) FROM (
        SELECT pg_get_ruledef(r.oid) || ev_enabled::text || obj_description(r.oid, 'pg_rewrite') AS line
          FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class
         WHERE r.oid >= 16384 AND rulename <> '_RETURN' AND relname !~ '_old$'
        UNION ALL SELECT format('%s %s %s %s %s', polname, polrelid::regclass, polcmd,
                         pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid))
          FROM pg_policy JOIN pg_class c ON c.oid = polrelid WHERE relname !~ '_old$'
        UNION ALL SELECT format('%s %s %s %s', pg_get_functiondef(p.oid), proowner::regrole,
                         (SELECT string_agg(a::text, ',' ORDER BY a::text)
                            FROM unnest(coalesce(proacl, acldefault('f', proowner))) a),
                         obj_description(p.oid, 'pg_proc'))
          FROM pg_proc p WHERE p.oid >= 16384) AS l\
      """;

  /** What serves and is bound to a table that does not. */
  private static final String LOST =
      """
      SELECT string_agg(pg_describe_object(d.classid, d.objid, 0), ', ')
        FROM pg_depend d JOIN pg_class c ON c.relname ~ '^zdm_.*_old$'
         AND (d.refclassid = 'pg_class'::regclass AND d.refobjid = c.oid
              OR d.refclassid = 'pg_type'::regclass AND d.refobjid = c.reltype)
        LEFT JOIN pg_policy p ON d.classid = 'pg_policy'::regclass AND p.oid = d.objid
        LEFT JOIN pg_rewrite r ON d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid
        LEFT JOIN pg_class o ON o.oid = coalesce(p.polrelid, r.ev_class)
       WHERE d.deptype = 'n' AND (o.relname ~ '^zdm_') IS NOT TRUE
         AND d.classid IN ('pg_rewrite'::regclass, 'pg_policy'::regclass, 'pg_proc'::regclass)\
      """;

  /** What tells how they go on. */
  private static final List<String> RELIED =
      List.of(
          "SELECT count(*) || ' ' || sum(id) || ' ' || sum(another) FROM \"T t\"",
          "SELECT string_agg(id::text, ',' ORDER BY id) FROM t_before WHERE id > 2000",
          "SELECT count(*) || ' ' || sum(id) FROM api.\"Le\"\"af\"",
          "SELECT count(*) || ' ' || sum(c) FROM api.grouped",
          "SELECT count(*) || ' ' || count(\"ot her\") FROM api.upon",
          "SELECT count(*) || ' ' || count(is_there) FROM api.both",
          "SELECT count(*) FROM secret",
          "SELECT api.most(9003)",
          "SELECT string_agg(id::text, ',' ORDER BY id) FROM api.few()",
          "SELECT api.said(p, NULL, t) FROM t_before p JOIN \"T t\" t USING (id) WHERE id = 7");

  /** With the same columns in another order in one partition. */
  private static void create(TestDatabase database) throws SQLException {
    database.execute(
        "CREATE SCHEMA api",
        "CREATE TABLE \"T t\" (id bigint NOT NULL, created_at timestamptz NOT NULL, note text,"
            + " \"ot her\" int DEFAULT 3, n int DEFAULT 0, PRIMARY KEY (id, created_at))"
            + " PARTITION BY RANGE (created_at)",
        "CREATE TABLE t_before (gone int, n int DEFAULT 0, \"ot her\" int DEFAULT 3, note text,"
            + " created_at timestamptz NOT NULL, id bigint NOT NULL)",
        "ALTER TABLE t_before DROP COLUMN gone",
        "ALTER TABLE \"T t\" ATTACH PARTITION t_before FOR VALUES FROM (MINVALUE) TO ('2023-06-01')",
        "CREATE TABLE \"Le\"\"af\" PARTITION OF \"T t\" FOR VALUES FROM ('2023-06-01') TO"
            + " ('2024-03-01') PARTITION BY HASH (id)",
        "CREATE TABLE \"dee p\" PARTITION OF \"Le\"\"af\" FOR VALUES WITH (MODULUS 2, REMAINDER 0)",
        "CREATE TABLE deep_b PARTITION OF \"Le\"\"af\" FOR VALUES WITH (MODULUS 2, REMAINDER 1)",
        "CREATE TABLE t_rest PARTITION OF \"T t\" DEFAULT",
        "INSERT INTO \"T t\" SELECT i, timestamptz '2023-01-01 00:00+00' + i * interval '6 hours', i,"
            + " i % 9 FROM generate_series(1, 2000) i");
    views(database);
    own(database);
    others(database);
  }

  private static void views(TestDatabase database) throws SQLException {
    database.execute(
        "CREATE VIEW api.\"Le\"\"af\" WITH (security_barrier) AS SELECT \"Le\"\"af\".\"ot her\", id,"
            + " created_at, note FROM \"Le\"\"af\"",
        "COMMENT ON VIEW api.\"Le\"\"af\" IS 'a view'",
        "CREATE VIEW api.\"dee p\" AS SELECT id, \"ot her\", note FROM \"dee p\"",
        "CREATE VIEW api.both AS SELECT t.id, p.\"ot her\", p IS NOT NULL AS is_there FROM \"T t\" t"
            + " JOIN t_before p USING (id) LEFT JOIN \"dee p\" d ON d.id = t.id GROUP BY t.id, p.id,"
            + " p.created_at",
        "CREATE VIEW api.grouped AS SELECT id, note, \"ot her\", count(*) AS c FROM t_before"
            + " GROUP BY id, created_at",
        "CREATE VIEW api.named AS SELECT p.fourth, p.\"fi rst\" FROM deep_b AS p(\"fi rst\", b, c,"
            + " fourth)",
        "CREATE VIEW api.upon AS SELECT l.id, b.\"ot her\" FROM api.\"Le\"\"af\" l LEFT JOIN api.both b"
            + " USING (id)",
        "CREATE RULE put AS ON INSERT TO api.upon DO INSTEAD INSERT INTO t_rest (id, created_at,"
            + " \"ot her\") VALUES (new.id, '2030-01-01', new.\"ot her\")",
        "COMMENT ON RULE put ON api.upon IS 'a rule'",
        "CREATE RULE also AS ON DELETE TO api.\"dee p\" DO INSTEAD DELETE FROM \"T t\" USING deep_b"
            + " WHERE \"T t\".id = old.id AND deep_b.\"ot her\" = \"T t\".\"ot her\"",
        "COMMENT ON RULE also ON api.\"dee p\" IS 'a rule'");
  }

  /** What the table and its partitions have themselves, and that mentions each other. */
  private static void own(TestDatabase database) throws SQLException {
    database.execute(
        "ALTER TABLE t_before ENABLE ROW LEVEL SECURITY",
        "ALTER TABLE \"T t\" ENABLE ROW LEVEL SECURITY",
        "CREATE POLICY up ON t_before USING (id IN (SELECT id FROM \"T t\" WHERE \"ot her\" < 8))",
        "CREATE POLICY \"it self\" ON t_before FOR UPDATE USING (id < (SELECT max(t_before.id) FROM"
            + " t_before)) WITH CHECK (\"ot her\" < (SELECT max(d.\"ot her\") FROM deep_b d))",
        "CREATE POLICY down ON \"T t\" USING (EXISTS (SELECT FROM deep_b d WHERE"
            + " d.\"ot her\" = \"T t\".\"ot her\"))",
        "ALTER TABLE deep_b ENABLE ROW LEVEL SECURITY",
        "CREATE POLICY beside ON deep_b USING (\"ot her\" IN (SELECT d.\"ot her\" FROM \"dee p\" d))",
        "CREATE RULE elsewhere AS ON INSERT TO t_rest WHERE new.\"ot her\" = 77 DO INSTEAD INSERT INTO"
            + " \"T t\" (id, created_at, \"ot her\") VALUES (new.id, '2023-01-01', 78)",
        "COMMENT ON RULE elsewhere ON t_rest IS 'mine'",
        "CREATE RULE there AS ON UPDATE TO \"T t\" WHERE new.\"ot her\" = 79 DO ALSO INSERT INTO"
            + " \"dee p\" (id, created_at) SELECT id, created_at FROM t_before WHERE false",
        "COMMENT ON RULE there ON \"T t\" IS 'mine'");
  }

  private static void others(TestDatabase database) throws SQLException {
    database.execute(
        "CREATE TABLE secret (id bigint, at timestamptz)",
        "INSERT INTO secret SELECT id, created_at FROM \"T t\" WHERE id % 10 = 0",
        "ALTER TABLE secret ENABLE ROW LEVEL SECURITY",
        "CREATE POLICY known ON secret USING (id IN (SELECT id FROM \"dee p\" WHERE \"ot her\" > 0))",
        "CREATE RULE gone AS ON DELETE TO secret DO ALSO DELETE FROM t_rest USING \"T t\""
            + " WHERE t_rest.id = old.id AND \"T t\".id = old.id",
        "COMMENT ON RULE gone ON secret IS 'a rule'",
        "CREATE FUNCTION api.most(top bigint DEFAULT 9) RETURNS bigint STABLE BEGIN ATOMIC SELECT"
            + " (SELECT max(id) FROM t_before) + (SELECT max(r.\"ot her\") FROM t_rest r WHERE r.id <"
            + " top) + (SELECT count(*) FROM \"T t\" WHERE note IS NULL); END",
        "COMMENT ON FUNCTION api.most(bigint) IS 'a function'",
        "GRANT EXECUTE ON FUNCTION api.most(bigint) TO mentions_user WITH GRANT OPTION",
        "CREATE FUNCTION api.said(t_before, \"dee p\"[], \"T t\") RETURNS text LANGUAGE sql AS"
            + " 'SELECT $1.note || ''t_before'' || $3.id'",
        "COMMENT ON FUNCTION api.said IS 'it''s'",
        "REVOKE ALL ON FUNCTION api.said FROM PUBLIC",
        "GRANT EXECUTE ON FUNCTION api.said TO mentions_user",
        "CREATE FUNCTION api.few() RETURNS SETOF \"Le\"\"af\" LANGUAGE plpgsql AS"
            + " 'BEGIN RETURN QUERY SELECT * FROM \"Le\"\"af\" ORDER BY id LIMIT 2; END'",
        "COMMENT ON FUNCTION api.few IS 'few'",
        "GRANT USAGE ON SCHEMA api TO mentions_user",
        "GRANT SELECT ON ALL TABLES IN SCHEMA api, public TO mentions_user");
  }

  private static TestDatabase database(int major) throws SQLException {
    SharedServers.of(major)
        .execute(
            "DO $$ BEGIN CREATE ROLE mentions_user; EXCEPTION WHEN duplicate_object THEN NULL;"
                + " END $$");
    TestDatabase database = SharedServers.freshDatabase(major);
    create(database);
    return database;
  }

  @ParameterizedTest(name = "on PostgreSQL {0}")
  @MethodSource("io.zdmosc.harness.migration.PartitionByIT#oldestAndNewest")
  void areAsAfterANativeChange(int major) throws Exception {
    try (TestDatabase migrated = database(major);
        TestDatabase altered = database(major);
        Connection one = migrated.connect();
        Connection other = altered.connect()) {
      for (String action : CHANGE) {
        altered.execute("ALTER TABLE " + TABLE + " " + action);
      }
      Runs.migrate(migrated, TABLE, String.join(", ", CHANGE));
      for (String table : TABLES) {
        assertThat(lines(one, table)).containsExactlyElementsOf(lines(other, table));
      }
      assertThat(ViewDump.of(one).lines()).containsExactlyElementsOf(ViewDump.of(other).lines());
      assertThat(migrated.queryText(PIECES)).isEqualTo(altered.queryText(PIECES));
      assertThat(migrated.queryText(LOST)).isNull();
      for (TestDatabase each : List.of(migrated, altered)) {
        use(each);
      }
      for (String relied : RELIED) {
        assertThat(migrated.queryText(relied)).as(relied).isEqualTo(altered.queryText(relied));
      }
      for (String table : List.of("t_before", "deep_b", TABLE, "secret")) {
        assertThat(countAsUser(one, table)).as(table).isEqualTo(countAsUser(other, table));
      }
      Traces.assertNoneButTheRetiredTable(migrated);
    }
  }

  /** A partition's columns and NOT NULL come to be as the server makes them for its table. */
  private static List<String> lines(Connection connection, String table) throws SQLException {
    return SchemaDump.of(connection, table).lines().stream()
        .filter(line -> !line.matches("constraint .*: type n, .*"))
        .map(line -> line.replaceAll("^column [0-9]+", "column"))
        .sorted()
        .toList();
  }

  /** Statements through all of them. */
  private static void use(TestDatabase database) throws SQLException {
    database.execute(
        "INSERT INTO api.upon (id, \"ot her\") VALUES (9000, 4)",
        "INSERT INTO api.\"Le\"\"af\" (id, created_at, note) VALUES (9001, '2023-08-08', 'x')",
        "INSERT INTO t_rest (id, created_at, another) VALUES (9002, '2031-01-01', 77)",
        "UPDATE \"T t\" SET another = 79 WHERE id = 9001",
        "DELETE FROM secret WHERE id = 2000",
        "DELETE FROM api.\"dee p\" WHERE id = 1000");
  }

  /** As one whom the policies hold for. */
  private static int countAsUser(Connection connection, String table) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET ROLE mentions_user");
      try (PreparedStatement counting =
          connection.prepareStatement("SELECT count(*) FROM " + table)) {
        return count(counting);
      } finally {
        statement.execute("RESET ROLE");
      }
    }
  }

  /** One of the partitions stands in another schema. */
  @Test
  void areMovedBackByARollback() throws Exception {
    try (TestDatabase database = database(SharedServers.newestMajor())) {
      database.execute(
          "CREATE SCHEMA \"o ther\"",
          "ALTER TABLE deep_b SET SCHEMA \"o ther\"",
          "ALTER DATABASE " + database.name() + " SET search_path = public, \"o ther\"");
      moveBack(database);
    }
  }

  private static void moveBack(TestDatabase database) throws Exception {
    try (Connection connection = database.connect()) {
      database.execute(
          "CREATE VIEW api.wide AS SELECT n, \"ot her\" FROM \"Le\"\"af\" UNION SELECT n, 1 FROM t_rest",
          "CREATE VIEW api.wider AS SELECT * FROM api.wide",
          "CREATE RULE put AS ON INSERT TO api.wider DO INSTEAD INSERT INTO \"Le\"\"af\" (id,"
              + " created_at) VALUES (new.n, '2023-07-07')",
          "COMMENT ON RULE put ON api.wider IS 'put'",
          "CREATE MATERIALIZED VIEW api.kept AS SELECT deep_b.id, deep_b.n, w.\"ot her\" FROM deep_b"
              + " LEFT JOIN api.wide w ON w.n = deep_b.id",
          "CREATE UNIQUE INDEX ON api.kept (id)");
      List<String> views = ViewDump.of(connection).lines();
      List<String> tables = new ArrayList<>();
      for (String table : TABLES) {
        tables.addAll(SchemaDump.of(connection, table).lines());
      }
      String pieces = database.queryText(PIECES);
      ChangeRequest request =
          new ChangeRequest(
              TABLE,
              String.join(", ", CHANGE),
              "",
              true,
              Map.of(),
              Dependents.KEPT.rebuildingMaterializedViews());
      try (HeldMigration held = HeldMigration.begin(() -> Runs.open(database), request)) {
        assertThat(database.queryText(LOST)).isNull();
        assertThat(ViewDump.of(connection).lines())
            .anyMatch(line -> line.startsWith("api.wider column 1 n: bigint"))
            .contains("api.kept reads \"o ther\".deep_b", "api.wide reads public.\"Le\"\"af\"");
        assertThat(database.queryText("SELECT count(*) FROM api.kept"))
            .isEqualTo(database.queryText("SELECT count(*) FROM deep_b"));
        database.execute("INSERT INTO api.wider (n) VALUES (9005)");
        use(database);
        held.end(Ending.ROLLBACK_AND_DROP);
      }
      assertThat(ViewDump.of(connection).lines()).containsExactlyElementsOf(views);
      assertThat(database.queryText(PIECES)).isEqualTo(pieces);
      List<String> after = new ArrayList<>();
      for (String table : TABLES) {
        after.addAll(SchemaDump.of(connection, table).lines());
      }
      assertThat(after).containsExactlyElementsOf(tables);
      assertThat(
              database.queryText(
                  "SELECT string_agg(id::text, ',' ORDER BY id) FROM \"T t\" WHERE id >= 9000"))
          .isEqualTo("9000,9001,9002,9005");
      database.execute("REFRESH MATERIALIZED VIEW CONCURRENTLY api.kept");
      Traces.assertNone(database);
    }
  }

  @Test
  void nobodyNoticesWhoUsesThem() throws Exception {
    try (TestDatabase database = database(SharedServers.newestMajor())) {
      AtomicBoolean stop = new AtomicBoolean();
      CompletableFuture<Integer> writer =
          CompletableFuture.supplyAsync(() -> write(database, stop));
      CompletableFuture<Integer> reader = CompletableFuture.supplyAsync(() -> read(database, stop));
      Runs.migrate(
          database, TABLE, String.join(", ", CHANGE), Runs.options().withRetire(Retire.DROP));
      stop.set(true);
      int written = writer.get(30, TimeUnit.SECONDS);
      assertThat(written).isPositive();
      assertThat(reader.get(30, TimeUnit.SECONDS)).isPositive();
      assertThat(database.queryText("SELECT count(*) FROM \"Le\"\"af\" WHERE id > 100000"))
          .isEqualTo(String.valueOf(written));
      Traces.assertNone(database);
    }
  }

  /** What is written through one view is seen through another, and by the function. */
  private static int write(TestDatabase database, AtomicBoolean stop) {
    int written = 0;
    try (Connection connection = database.connect();
        PreparedStatement insert =
            connection.prepareStatement(
                "INSERT INTO api.\"Le\"\"af\" (id, created_at) VALUES (?, '2023-09-09')");
        PreparedStatement read =
            connection.prepareStatement("SELECT id FROM api.upon WHERE id = ?");
        PreparedStatement call = connection.prepareStatement("SELECT api.most(3000)")) {
      while (!stop.get()) {
        insert.setLong(1, 100_001 + written);
        written += insert.executeUpdate();
        read.setLong(1, 100_000 + written);
        try (ResultSet row = read.executeQuery()) {
          assertThat(row.next()).as("what was written is seen").isTrue();
        }
        call.executeQuery().close();
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return written;
  }

  /** As one whom the policies hold for. */
  private static int read(TestDatabase database, AtomicBoolean stop) {
    int read = 0;
    try (Connection connection = database.connect();
        Statement role = connection.createStatement()) {
      role.execute("SET ROLE mentions_user");
      try (PreparedStatement secret = connection.prepareStatement("SELECT count(*) FROM secret");
          PreparedStatement before = connection.prepareStatement("SELECT count(*) FROM t_before")) {
        int known = count(secret);
        int seen = count(before);
        while (!stop.get()) {
          assertThat(count(secret)).isEqualTo(known);
          assertThat(count(before)).isEqualTo(seen);
          read++;
        }
        assertThat(known).isPositive();
        assertThat(seen).isPositive();
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return read;
  }

  private static int count(PreparedStatement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery()) {
      row.next();
      return row.getInt(1);
    }
  }

  @Test
  void whatCannotGoOnIsRefusedByName() throws Exception {
    try (TestDatabase database = database(SharedServers.newestMajor())) {
      database.execute(
          "CREATE MATERIALIZED VIEW api.kept AS SELECT note FROM deep_b",
          "CREATE VIEW api.placed AS SELECT p.i FROM t_before AS p(n, o, s, c, i)",
          "CREATE POLICY placed ON \"dee p\" USING (id < (ROW(1, 2, 'n', now(), 3)::t_before).id)");
      refused(database, "DROP COLUMN \"ot her\" CASCADE")
          .hasMessageContaining(
              "view \"api\".\"Le\"\"af\": reads column \"ot her\" of \"public\".\"Le\"\"af\", which the"
                  + " change drops")
          .hasMessageContaining("view \"api\".\"both\": reads column \"ot her\"")
          .hasMessageContaining("materialized view \"api\".\"kept\": keeps rows")
          .hasMessageContaining(
              "view \"api\".\"placed\": tells columns of \"public\".\"t_before\" by")
          .hasMessageContaining("policy placed of \"public\".\"dee p\": tells columns")
          .hasMessageContaining("policy known on table public.secret: uses column \"ot her\"")
          .hasMessageContaining("function api.most(bigint): uses column \"ot her\"")
          .hasMessageContaining("policy up of \"public\".\"t_before\": uses column ot her")
          .hasMessageContaining("policy beside of \"public\".\"deep_b\": uses column ot her")
          .hasMessageContaining("policy down of \"public\".\"T t\": uses column ot her");
      database.execute(
          "DROP VIEW api.placed",
          "DROP POLICY placed ON \"dee p\"",
          "CREATE TABLE kept (o deep_b)",
          "CREATE TABLE said (n bigint DEFAULT 't_rest'::regclass::oid)",
          "CREATE PROCEDURE api.put() BEGIN ATOMIC DELETE FROM t_rest; END");
      refused(database, "").hasMessageContaining("column o of table public.kept");
      database.execute("DROP TABLE kept");
      refused(database, "")
          .hasMessageContaining("default value for column n of table public.said")
          .hasMessageContaining("function api.put(): writes");
      database.execute("DROP TABLE said", "DROP PROCEDURE api.put()");
      migrateWithout(database, "api.kept", "api.\"dee p\"");
      assertThat(database.queryText("SELECT to_regclass('api.kept')")).isNull();
      assertThat(database.queryText("SELECT to_regclass('api.\"dee p\"')")).isNull();
      Traces.assertNone(database);
    }
  }

  private static void migrateWithout(TestDatabase database, String... views) throws SQLException {
    database.execute("DROP RULE also ON api.\"dee p\"");
    try (Database opened = Runs.open(database)) {
      ChangeRequest request =
          new ChangeRequest(TABLE, "", "", false, Map.of(), new Dependents(List.of(views)));
      new Migration(
              opened, request, Runs.options().withRetire(Retire.DROP), MigrationListener.none())
          .run();
    }
  }

  private static org.assertj.core.api.AbstractThrowableAssert<?, ?> refused(
      TestDatabase database, String alter) {
    try (Database opened = Runs.open(database)) {
      return assertThatThrownBy(() -> opened.plan(new ChangeRequest(TABLE, alter)))
          .isInstanceOf(RefusedException.class);
    }
  }

  /** What the plan has worked out must still hold. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE VIEW more AS SELECT id FROM deep_b",
        "CREATE TABLE more (o \"dee p\")",
        "CREATE TABLE more (o oid DEFAULT 't_rest'::regclass)",
        "ALTER TABLE asked RENAME TO more",
      })
  void aChangeMeanwhileEndsIt(String change) throws Exception {
    try (TestDatabase database = database(SharedServers.newestMajor())) {
      database.execute(
          "CREATE TABLE asked (id int)",
          "CREATE POLICY asking ON deep_b USING (id IN (SELECT id FROM asked))");
      Runs.assertStopped(database, change, TABLE, "").hasMessageContaining("were changed");
      Traces.assertNone(database);
    }
  }
}
