package io.zdmosc.harness.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zdmosc.engine.Retire;
import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.engine.spi.Orders.Ending;
import io.zdmosc.harness.server.SharedServers;
import io.zdmosc.harness.server.TestDatabase;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Rules, policies and functions that mention the table go on with the new one. */
class DependentPiecesIT {
  private static final String TABLE = "\"s p\".\"Or\"\"der\"";

  private static final List<String> SETUP =
      List.of(
          "CREATE SCHEMA \"s p\"",
          "CREATE SCHEMA api",
          "CREATE TABLE \"s p\".\"Or\"\"der\" (id int PRIMARY KEY, n int, note text)",
          "INSERT INTO \"s p\".\"Or\"\"der\" SELECT i, i % 7 FROM generate_series(1, 1000) i",
          "CREATE TABLE api.\"Or\"\"der\" (id int, owner int)",
          "INSERT INTO api.\"Or\"\"der\" SELECT i, i FROM generate_series(1, 10) i",
          // a rule of another table, one of a view that is made anew
          "CREATE RULE \"al so\" AS ON INSERT TO api.\"Or\"\"der\" DO ALSO"
              + " INSERT INTO \"s p\".\"Or\"\"der\" (id, n) VALUES (new.id, new.owner)",
          "COMMENT ON RULE \"al so\" ON api.\"Or\"\"der\" IS 'a rule'",
          "CREATE VIEW api.v AS SELECT id, n, upper(note) AS note FROM \"s p\".\"Or\"\"der\"",
          "CREATE RULE write AS ON INSERT TO api.v DO INSTEAD"
              + " INSERT INTO \"s p\".\"Or\"\"der\" (id, n) VALUES (new.id, new.n) RETURNING id, n, upper(note)",
          "COMMENT ON RULE write ON api.v IS 'written'",
          // a policy of another table
          "ALTER TABLE api.\"Or\"\"der\" ENABLE ROW LEVEL SECURITY",
          "CREATE POLICY \"p o\" ON api.\"Or\"\"der\" FOR UPDATE USING (EXISTS (SELECT FROM"
              + " \"s p\".\"Or\"\"der\" o WHERE o.id = \"Or\"\"der\".id AND o.n > 0))"
              + " WITH CHECK (owner IN (SELECT n FROM \"s p\".\"Or\"\"der\"))",
          // functions: an SQL body, the row type as argument and as result
          "CREATE FUNCTION api.counted(bottom int DEFAULT 0) RETURNS bigint LANGUAGE sql STABLE"
              + " BEGIN ATOMIC SELECT count(*) FROM \"s p\".\"Or\"\"der\" WHERE n >= bottom; END",
          "COMMENT ON FUNCTION api.counted(int) IS 'a function'",
          "REVOKE ALL ON FUNCTION api.counted(int) FROM PUBLIC",
          "GRANT EXECUTE ON FUNCTION api.counted(int) TO pieces_user",
          "CREATE FUNCTION \"s p\".\"Or\"\"der\"(\"s p\".\"Or\"\"der\") RETURNS text LANGUAGE sql IMMUTABLE"
              + " AS $$ SELECT $1.id || ' ; it''s \"s p\".\"Or\"\"der\"' $$",
          "COMMENT ON FUNCTION \"s p\".\"Or\"\"der\"(\"s p\".\"Or\"\"der\") IS 'it''s'",
          "GRANT EXECUTE ON FUNCTION \"s p\".\"Or\"\"der\"(\"s p\".\"Or\"\"der\") TO pieces_user"
              + " WITH GRANT OPTION",
          "CREATE FUNCTION api.few() RETURNS SETOF \"s p\".\"Or\"\"der\" LANGUAGE plpgsql AS"
              + " 'BEGIN RETURN QUERY SELECT * FROM \"s p\".\"Or\"\"der\" WHERE id < 3; END'",
          "ALTER FUNCTION api.few() OWNER TO pieces_user");

  private static final String DUMP =
      """
      SELECT string_agg(line, E'\\n' ORDER BY line) FROM (
        SELECT pg_get_ruledef(r.oid) || ev_enabled::text || obj_description(r.oid, 'pg_rewrite') AS line
          FROM pg_rewrite r WHERE r.oid >= 16384
        UNION ALL SELECT format('%s %s %s %s %s', polname, polrelid::regclass, polcmd,
                         pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid))
          FROM pg_policy
        UNION ALL SELECT format('%s %s %s %s', pg_get_functiondef(oid), proowner::regrole,
                         (SELECT string_agg(a::text, ',' ORDER BY a::text)
                            FROM unnest(coalesce(proacl, acldefault('f', proowner))) a),
                         obj_description(oid, 'pg_proc'))
          FROM pg_proc WHERE oid >= 16384) AS l\
      """;

  /** What is bound to a table that does not serve. */
  private static final String LOST =
      """
      SELECT count(*) FROM pg_depend d JOIN pg_class c ON c.relname ~ '^zdm_.*_old$'
       WHERE (d.refclassid = 'pg_class'::regclass AND d.refobjid = c.oid
              OR d.refclassid = 'pg_type'::regclass AND d.refobjid = c.reltype)
         AND d.deptype = 'n'
         AND d.classid IN ('pg_rewrite'::regclass, 'pg_policy'::regclass, 'pg_proc'::regclass)\
      """;

  @Test
  void areRestated() throws Exception {
    for (int major : List.of(SharedServers.majors().get(0), SharedServers.newestMajor())) {
      try (TestDatabase database = database(major)) {
        String before = database.queryText(DUMP);
        Runs.migrate(database, TABLE, "ADD COLUMN extra int, ALTER COLUMN n TYPE bigint");
        assertThat(database.queryText(DUMP)).isEqualTo(before);
        assertThat(database.queryText(LOST)).isEqualTo("0");
        database.execute("INSERT INTO api.\"Or\"\"der\" VALUES (5000, 3)");
        database.execute("INSERT INTO api.v VALUES (5001, 4)");
        assertThat(database.queryText("SELECT api.counted(3)"))
            .isEqualTo(database.queryText("SELECT count(*) FROM " + TABLE + " WHERE n >= 3"));
        assertThat(database.queryText("SELECT count(*) FROM " + TABLE + " WHERE id >= 5000"))
            .isEqualTo("2");
        assertThat(
                database.queryText(
                    "SELECT \"s p\".\"Or\"\"der\"(o) FROM " + TABLE + " o WHERE id = 1"))
            .isEqualTo("1 ; it's \"s p\".\"Or\"\"der\"");
        assertThat(database.queryText("SELECT count(extra IS NULL) FROM api.few()")).isEqualTo("2");
      }
    }
  }

  @Test
  void goByNewNamesAndBack() throws Exception {
    try (TestDatabase database = database(SharedServers.newestMajor())) {
      String before = database.queryText(DUMP);
      try (HeldMigration held =
          HeldMigration.begin(
              () -> Runs.open(database),
              TABLE,
              "RENAME COLUMN n TO m, ALTER COLUMN id TYPE bigint, ADD COLUMN n int",
              Map.of())) {
        assertThat(database.queryText(DUMP))
            .contains("o.m > 0", "(id, m)", "WHERE (\"Or\"\"der\".m >= counted.bottom)");
        assertThat(database.queryText(LOST)).isEqualTo("0");
        database.execute("INSERT INTO api.v VALUES (5001, 4)");
        held.end(Ending.ROLLBACK);
      }
      assertThat(database.queryText(DUMP)).isEqualTo(before);
      assertThat(database.queryText("SELECT n FROM " + TABLE + " WHERE id = 5001")).isEqualTo("4");
    }
  }

  @Test
  void areRefusedWhereTheyCannotGoOn() throws Exception {
    try (TestDatabase database = database(SharedServers.newestMajor())) {
      database.execute("CREATE VIEW api.upon AS SELECT id FROM api.few()");
      refused(database, "function api.few()", "view api.upon depends on it");
      database.execute(
          "DROP VIEW api.upon",
          "CREATE PROCEDURE api.put() BEGIN ATOMIC DELETE FROM \"s p\".\"Or\"\"der\"; END");
      refused(database, "function api.put()", "body in quotes");
      database.execute("DROP PROCEDURE api.put", "CREATE TABLE api.kept (o \"s p\".\"Or\"\"der\")");
      refused(database, "column o of table api.kept", "");
      database.execute(
          "DROP TABLE api.kept", "CREATE DOMAIN api.d AS \"s p\".\"Or\"\"der\" CHECK (true)");
      refused(database, "type api.d", "");
    }
  }

  private static void refused(TestDatabase database, String object, String reason) {
    assertThatThrownBy(() -> Runs.migrate(database, TABLE, "ADD COLUMN extra int"))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining(object)
        .hasMessageContaining(reason);
  }

  @Test
  void retiredTableCanBeDropped() throws Exception {
    try (TestDatabase database = database(SharedServers.newestMajor())) {
      Runs.migrate(
          database, TABLE, "ALTER COLUMN id TYPE bigint", Runs.options().withRetire(Retire.DROP));
      Traces.assertNone(database);
    }
  }

  private static TestDatabase database(int major) throws SQLException {
    SharedServers.of(major)
        .execute(
            "DO $$ BEGIN CREATE ROLE pieces_user; EXCEPTION WHEN duplicate_object THEN NULL;"
                + " END $$");
    TestDatabase database = SharedServers.freshDatabase(major);
    database.execute("GRANT CREATE ON DATABASE " + database.name() + " TO pieces_user");
    database.execute(SETUP.toArray(String[]::new));
    return database;
  }
}
