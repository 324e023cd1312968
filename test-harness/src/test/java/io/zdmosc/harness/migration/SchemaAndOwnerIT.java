package io.zdmosc.harness.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zdmosc.engine.ChangeRequest;
import io.zdmosc.engine.Migration;
import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.engine.progress.MigrationListener;
import io.zdmosc.engine.progress.Summary;
import io.zdmosc.engine.spi.Database;
import io.zdmosc.harness.schema.SchemaDump;
import io.zdmosc.harness.server.SharedServers;
import io.zdmosc.harness.server.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** SET SCHEMA and OWNER TO take effect in the swap, as after the server's own ALTER TABLE. */
class SchemaAndOwnerIT {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SET SCHEMA \"new one\"                                       | \"new one\".t",
        "OWNER TO %1$s                                                | public.t",
        "ALTER COLUMN n TYPE bigint, SET SCHEMA \"new one\","
            + " RENAME COLUMN n TO m, RENAME TO moved, OWNER TO %1$s  | \"new one\".moved",
        "ADD CONSTRAINT self FOREIGN KEY (n) REFERENCES t,"
            + " SET SCHEMA \"new one\"                                | \"new one\".t"
      })
  void theyComeOutAsInAPlainAlterTable(String clause, String served) throws Exception {
    try (TestDatabase database = table();
        TestDatabase other = table();
        Connection migrated = database.connect();
        Connection altered = other.connect()) {
      String role = "new_" + database.name();
      try {
        database.execute("CREATE ROLE " + role);
        Summary summary = Runs.migrate(database, "t", clause.formatted(role));
        assertThat(summary.notes()).isEmpty();
        String table = "t";
        for (String action : clause.formatted(role).split(", (?=[A-Z])")) {
          other.execute("ALTER TABLE " + table + " " + action);
          table = action.startsWith("SET SCHEMA") ? "\"new one\".t" : table;
          table = action.startsWith("RENAME TO") ? "\"new one\".moved" : table;
        }
        assertThat(SchemaDump.of(migrated, served).withoutSequenceStates().lines())
            .containsExactlyElementsOf(
                SchemaDump.of(altered, served).withoutSequenceStates().lines());
        assertThat(database.queryText("SELECT count(*) FROM " + served)).isEqualTo("500");
        database.execute("INSERT INTO " + served + " (s) VALUES ('next')");
        assertThat(database.queryText("SELECT id || ' ' || k FROM " + served + " WHERE s = 'next'"))
            .isEqualTo("501 501");
        Traces.assertNoneButTheRetiredTable(database);
        assertThat(summary.retiredTable()).startsWith("\"public\".");
        database.execute("DROP TABLE " + summary.retiredTable());
      } finally {
        other.execute("DROP OWNED BY " + role + " CASCADE");
        database.execute("DROP OWNED BY " + role + " CASCADE", "DROP ROLE " + role);
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SET SCHEMA nowhere          | \"nowhere\" does not exist",
        "SET SCHEMA closed           | may not create tables there",
        "SET SCHEMA \"new one\"      | exists already",
        "OWNER TO nobody             | \"nobody\" does not exist",
        "OWNER TO postgres           | postgres",
        "SET SCHEMA a, SET SCHEMA b  | moved twice"
      })
  void whatCannotBeIsRefusedByThePlan(String clause, String words) throws Exception {
    try (TestDatabase database = table()) {
      String role = "poor_" + database.name();
      database.execute(
          "CREATE ROLE " + role + " LOGIN REPLICATION PASSWORD 'p'",
          "GRANT CREATE ON DATABASE " + database.name() + " TO " + role,
          "GRANT CREATE ON SCHEMA public, \"new one\" TO " + role,
          "CREATE SCHEMA closed",
          "CREATE TABLE \"new one\".t ()",
          "ALTER TABLE t OWNER TO " + role);
      try (Database opened = Runs.open(database, role, "p")) {
        assertThatThrownBy(() -> opened.plan(new ChangeRequest("t", clause)))
            .isInstanceOf(RefusedException.class)
            .hasMessageContaining(words);
      } finally {
        database.execute("DROP OWNED BY " + role + " CASCADE", "DROP ROLE " + role);
      }
    }
  }

  @Test
  void memberOfTheNewOwnerNeedsNoSuperuser() throws Exception {
    try (TestDatabase database = table()) {
      String role = "member_" + database.name();
      String owner = "owner_" + database.name();
      database.execute(
          "CREATE ROLE " + owner,
          "CREATE ROLE " + role + " LOGIN REPLICATION PASSWORD 'p' IN ROLE " + owner,
          "GRANT CREATE ON DATABASE " + database.name() + " TO " + role,
          "GRANT CREATE ON SCHEMA public TO " + role + ", " + owner,
          "ALTER TABLE t OWNER TO " + role);
      try {
        try (Database opened = Runs.open(database, role, "p")) {
          new Migration(
                  opened,
                  new ChangeRequest("t", "OWNER TO " + owner),
                  Runs.options(),
                  MigrationListener.none())
              .run();
        }
        assertThat(
                database.queryText(
                    "SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = 't'::regclass"))
            .isEqualTo(owner);
      } finally {
        database.execute(
            "DROP OWNED BY " + role + ", " + owner + " CASCADE",
            "DROP ROLE " + role + ", " + owner);
      }
    }
  }

  private static TestDatabase table() throws SQLException {
    TestDatabase database = SharedServers.freshDatabase(SharedServers.newestMajor());
    database.execute(
        "CREATE SCHEMA \"new one\"",
        "CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, k bigserial, n int,"
            + " s text UNIQUE, CHECK (n >= 0))",
        "CREATE INDEX ON t (n, s)",
        "COMMENT ON TABLE t IS 'it moves'",
        "GRANT SELECT ON t TO PUBLIC",
        "INSERT INTO t (n, s) SELECT i, i FROM generate_series(1, 500) i");
    return database;
  }
}
