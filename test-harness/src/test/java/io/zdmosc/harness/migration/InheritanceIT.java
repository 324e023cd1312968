package io.zdmosc.harness.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.zdmosc.engine.ChangeRequest;
import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.engine.spi.Database;
import io.zdmosc.engine.spi.Orders.Ending;
import io.zdmosc.harness.schema.SchemaDump;
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
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A child by inheritance stays one, and who goes through a parent meets each row once. */
class InheritanceIT {
  private static final String ROOT = "\"s p\".\"ro\"\"ot\"";
  private static final String TABLE = "\"T t\"";
  private static final int ROWS = 1020;

  /** The common pool may be too small for all who wait here. */
  private static final Executor OWN_THREAD = task -> new Thread(task, "application").start();

  private static final List<String> SETUP =
      List.of(
          "CREATE SCHEMA \"s p\"",
          "CREATE TABLE "
              + ROOT
              + " (id int NOT NULL, n int NOT NULL DEFAULT 0, CONSTRAINT small CHECK (n < 1000000))",
          "CREATE TABLE \"s p\".other (extra text)",
          "CREATE TABLE base (note text DEFAULT 'x') INHERITS (" + ROOT + ")",
          "CREATE TABLE "
              + TABLE
              + " (own int, own_too text, PRIMARY KEY (id)) INHERITS (\"s p\".other, base)",
          "CREATE TABLE sibling () INHERITS (base)",
          "CREATE INDEX ON " + TABLE + " (own)",
          "ALTER TABLE " + TABLE + " ADD CONSTRAINT own_late CHECK (own > -5) NO INHERIT NOT VALID",
          "INSERT INTO base SELECT i FROM generate_series(1, 10) i",
          "INSERT INTO sibling SELECT i FROM generate_series(11, 20) i",
          "INSERT INTO " + TABLE + " (id, own) SELECT i, i FROM generate_series(1001, 2000) i");

  private static final String PARENTS =
      "SELECT string_agg(inhparent::regclass::text, ', ' ORDER BY inhseqno) FROM pg_inherits"
          + " WHERE inhrelid = '%s'::regclass";

  static Stream<Integer> majors() {
    return Stream.of(SharedServers.majors().get(0), SharedServers.newestMajor());
  }

  @ParameterizedTest(name = "on PostgreSQL {0}")
  @MethodSource("majors")
  void eachRowIsThereOnceAndNoWriteIsLost(int major) throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    AtomicInteger written = new AtomicInteger();
    try (TestDatabase database = database(major)) {
      CompletableFuture<Integer> reader =
          CompletableFuture.supplyAsync(() -> read(database, done), OWN_THREAD);
      CompletableFuture<Void> writer =
          CompletableFuture.runAsync(() -> write(database, done, written), OWN_THREAD);
      try (HeldMigration held =
          HeldMigration.begin(
              () -> Runs.open(database),
              TABLE,
              "ALTER COLUMN own TYPE bigint, ADD COLUMN fresh text, RENAME COLUMN own_too TO mine",
              Map.of())) {
        awaitMore(written);
        assertThat(database.queryText(PARENTS.formatted(TABLE))).isEqualTo("\"s p\".other, base");
        assertThat(database.queryText(PARENTS.formatted("\"zdm_1_T t_old\""))).isNull();
        assertThat(
                database.queryText(
                    "SELECT count(*) FROM " + ROOT + " WHERE tableoid = '\"T t\"'::regclass"))
            .isEqualTo("1000");
        assertThat(held.end(Ending.ROLLBACK_AND_DROP).state())
            .isEqualTo(MigrationState.ROLLED_BACK);
        awaitMore(written);
      } finally {
        done.set(true);
      }
      assertThat(reader.get(30, TimeUnit.SECONDS)).isGreaterThan(50);
      writer.get(30, TimeUnit.SECONDS);
      assertThat(database.queryText("SELECT sum(n) FROM " + ROOT)).isEqualTo(written + "");
      assertThat(database.queryText(PARENTS.formatted(TABLE))).isEqualTo("\"s p\".other, base");
      Traces.assertNone(database);
    }
  }

  private static void awaitMore(AtomicInteger written) {
    int before = written.get();
    Awaitility.await().atMost(Runs.PATIENCE).until(() -> written.get() > before + 20);
  }

  /** How often the rows of the whole tree were what they should be. */
  private static int read(TestDatabase database, AtomicBoolean done) {
    int reads = 0;
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      while (!done.get()) {
        try (ResultSet row =
            statement.executeQuery("SELECT count(*), count(DISTINCT id) FROM " + ROOT)) {
          row.next();
          assertThat(row.getInt(1)).as("rows").isEqualTo(ROWS);
          assertThat(row.getInt(2)).as("different rows").isEqualTo(ROWS);
          reads++;
        }
      }
      return reads;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Through the root, by a statement that the server has prepared. */
  private static void write(TestDatabase database, AtomicBoolean done, AtomicInteger written) {
    try (Connection connection = database.connect();
        PreparedStatement update =
            connection.prepareStatement("UPDATE " + ROOT + " SET n = n + 1 WHERE id = ?")) {
      for (int i = 0; !done.get(); i++) {
        update.setInt(1, 1001 + i % 1000);
        assertThat(update.executeUpdate()).isEqualTo(1);
        written.incrementAndGet();
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "ALTER COLUMN own TYPE bigint", "VALIDATE CONSTRAINT own_late"})
  void isTheSameAsAfterANativeChange(String clause) throws Exception {
    try (TestDatabase migrated = database(SharedServers.newestMajor());
        TestDatabase altered = database(SharedServers.newestMajor());
        Connection one = migrated.connect();
        Connection other = altered.connect()) {
      if (!clause.isEmpty()) {
        altered.execute("ALTER TABLE " + TABLE + " " + clause);
      }
      Runs.migrate(migrated, TABLE, clause);
      assertThat(lines(one)).isEqualTo(lines(other));
      assertThat(migrated.queryText(PARENTS.formatted(TABLE)))
          .isEqualTo(altered.queryText(PARENTS.formatted(TABLE)));
      String inherited =
          "SELECT string_agg(attname || attinhcount, ',' ORDER BY attnum) FROM pg_attribute"
              + " WHERE attnum > 0 AND attrelid = '"
              + TABLE
              + "'::regclass";
      assertThat(migrated.queryText(inherited)).isEqualTo(altered.queryText(inherited));
      Traces.assertNoneButTheRetiredTable(migrated);
    }
  }

  /** What is inherited is the table's own as well, as after the server's own INHERIT. */
  private static List<String> lines(Connection connection) throws SQLException {
    return SchemaDump.of(connection, TABLE).lines().stream()
        .map(line -> line.replaceAll("local [tf],", "local,"))
        .toList();
  }

  @Test
  void whatIsInheritedCannotBeChanged() throws Exception {
    try (TestDatabase database = database(SharedServers.newestMajor());
        Database opened = Runs.open(database)) {
      for (Map.Entry<String, String> each :
          Map.of(
                  "ALTER COLUMN id TYPE bigint", "different type for column \"id\"",
                  "RENAME COLUMN note TO other_note", "missing column \"note\"",
                  "DROP COLUMN extra", "missing column \"extra\"",
                  "ALTER COLUMN n DROP NOT NULL", "\"n\"",
                  "DROP CONSTRAINT small", "missing constraint \"small\"")
              .entrySet()) {
        assertThatThrownBy(() -> opened.plan(new ChangeRequest(TABLE, each.getKey())))
            .as(each.getKey())
            .isInstanceOf(RefusedException.class)
            .hasMessageContaining("inherits from ")
            .hasMessageContaining(each.getValue());
      }
      assertThat(opened.plan(new ChangeRequest(TABLE, "DROP COLUMN own")).plan().warnings())
          .anyMatch(note -> note.contains("(\"extra\", \"id\", \"n\", \"note\")"));
    }
  }

  @Test
  void aParentOfAnotherOwnerIsNamed() throws Exception {
    try (TestDatabase database = database(SharedServers.newestMajor())) {
      String role = "child_" + database.name();
      database.execute(
          "CREATE ROLE " + role + " LOGIN REPLICATION PASSWORD 'p'",
          "GRANT CREATE ON DATABASE " + database.name() + " TO " + role,
          "GRANT CREATE ON SCHEMA public TO " + role,
          "GRANT USAGE ON SCHEMA \"s p\" TO " + role,
          "ALTER TABLE " + TABLE + " OWNER TO " + role,
          "ALTER TABLE base OWNER TO " + role);
      try (Database opened = Runs.open(database, role, "p")) {
        RefusedException refusal =
            catchThrowableOfType(
                RefusedException.class,
                () -> opened.plan(new ChangeRequest(TABLE, "ADD COLUMN x int")));
        assertThat(refusal.problems()).hasSize(1);
        assertThat(refusal)
            .hasMessageContaining(
                "table \"s p\".\"other\": has this child, and the role does not own")
            .hasMessageContaining("GRANT postgres TO the role");
      } finally {
        database.execute(
            "REASSIGN OWNED BY " + role + " TO postgres",
            "DROP OWNED BY " + role,
            "DROP ROLE " + role);
      }
    }
  }

  private static TestDatabase database(int major) throws SQLException {
    TestDatabase database = SharedServers.freshDatabase(major);
    database.execute(SETUP.toArray(String[]::new));
    return database;
  }
}
