package io.zdmosc.harness.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zdmosc.engine.ChangeRequest;
import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.engine.plan.Plan;
import io.zdmosc.engine.spi.Database;
import io.zdmosc.harness.server.SharedServers;
import io.zdmosc.harness.server.TestDatabase;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Event triggers that fire on the migration's own statements; indexes that go with extensions. */
class EventTriggersIT {

  @Test
  void thoseThatFireAreNamedAndDoNotHinderTheRun() throws Exception {
    try (TestDatabase database = table()) {
      database.execute(
          "CREATE TABLE audit (what text)",
          "CREATE FUNCTION note() RETURNS event_trigger LANGUAGE plpgsql AS"
              + " $$ BEGIN INSERT INTO public.audit VALUES (tg_event || ' ' || tg_tag); END $$",
          "CREATE EVENT TRIGGER \"at start\" ON ddl_command_start EXECUTE FUNCTION note()",
          "CREATE EVENT TRIGGER at_end ON ddl_command_end EXECUTE FUNCTION note()",
          "CREATE EVENT TRIGGER at_drop ON sql_drop EXECUTE FUNCTION note()",
          "CREATE EVENT TRIGGER at_rewrite ON table_rewrite EXECUTE FUNCTION note()",
          "CREATE EVENT TRIGGER elsewhere ON ddl_command_end WHEN TAG IN ('CREATE FUNCTION')"
              + " EXECUTE FUNCTION note()",
          "CREATE EVENT TRIGGER disabled ON ddl_command_end EXECUTE FUNCTION note()",
          "ALTER EVENT TRIGGER disabled DISABLE");
      assertThat(plan(database).warnings())
          .filteredOn(warning -> warning.startsWith("event trigger"))
          .extracting(warning -> warning.substring(14, warning.indexOf(')') + 1))
          .containsExactly(
              "at start (ddl_command_start)",
              "at_drop (sql_drop)",
              "at_end (ddl_command_end)",
              "at_rewrite (table_rewrite)");
      assertThat(database.queryText("SELECT count(*) FROM audit WHERE what LIKE '%PUBLICATION'"))
          .as("what the plan tries is undone")
          .isEqualTo("0");
      Runs.migrate(database, "t", "ALTER COLUMN n TYPE bigint");
      assertThat(database.queryText("SELECT count(*) > 0 FROM audit WHERE what LIKE '%TABLE'"))
          .isEqualTo("t");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "ddl_command_start, CREATE TABLE",
    "ddl_command_end, ALTER TABLE",
    "ddl_command_start, CREATE PUBLICATION",
    "sql_drop, DROP TABLE"
  })
  void oneThatForbidsItIsBlamed(String event, String tag) throws Exception {
    try (TestDatabase database = table()) {
      isBlamed(database, event, tag);
    }
  }

  private static void isBlamed(TestDatabase database, String event, String tag)
      throws SQLException {
    database.execute(
        "CREATE FUNCTION forbid() RETURNS event_trigger LANGUAGE plpgsql AS"
            + " $$ BEGIN RAISE EXCEPTION 'ask the dba'; END $$",
        "CREATE EVENT TRIGGER guard ON "
            + event
            + " WHEN TAG IN ('"
            + tag
            + "') EXECUTE FUNCTION forbid()");
    assertThatThrownBy(() -> plan(database))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("event trigger guard: does not let the migration's statements pass")
        .hasMessageContaining("ask the dba");
  }

  /** What only the swap does is tried with something of no use. */
  @ParameterizedTest
  @CsvSource({
    "ddl_command_start, CREATE TRIGGER",
    "ddl_command_end, CREATE POLICY",
    "ddl_command_start, ALTER PUBLICATION",
    "ddl_command_start, DROP RULE",
    "ddl_command_start, ALTER STATISTICS",
    "ddl_command_start, ALTER VIEW",
    "ddl_command_end, CREATE MATERIALIZED VIEW",
    "ddl_command_start, REFRESH MATERIALIZED VIEW"
  })
  void oneThatForbidsWhatTheSwapDoesIsBlamed(String event, String tag) throws Exception {
    try (TestDatabase database = table()) {
      database.execute(
          "CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION"
              + " suppress_redundant_updates_trigger()",
          "CREATE POLICY p ON t",
          "CREATE PUBLICATION p FOR TABLE t",
          "CREATE RULE r AS ON DELETE TO t WHERE false DO INSTEAD NOTHING",
          "CREATE STATISTICS s ON id, n FROM t",
          "CREATE VIEW v AS SELECT id FROM t",
          "CREATE MATERIALIZED VIEW m AS SELECT id FROM t WITH NO DATA");
      isBlamed(database, event, tag);
    }
  }

  /** A partition's part of an index that must be filled otherwise is built anew. */
  @Test
  void oneThatForbidsToBuildAPartitionsIndexAnewIsBlamed() throws Exception {
    try (TestDatabase database = SharedServers.freshDatabase(SharedServers.newestMajor())) {
      database.execute(
          "CREATE TABLE t (id int PRIMARY KEY, n int, m int) PARTITION BY RANGE (id)",
          "CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (0) TO (1000)",
          "CREATE INDEX i ON t (m)");
      database.execute(
          "CREATE FUNCTION forbid() RETURNS event_trigger LANGUAGE plpgsql AS"
              + " $$ BEGIN RAISE EXCEPTION 'ask the dba'; END $$",
          "CREATE EVENT TRIGGER guard ON ddl_command_start WHEN TAG IN ('REINDEX')"
              + " EXECUTE FUNCTION forbid()");
      assertThat(plan(database).warnings()).noneMatch(note -> note.contains("guard"));

      database.execute("ALTER INDEX t_1_m_idx SET (fillfactor = 55)");
      assertThatThrownBy(() -> plan(database))
          .isInstanceOf(RefusedException.class)
          .hasMessageContaining("event trigger guard: does not let the migration's statements pass")
          .hasMessageContaining("ask the dba");
    }
  }

  @Test
  void indexThatDependsOnAnExtensionGoesOnDependingOnIt() throws Exception {
    try (TestDatabase database = table()) {
      database.execute(
          "CREATE INDEX i ON t (n)",
          "ALTER INDEX i DEPENDS ON EXTENSION plpgsql",
          "ALTER INDEX t_pkey DEPENDS ON EXTENSION plpgsql");
      Runs.migrate(database, "t", "ADD COLUMN extra int");
      assertThat(
              database.queryText(
                  """
                  SELECT string_agg(d.objid::regclass::text, ' '
                           ORDER BY d.objid::regclass::text)
                    FROM pg_depend d
                    JOIN pg_extension e ON e.oid = d.refobjid AND e.extname = 'plpgsql'
                    JOIN pg_index i ON i.indexrelid = d.objid AND i.indrelid = 't'::regclass
                   WHERE d.deptype = 'x'\
                  """))
          .isEqualTo("i t_pkey");
    }
  }

  private static Plan plan(TestDatabase database) {
    try (Database opened = Runs.open(database)) {
      return opened.plan(new ChangeRequest("t", "ALTER COLUMN n TYPE bigint")).plan();
    }
  }

  private static TestDatabase table() throws SQLException {
    TestDatabase database = SharedServers.freshDatabase(SharedServers.newestMajor());
    database.execute(
        "CREATE TABLE t (id int PRIMARY KEY, n int)",
        "INSERT INTO t SELECT i, i FROM generate_series(1, 100) i");
    return database;
  }
}
