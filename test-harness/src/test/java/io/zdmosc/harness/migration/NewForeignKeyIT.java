package io.zdmosc.harness.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zdmosc.engine.ChangeRequest;
import io.zdmosc.engine.DryRun;
import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.engine.progress.Summary;
import io.zdmosc.harness.server.SharedServers;
import io.zdmosc.harness.server.TestDatabase;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.MethodSource;

/** Foreign keys that the clause adds: rows that violate them are found before the swap. */
class NewForeignKeyIT {

  /**
   * One foreign key.
   *
   * @param tables the referenced table, {@code parent}, and the table, {@code t}, with good rows
   * @param bad a statement that makes row 7 violate the key
   * @param words what the message says of it
   */
  record Case(String name, List<String> tables, String clause, String bad, String words) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static final String T =
      "CREATE TABLE t (id int PRIMARY KEY, n int, s text);"
          + "INSERT INTO t SELECT i, i, i::text FROM generate_series(1, 20) i";

  static List<Case> cases() {
    return List.of(
        new Case(
            "same type",
            List.of("CREATE TABLE parent AS SELECT generate_series(1, 20) AS id", unique("id"), T),
            "ADD CONSTRAINT fk FOREIGN KEY (n) REFERENCES parent (id)",
            "UPDATE t SET n = 999 WHERE id = 7",
            "the row with key 7 refers to (id)=(999), which is not in public.parent"),
        new Case(
            "another type, the primary key, a renamed and converted column",
            List.of(
                "CREATE TABLE parent AS SELECT generate_series(1, 20)::smallint AS p",
                "ALTER TABLE parent ADD PRIMARY KEY (p)",
                T),
            "ALTER COLUMN s TYPE bigint USING s::bigint, RENAME s TO \"My s\","
                + " ADD CONSTRAINT fk FOREIGN KEY (\"My s\") REFERENCES parent",
            "UPDATE t SET s = '5000000000' WHERE id = 7",
            "the row with key 7 refers to (p)=(5000000000)"),
        new Case(
            "a nondeterministic collation",
            List.of(
                "CREATE COLLATION ci (provider = icu, locale = 'und-u-ks-level2',"
                    + " deterministic = false)",
                "CREATE TABLE parent (id text COLLATE ci PRIMARY KEY)",
                "INSERT INTO parent VALUES ('a')",
                "CREATE TABLE t (id int PRIMARY KEY, s varchar COLLATE ci)",
                "INSERT INTO t SELECT i, 'A' FROM generate_series(1, 20) i"),
            "ADD CONSTRAINT fk FOREIGN KEY (s) REFERENCES parent",
            "UPDATE t SET s = 'b' WHERE id = 7",
            "the row with key 7 refers to (id)=(b)"),
        new Case(
            "several columns, some NULL",
            List.of(
                "CREATE TYPE kind AS ENUM ('x', 'y')",
                "CREATE TABLE parent (a kind, b int, PRIMARY KEY (b, a))",
                "INSERT INTO parent VALUES ('x', 1)",
                "CREATE TABLE t (id int PRIMARY KEY, a kind, b int)",
                "INSERT INTO t SELECT i, 'x', nullif(1, i % 3) FROM generate_series(1, 20) i"),
            "ADD CONSTRAINT fk FOREIGN KEY (a, b) REFERENCES parent (a, b)",
            "UPDATE t SET a = 'y', b = 1 WHERE id = 7",
            "the row with key 7 refers to (a, b)=(y, 1)"),
        new Case(
            "MATCH FULL",
            List.of(
                "CREATE TABLE parent (a int, b int, PRIMARY KEY (a, b))",
                "INSERT INTO parent VALUES (1, 1)",
                "CREATE TABLE t (id int PRIMARY KEY, a int, b int)",
                "INSERT INTO t SELECT i, 1, 1 FROM generate_series(1, 20) i",
                "UPDATE t SET a = NULL, b = NULL WHERE id > 10"),
            "ADD CONSTRAINT fk FOREIGN KEY (a, b) REFERENCES parent Match Full",
            "UPDATE t SET b = NULL WHERE id = 7",
            "the row with key 7 refers to (a, b)=(1, NULL)"),
        new Case(
            "to the table itself",
            List.of(T),
            "ALTER COLUMN id TYPE bigint, ADD CONSTRAINT fk FOREIGN KEY (n) REFERENCES t",
            "UPDATE t SET n = 999 WHERE id = 7",
            "the row with key 7 refers to (id)=(999), which is not in the table"),
        new Case(
            "a generated column",
            List.of("CREATE TABLE parent AS SELECT generate_series(2, 40) AS id", unique("id"), T),
            "ADD COLUMN g int GENERATED ALWAYS AS (n * 2) STORED,"
                + " ADD CONSTRAINT fk FOREIGN KEY (g) REFERENCES parent (id)",
            "UPDATE t SET n = 999 WHERE id = 7",
            "the row with key 7 refers to (id)=(1998)"),
        new Case(
            "a partitioned table",
            List.of(
                "CREATE TABLE parent (id int PRIMARY KEY) PARTITION BY RANGE (id)",
                "CREATE TABLE parent_1 PARTITION OF parent FOR VALUES FROM (0) TO (100)",
                "INSERT INTO parent SELECT generate_series(1, 20)",
                T),
            "ADD CONSTRAINT fk FOREIGN KEY (n) REFERENCES parent",
            "UPDATE t SET n = 50 WHERE id = 7",
            "the row with key 7 refers to (id)=(50)"));
  }

  private static String unique(String column) {
    return "ALTER TABLE parent ADD UNIQUE (" + column + ")";
  }

  @ParameterizedTest
  @MethodSource("cases")
  void rowsThatViolateItAreFoundBeforeTheSwap(Case each) throws Exception {
    try (TestDatabase database = database(each)) {
      database.execute(each.bad());
      Trail trail = new Trail();
      assertThatThrownBy(() -> Runs.migrate(database, "t", each.clause(), Runs.options(), trail))
          .isInstanceOf(MigrationFailedException.class)
          .hasMessageContaining("foreign key fk")
          .hasMessageContaining(each.words());
      assertThat(trail.states()).doesNotContain(MigrationState.CUTTING_OVER);
      Traces.assertNone(database);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void rowsThatFulfilItPass(Case each) throws Exception {
    try (TestDatabase database = database(each)) {
      Summary summary = Runs.migrate(database, "t", each.clause());
      assertThat(summary.notes()).isEmpty();
      assertThat(
              database.queryText(
                  "SELECT convalidated FROM pg_constraint WHERE conname = 'fk'"
                      + " AND conrelid = 't'::regclass"))
          .isEqualTo("t");
    }
  }

  @ParameterizedTest
  @EnumSource(value = DryRun.class, mode = Mode.EXCLUDE, names = "NONE")
  void dryRunFindsThemToo(DryRun kind) throws Exception {
    Case each = cases().get(0);
    try (TestDatabase database = database(each)) {
      database.execute(each.bad());
      assertThatThrownBy(
              () -> Runs.migrate(database, "t", each.clause(), Runs.options().withDryRun(kind)))
          .isInstanceOf(MigrationFailedException.class)
          .hasMessageContaining(each.words());
      Traces.assertNone(database);
    }
  }

  @Test
  void rowsThatAreWrittenLaterLeaveItNotValid() throws Exception {
    Case each = cases().get(0);
    try (TestDatabase database = database(each)) {
      Trail trail = new Trail().on(MigrationState.CUTTING_OVER, () -> database.execute(each.bad()));
      Summary summary = Runs.migrate(database, "t", each.clause(), Runs.options(), trail);
      assertThat(summary.notes()).hasSize(1);
      assertThat(summary.notes().get(0)).contains("fk", "NOT VALID", "VALIDATE CONSTRAINT");
    }
  }

  @Test
  void aTableThatCannotBeReadIsRefused() throws Exception {
    try (TestDatabase database = database(cases().get(0))) {
      String role = "fk_" + database.name();
      database.execute(
          "CREATE ROLE " + role + " LOGIN REPLICATION PASSWORD 'p'",
          "GRANT CREATE ON DATABASE " + database.name() + " TO " + role,
          "GRANT CREATE ON SCHEMA public TO " + role,
          "ALTER TABLE t OWNER TO " + role,
          "GRANT REFERENCES, UPDATE ON parent TO " + role);
      try {
        assertThatThrownBy(
                () -> {
                  try (var opened = Runs.open(database, role, "p")) {
                    opened.plan(new ChangeRequest("t", cases().get(0).clause()));
                  }
                })
            .isInstanceOf(RefusedException.class)
            .hasMessageContaining("cannot be checked before the cut-over")
            .hasMessageContaining("permission denied for table parent");
      } finally {
        database.execute("DROP OWNED BY " + role, "DROP ROLE " + role);
      }
    }
  }

  private static TestDatabase database(Case each) throws SQLException {
    TestDatabase database = SharedServers.freshDatabase(SharedServers.newestMajor());
    database.execute(each.tables().toArray(String[]::new));
    return database;
  }
}
