package io.zdmosc.harness.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.zdmosc.engine.ChangeRequest;
import io.zdmosc.engine.Migration;
import io.zdmosc.engine.error.ExitCode;
import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.engine.progress.MigrationListener;
import io.zdmosc.engine.spi.Database;
import io.zdmosc.harness.schema.CatalogSnapshot;
import io.zdmosc.harness.server.PostgresDatabase;
import io.zdmosc.harness.server.PostgresServer;
import io.zdmosc.harness.server.ServerSpec;
import io.zdmosc.harness.server.SharedServers;
import io.zdmosc.harness.server.TestDatabase;
import java.sql.Connection;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What cannot be migrated is refused with its reason, before anything is touched. */
class MigrationRefusalIT {
  private static final String TABLE = "CREATE TABLE t (id bigint PRIMARY KEY, n int, s text)";
  private static final String CHANGE = "ALTER COLUMN n TYPE bigint";

  static Stream<Arguments> tables() {
    return Stream.of(
        refused("no identity", "no primary key", "CREATE TABLE t (id bigint, n int)"),
        refused(
            "identity that may be NULL",
            "no primary key",
            "CREATE TABLE t (id bigint UNIQUE, n int)"),
        refused(
            "partial unique index",
            "no primary key",
            "CREATE TABLE t (id bigint NOT NULL, n int)",
            "CREATE UNIQUE INDEX ON t (id) WHERE n > 0"),
        refused(
            "unique index over an expression",
            "no primary key",
            "CREATE TABLE t (id bigint NOT NULL, n int)",
            "CREATE UNIQUE INDEX ON t ((id + 1))"),
        refused(
            "deferrable primary key",
            "no primary key",
            "CREATE TABLE t (id bigint PRIMARY KEY DEFERRABLE, n int)"),
        refused(
            "key of a composite type",
            "of a composite or an array type",
            "CREATE TYPE pair AS (a int, b text)",
            "CREATE TABLE t (id pair PRIMARY KEY, n int)"),
        refused(
            "key of an array type",
            "of a composite or an array type",
            "CREATE TABLE t (id int[] PRIMARY KEY, n int)"),
        refused(
            "key with a name of our own",
            "must not begin with zdm_",
            "CREATE TABLE t (zdm_n bigint PRIMARY KEY, n int)"),
        refused(
            "materialized view",
            "keeps rows that were read",
            TABLE,
            "CREATE MATERIALIZED VIEW m AS TABLE t"),
        refused(
            "publication of all tables",
            "has publication of all tables p",
            TABLE,
            "CREATE PUBLICATION p FOR ALL TABLES"),
        refused(
            "foreign key that is not enforced",
            "has disabled or altered trigger of constraint t_n_fkey",
            "CREATE TABLE other (id int PRIMARY KEY)",
            "CREATE TABLE t (id bigint PRIMARY KEY, n int REFERENCES other)",
            "ALTER TABLE t DISABLE TRIGGER ALL"),
        refused(
            "trigger of another table that goes with this one",
            "trigger tr on table public.other",
            TABLE,
            "CREATE TABLE other (id int)",
            "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
            "CREATE CONSTRAINT TRIGGER tr AFTER INSERT ON other FROM t FOR EACH ROW"
                + " EXECUTE FUNCTION f()"),
        refused(
            "member of an extension",
            "has membership in extension plpgsql",
            TABLE,
            "ALTER EXTENSION plpgsql ADD TABLE t"),
        refused(
            "type that the parent does not have",
            "inherits from \"public\".\"base\", and after the change it could not: ERROR: child table"
                + " \"t\" has different type for column \"n\"",
            "CREATE TABLE base (n int)",
            "CREATE TABLE t (id bigint PRIMARY KEY) INHERITS (base)"),
        refused(
            "foreign table as parent by inheritance",
            "foreign table \"public\".\"base\": has this child",
            "CREATE FOREIGN DATA WRAPPER w",
            "CREATE SERVER s FOREIGN DATA WRAPPER w",
            "CREATE FOREIGN TABLE base (n int) SERVER s",
            "CREATE TABLE t (id bigint PRIMARY KEY) INHERITS (base)"),
        refused(
            "child by inheritance",
            "has inheritance child public.sub",
            TABLE,
            "CREATE TABLE sub () INHERITS (t)"),
        refused(
            "partition",
            "has different type for column",
            "CREATE TABLE whole (id bigint PRIMARY KEY, n int) PARTITION BY RANGE (id)",
            "CREATE TABLE t PARTITION OF whole DEFAULT"),
        refused(
            "unlogged table", "is UNLOGGED", "CREATE UNLOGGED TABLE t (id int PRIMARY KEY, n int)"),
        refused("view by that name", "is a view", "CREATE VIEW t AS SELECT 1 AS n"),
        refused(
            "materialized view by that name",
            "is a materialized view",
            "CREATE MATERIALIZED VIEW t AS SELECT 1 AS n"),
        refused("sequence by that name", "is a sequence", "CREATE SEQUENCE t"),
        refused(
            "check that writes out the row type of its own table",
            "in constraint odd on table public.t",
            TABLE,
            "ALTER TABLE t ADD CONSTRAINT odd CHECK ((ROW(id, n, s)::t) IS NOT NULL)"),
        refused(
            "column of the table's row type",
            "has values of its row type in column r of table public.other",
            TABLE,
            "CREATE TABLE other (r t)"),
        refused(
            "column of an array of the table's row type",
            "has values of its row type in column r of table public.other",
            TABLE,
            "CREATE TABLE other (r t[])"),
        refused(
            "domain over the table's row type",
            "has object that depends on the table type public.d",
            TABLE,
            "CREATE DOMAIN d AS t"),
        refused(
            "default of another table that draws from the identity",
            "on which depends default value for column n of table public.other",
            "CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, n int)",
            "CREATE TABLE other (n int DEFAULT nextval('t_id_seq'))"),
        refused(
            "table of a type",
            "has type of the table",
            "CREATE TYPE ty AS (id bigint, n int)",
            "CREATE TABLE t OF ty (PRIMARY KEY (id))"),
        refused(
            "security label of a provider that is not loaded",
            "security label of nobody on table \"public\".\"t\": cannot be set",
            TABLE,
            label("'t'::regclass, 'pg_class'::regclass, 0")),
        refused(
            "the same on a column",
            "security label of nobody on column \"public\".\"t\".\"n\": cannot be set",
            TABLE,
            label("'t'::regclass, 'pg_class'::regclass, 2")),
        refused(
            "the same on the row type",
            "security label of nobody on type \"public\".\"t\": cannot be set",
            TABLE,
            label("'t'::regtype, 'pg_type'::regclass, 0")),
        refused(
            "the same on an identity's sequence",
            "security label of nobody on sequence \"public\".\"t_id_seq\": cannot be set",
            "CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, n int)",
            label("'t_id_seq'::regclass, 'pg_class'::regclass, 0")),
        refused(
            "the same on a view that has to be made anew",
            "view \"public\".\"v\": cannot be made anew, as it must: ERROR: security label provider"
                + " \"nobody\" is not loaded",
            TABLE,
            "CREATE VIEW v AS SELECT n FROM t",
            label("'v'::regclass, 'pg_class'::regclass, 1")),
        refused(
            "a security label on a function that has to be made anew",
            "has to be made anew, since the row type is another one, and it has a security label of"
                + " nobody",
            TABLE,
            "CREATE FUNCTION f(t) RETURNS int LANGUAGE sql AS 'SELECT 1'",
            label("'f'::regproc, 'pg_proc'::regclass, 0")),
        refused("wrong name", "does not exist", "CREATE TABLE \"T\" (id int PRIMARY KEY)"));
  }

  /** As a provider that has been taken away has left it. */
  private static String label(String object) {
    return "SET allow_system_table_mods = on; INSERT INTO pg_seclabel VALUES ("
        + object
        + ", 'nobody', 'secret')";
  }

  private static Arguments refused(String what, String words, String... setup) {
    return Arguments.of(what, words, List.of(setup));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("tables")
  void tablesThatCannotBeMigratedAreRefused(String what, String words, List<String> setup)
      throws Exception {
    try (PostgresDatabase database = newest()) {
      database.execute(setup.toArray(String[]::new));
      assertRefused(database, "t", CHANGE, words);
    }
  }

  static Stream<Arguments> clauses() {
    return Stream.of(
        Arguments.of("ALTER COLUMN nix TYPE bigint", "column \"nix\""),
        Arguments.of("ALTER COLUMN n TYPE nix", "type \"nix\" does not exist"),
        Arguments.of("ALTER COLUMN s TYPE integer", "cannot be cast automatically"),
        Arguments.of("DROP CONSTRAINT nix", "constraint \"nix\""),
        Arguments.of("ADD COLUMN n bigint", "already exists"),
        Arguments.of("ADD COLUMN c int NOT NULL", "NOT NULL"),
        Arguments.of("ALTER COLUMN n TYPE", "expected a type"),
        Arguments.of("ALTER COLUMN n TYPE bigint; DROP TABLE other", ""),
        Arguments.of("ADD CONSTRAINT fk FOREIGN KEY (n) REFERENCES nix", "\"nix\""),
        Arguments.of("ADD CONSTRAINT fk FOREIGN KEY (s) REFERENCES other", "incompatible types"),
        Arguments.of("DROP COLUMN id", "identity"),
        Arguments.of("RENAME TO other", "exists already"),
        Arguments.of("RENAME CONSTRAINT t_pkey TO other", "exists already"),
        Arguments.of("ALTER COLUMN n TYPE bigint USING (SELECT 1)", "subquery"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("clauses")
  void clausesThatTheServerWouldRefuseAreRefused(String clause, String words) throws Exception {
    try (PostgresDatabase database = newest()) {
      database.execute(TABLE, "CREATE TABLE other (id int PRIMARY KEY)");
      assertRefused(database, "t", clause, words);
    }
  }

  @Test
  void allReasonsAreListedAtOnce() throws Exception {
    try (PostgresDatabase database = newest()) {
      database.execute(
          TABLE, "CREATE TABLE sub () INHERITS (t)", "CREATE PUBLICATION p FOR ALL TABLES");
      RefusedException refusal =
          assertRefused(database, "t", "ALTER COLUMN n TYPE bigint, CLUSTER ON t_pkey", "");
      assertThat(refusal.problems()).hasSizeGreaterThanOrEqualTo(3);
      assertThat(refusal.getMessage()).contains("child public.sub", "all tables p", "CLUSTER ON");
    }
  }

  /** What only the rehearsal finds is listed with what is found before it. */
  @Test
  void whatTheRehearsalFindsIsListedWithTheRest() throws Exception {
    try (PostgresDatabase database = newest()) {
      database.execute(
          "CREATE TABLE t (n int, s text)",
          "CREATE TABLE sub () INHERITS (t)",
          "CREATE MATERIALIZED VIEW m AS TABLE t",
          "CREATE TABLE other (id int PRIMARY KEY)");
      RefusedException refusal =
          assertRefused(database, "t", "ADD FOREIGN KEY (s) REFERENCES other", "");
      assertThat(refusal.getMessage())
          .contains(
              "child public.sub",
              "no primary key",
              "keeps rows that were read",
              "incompatible types");
      assertThat(refusal.problems()).doesNotHaveDuplicates();
      assertThat(assertRefused(database, "t", "ALTER COLUMN n TYPE nix", "").getMessage())
          .contains("child public.sub", "type \"nix\" does not exist");
    }
  }

  @Test
  void similarNamesAreSuggested() throws Exception {
    try (PostgresDatabase database = newest()) {
      database.execute("CREATE TABLE orders (id int PRIMARY KEY)");
      assertThat(assertRefused(database, "order", CHANGE, "does not exist").getMessage())
          .contains("public.orders");
      assertRefused(database, "nowhere.orders", CHANGE, "does not exist");
      assertRefused(database, "a b", CHANGE, "does not exist");
      assertRefused(database, "orders; DROP TABLE orders", CHANGE, "does not exist");
    }
  }

  @Test
  void roleWithoutPrivilegesIsToldAllOfThem() throws Exception {
    try (PostgresDatabase database = newest()) {
      String role = "plain_" + database.name();
      database.execute(
          TABLE,
          "CREATE ROLE " + role + " LOGIN PASSWORD 'p'",
          "GRANT SELECT ON t TO " + role,
          "REVOKE CREATE ON SCHEMA public FROM PUBLIC");
      try {
        RefusedException refusal =
            assertRefused(database, role, "p", "t", CHANGE, "may not use logical replication");
        assertThat(refusal.problems()).hasSize(4);
        assertThat(refusal.getMessage())
            .contains(
                "REPLICATION",
                "does not own table",
                "may not create tables in schema public",
                "GRANT CREATE ON DATABASE");
      } finally {
        database.execute("DROP OWNED BY " + role, "DROP ROLE " + role);
      }
    }
  }

  @Test
  void serverThatCannotStreamIsRefused() throws Exception {
    ServerSpec spec = ServerSpec.of(SharedServers.newestMajor()).with("wal_level", "replica");
    try (PostgresServer server = PostgresServer.start(spec);
        TestDatabase database = server.createDatabase("replica")) {
      database.execute(TABLE, "CREATE MATERIALIZED VIEW m AS TABLE t");
      RefusedException refusal = assertRefused(database, "t", CHANGE, "wal_level: is replica");
      assertThat(refusal.getMessage())
          .contains("ALTER SYSTEM SET wal_level = logical", "keeps rows that were read");
    }
  }

  private static PostgresDatabase newest() throws Exception {
    return SharedServers.freshDatabase(SharedServers.newestMajor());
  }

  private static RefusedException assertRefused(
      TestDatabase database, String table, String alter, String words) throws Exception {
    return assertRefused(database, database.user(), database.password(), table, alter, words);
  }

  private static RefusedException assertRefused(
      TestDatabase database, String user, String password, String table, String alter, String words)
      throws Exception {
    try (Connection connection = database.connect();
        Database opened = Runs.open(database, user, password)) {
      CatalogSnapshot before = CatalogSnapshot.of(connection);
      Migration migration =
          new Migration(
              opened, new ChangeRequest(table, alter), Runs.options(), MigrationListener.none());
      RefusedException refusal = catchThrowableOfType(RefusedException.class, migration::run);
      assertThat(refusal).as("refusal of " + alter).isNotNull();
      assertThat(refusal.exitCode()).isEqualTo(ExitCode.REFUSED);
      assertThat(refusal.exitCode().status()).isEqualTo(2);
      assertThat(refusal.getMessage()).contains(words);
      assertThat(refusal.state()).isEqualTo("Nothing was touched.");
      assertThat(CatalogSnapshot.of(connection).lines()).isEqualTo(before.lines());
      return refusal;
    }
  }
}
