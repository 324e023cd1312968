package io.zdmosc.harness.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zdmosc.engine.ChangeRequest;
import io.zdmosc.engine.Dependents;
import io.zdmosc.engine.Migration;
import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.Partitioning;
import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.engine.spi.Database;
import io.zdmosc.harness.schema.SchemaDump;
import io.zdmosc.harness.server.SharedServers;
import io.zdmosc.harness.server.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Triggers, rules, policies, publications and statistics of a partitioned table and of its
 * partitions, and what others have that mentions it.
 */
class PartitionsAndTheRestIT {
  private static final List<String> TABLES =
      List.of("\"T t\"", "t_before", "\"Le\"\"af\"", "deep_a", "elsewhere.deep_b", "t_rest");

  private static void create(TestDatabase database) throws SQLException {
    database.execute(
        "CREATE TABLE \"T t\" (id bigint NOT NULL, created_at timestamptz NOT NULL, note text,"
            + " \"ot her\" int DEFAULT 3, n int DEFAULT 0, PRIMARY KEY (id, created_at))"
            + " PARTITION BY RANGE (created_at)",
        "CREATE TABLE t_before PARTITION OF \"T t\" FOR VALUES FROM (MINVALUE) TO ('2023-06-01')",
        "CREATE TABLE \"Le\"\"af\" PARTITION OF \"T t\" FOR VALUES FROM ('2023-06-01') TO"
            + " ('2024-03-01') PARTITION BY HASH (id)",
        "CREATE TABLE deep_a PARTITION OF \"Le\"\"af\" FOR VALUES WITH (MODULUS 2, REMAINDER 0)",
        "CREATE TABLE deep_b PARTITION OF \"Le\"\"af\" FOR VALUES WITH (MODULUS 2, REMAINDER 1)",
        "CREATE TABLE t_rest PARTITION OF \"T t\" DEFAULT",
        "INSERT INTO \"T t\" SELECT i, timestamptz '2023-01-01 00:00+00' + i * interval '5 hours', i"
            + " FROM generate_series(1, 2000) i");
    triggers(database);
    database.execute(
        "CREATE RULE keep AS ON DELETE TO \"T t\" WHERE old.\"ot her\" = 999 DO INSTEAD NOTHING",
        "CREATE RULE own AS ON INSERT TO t_rest WHERE new.\"ot her\" = -1 DO INSTEAD NOTHING",
        "COMMENT ON RULE own ON t_rest IS 'mine'",
        "ALTER TABLE \"T t\" ENABLE ROW LEVEL SECURITY",
        "CREATE POLICY \"a ll\" ON \"T t\" USING (\"ot her\" < 100)",
        "ALTER TABLE deep_a ENABLE ROW LEVEL SECURITY",
        "ALTER TABLE deep_a FORCE ROW LEVEL SECURITY",
        "CREATE POLICY own ON deep_a FOR SELECT USING (\"ot her\" < 7)",
        "CREATE STATISTICS whole ON id, \"ot her\" FROM \"T t\"",
        "CREATE STATISTICS \"s t\" (ndistinct) ON note, \"ot her\" FROM t_rest",
        "ALTER STATISTICS \"s t\" SET STATISTICS 50",
        "COMMENT ON STATISTICS \"s t\" IS 'mine'",
        "CREATE PUBLICATION via FOR TABLE \"T t\" WITH (publish_via_partition_root = true)",
        "CREATE PUBLICATION direct FOR TABLE t_before, deep_b");
    others(database);
    database.execute("CREATE SCHEMA elsewhere", "ALTER TABLE deep_b SET SCHEMA elsewhere");
  }

  private static void triggers(TestDatabase database) throws SQLException {
    database.execute(
        "CREATE TABLE audit (what text, at text, level text)",
        "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN"
            + " INSERT INTO audit VALUES (TG_NAME, TG_TABLE_NAME, TG_LEVEL); RETURN NEW; END $$",
        "CREATE TRIGGER each BEFORE INSERT ON \"T t\" FOR EACH ROW WHEN (new.\"ot her\" > 0) EXECUTE"
            + " FUNCTION note()",
        "CREATE TRIGGER \"of it\" AFTER UPDATE ON \"T t\" REFERENCING NEW TABLE AS"
            + " fresh FOR EACH STATEMENT EXECUTE FUNCTION note()",
        "CREATE CONSTRAINT TRIGGER late AFTER INSERT ON \"T t\" DEFERRABLE INITIALLY DEFERRED FOR"
            + " EACH ROW EXECUTE FUNCTION note()",
        "CREATE TRIGGER off AFTER INSERT ON \"T t\" FOR EACH ROW EXECUTE FUNCTION note()",
        "CREATE TRIGGER own AFTER INSERT ON \"Le\"\"af\" FOR EACH ROW EXECUTE FUNCTION note()",
        "CREATE TRIGGER \"my own\" AFTER INSERT ON t_rest FOR EACH ROW EXECUTE FUNCTION note()",
        "COMMENT ON TRIGGER \"my own\" ON t_rest IS 'mine'",
        "ALTER TABLE \"T t\" DISABLE TRIGGER off",
        "ALTER TABLE t_rest ENABLE ALWAYS TRIGGER off",
        "ALTER TABLE \"Le\"\"af\" ENABLE TRIGGER off",
        "ALTER TABLE deep_b DISABLE TRIGGER off",
        "ALTER TABLE deep_a DISABLE TRIGGER own",
        "COMMENT ON TRIGGER off ON deep_b IS 'off here'");
  }

  private static void others(TestDatabase database) throws SQLException {
    database.execute(
        "CREATE VIEW seen AS SELECT id, \"ot her\" FROM \"T t\"",
        "CREATE TABLE child (id bigint, at timestamptz, FOREIGN KEY (id, at) REFERENCES \"T t\")",
        "CREATE TABLE secret (id bigint)",
        "ALTER TABLE secret ENABLE ROW LEVEL SECURITY",
        "CREATE POLICY known ON secret USING (id IN (SELECT id FROM \"T t\" WHERE \"ot her\" > 0))",
        "CREATE RULE also AS ON DELETE TO secret DO ALSO DELETE FROM \"T t\" WHERE id = old.id",
        "CREATE FUNCTION most() RETURNS bigint BEGIN ATOMIC SELECT max(id) FROM \"T t\"; END");
  }

  @ParameterizedTest(name = "on PostgreSQL {0}")
  @MethodSource("io.zdmosc.harness.migration.PartitionByIT#oldestAndNewest")
  void sameAsAfterANativeChange(int major) throws Exception {
    try (TestDatabase migrated = SharedServers.freshDatabase(major);
        TestDatabase altered = SharedServers.freshDatabase(major);
        Connection one = migrated.connect();
        Connection other = altered.connect()) {
      create(migrated);
      create(altered);
      altered.execute(
          "ALTER TABLE \"T t\" ALTER n TYPE bigint, ADD COLUMN extra int DEFAULT 5",
          "ALTER TABLE \"T t\" RENAME COLUMN \"ot her\" TO another");
      Runs.migrate(
          migrated,
          "\"T t\"",
          "ALTER n TYPE bigint, ADD COLUMN extra int DEFAULT 5, RENAME COLUMN \"ot her\" TO another");
      for (String table : TABLES) {
        assertThat(lines(one, table, major)).containsExactlyElementsOf(lines(other, table, major));
      }
      for (TestDatabase each : List.of(migrated, altered)) {
        each.execute(
            "INSERT INTO \"T t\" SELECT 5000 + i, timestamptz '2023-01-01' + i * interval '50 days'"
                + " FROM generate_series(1, 20) i",
            "UPDATE \"T t\" SET another = 8 WHERE id > 5003",
            "DELETE FROM secret");
      }
      String fired =
          "SELECT string_agg(a, ', ' ORDER BY a) FROM (SELECT what || ' ' || at || ' ' || level || ' '"
              + " || count(*) AS a FROM audit GROUP BY what, at, level) AS a";
      assertThat(migrated.queryText(fired))
          .isEqualTo(altered.queryText(fired))
          .contains("my own t_rest")
          .contains("of it T t STATEMENT 1");
      for (String relied :
          List.of(
              "SELECT pg_get_viewdef('seen')",
              "SELECT most()",
              "SELECT string_agg(pg_get_constraintdef(oid) || convalidated, ',') FROM pg_constraint"
                  + " WHERE conrelid = 'child'::regclass AND conparentid = 0",
              "SELECT pg_get_expr(polqual, polrelid) FROM pg_policy WHERE polname = 'known'",
              "SELECT count(*) FROM pg_statistic_ext_data d JOIN pg_statistic_ext s ON s.oid ="
                  + " d.stxoid WHERE s.stxname = 's t'")) {
        assertThat(migrated.queryText(relied)).isEqualTo(altered.queryText(relied));
      }
      assertThatThrownBy(() -> migrated.execute("INSERT INTO child VALUES (777777, now())"))
          .hasMessageContaining("foreign key");
      migrated.execute("INSERT INTO child SELECT id, created_at FROM \"T t\" WHERE id = 5");
      assertThatThrownBy(() -> migrated.execute("DELETE FROM \"T t\" WHERE id = 5"))
          .hasMessageContaining("foreign key");
      Traces.assertNoneButTheRetiredTable(migrated);
    }
  }

  /** Before version 18 the server leaves parts of a validated key marked as not valid. */
  private static List<String> lines(Connection connection, String table, int major)
      throws SQLException {
    return SchemaDump.of(connection, table).lines().stream()
        .map(
            line ->
                major < 18 && line.startsWith("incoming ") ? line.replace(" NOT VALID", "") : line)
        .toList();
  }

  /** What the plan has worked out must still hold. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "ALTER TABLE elsewhere.deep_b ENABLE TRIGGER off",
        "COMMENT ON TRIGGER \"my own\" ON t_rest IS 'other'",
        "DROP RULE own ON t_rest",
        "ALTER POLICY own ON deep_a USING (false)",
        "ALTER STATISTICS \"s t\" SET STATISTICS 51",
        "ALTER PUBLICATION direct DROP TABLE elsewhere.deep_b",
        "ALTER TABLE t_rest ALTER n SET DEFAULT 1",
      })
  void aChangeMeanwhileEndsIt(String change) throws Exception {
    try (TestDatabase database = SharedServers.freshDatabase(SharedServers.newestMajor())) {
      create(database);
      Runs.assertStopped(database, change, "\"T t\"", "")
          .hasMessageContaining("its partitions were changed");
      Traces.assertNone(database);
    }
  }

  @Test
  void whatCannotBeIsRefusedByName() throws Exception {
    try (TestDatabase database = SharedServers.freshDatabase(SharedServers.newestMajor());
        Database opened = Runs.open(database)) {
      create(database);
      assertThatThrownBy(
              () -> opened.plan(new ChangeRequest("\"T t\"", "DROP COLUMN \"ot her\" CASCADE")))
          .hasMessageContaining("rule own of \"public\".\"t_rest\"")
          .hasMessageContaining("policy own of \"public\".\"deep_a\"")
          .hasMessageContaining("trigger each of \"public\".\"T t\"");
    }
  }

  /** Subscribers do not know the partitions. */
  @Test
  void aPublicationMustSpeakOfTheTableThatIsCut() throws Exception {
    try (TestDatabase database = SharedServers.freshDatabase(SharedServers.newestMajor());
        Database opened = Runs.open(database)) {
      database.execute(
          "CREATE TABLE t (id bigint PRIMARY KEY)",
          "CREATE PUBLICATION listed FOR TABLE t",
          "CREATE PUBLICATION whole FOR TABLES IN SCHEMA public",
          "CREATE PUBLICATION every FOR ALL TABLES");
      ChangeRequest request =
          new ChangeRequest(
              "t",
              "",
              "",
              false,
              Map.of(),
              new Dependents(List.of(), false, List.of("every")),
              Optional.of(new Partitioning("HASH (id)", List.of("hash:2"))));
      assertThatThrownBy(() -> opened.plan(request))
          .isInstanceOf(RefusedException.class)
          .hasMessageContaining("ALTER PUBLICATION \"every\" SET (publish_via_partition_root")
          .hasMessageContaining("ALTER PUBLICATION \"listed\" SET (publish_via_partition_root")
          .hasMessageContaining("ALTER PUBLICATION \"whole\" SET (publish_via_partition_root");
    }
  }

  /** Where the whole schema is published, nobody hears of the shadow or of its partitions. */
  @ParameterizedTest
  @ValueSource(strings = {"T t", "t_rest", "plain"})
  void aPublishedSchemaShowsNothingElse(String table) throws Exception {
    String published =
        "SELECT string_agg(tablename, ',' ORDER BY tablename) FROM pg_publication_tables";
    try (TestDatabase database = SharedServers.freshDatabase(SharedServers.newestMajor());
        Database opened = Runs.open(database)) {
      create(database);
      database.execute(
          "CREATE TABLE plain (id bigint PRIMARY KEY)",
          "DROP PUBLICATION via, direct",
          "CREATE PUBLICATION whole FOR TABLES IN SCHEMA public WITH (publish_via_partition_root ="
              + " true)");
      String before = database.queryText(published);
      boolean cut = table.equals("plain");
      ChangeRequest request =
          new ChangeRequest(
              Runs.quoted(table),
              "",
              "",
              false,
              Map.of(),
              Dependents.KEPT,
              cut
                  ? Optional.of(new Partitioning("HASH (id)", List.of("hash:2")))
                  : Optional.empty());
      Trail trail =
          new Trail()
              .on(
                  MigrationState.READY,
                  () ->
                      assertThat(database.queryText(published + " WHERE pubname = 'whole'"))
                          .isEqualTo(before));
      new Migration(opened, request, Runs.options(), trail).run();
      assertThat(database.queryText(published)).isEqualTo(before);
      Traces.assertNoneButTheRetiredTable(database);
    }
  }
}
