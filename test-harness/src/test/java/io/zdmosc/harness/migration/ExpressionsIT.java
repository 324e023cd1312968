package io.zdmosc.harness.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.engine.progress.Summary;
import io.zdmosc.harness.server.SharedServers;
import io.zdmosc.harness.server.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Conversions that call functions, convert the key itself, or need operators from elsewhere. */
class ExpressionsIT {
  /** Unqualified names: in the shadow a column of that name means something else. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "ALTER COLUMN id TYPE bigint USING id + 1000000",
        "ALTER COLUMN id TYPE text USING 'k' || id",
        "ALTER COLUMN id TYPE bigint USING -id",
        "RENAME COLUMN id TO key, RENAME COLUMN u TO id"
      })
  void keysAreConvertedWhileValuesAreExchanged(String clause) throws Exception {
    try (TestDatabase database = table()) {
      migrateUnderExchanges(database, clause);
      database.execute(
          "ALTER TABLE copy " + clause.replace(", RENAME", "; ALTER TABLE copy RENAME"));
      assertSame(database);
    }
  }

  /** RENAME cuts a clause into statements: what one of them makes is what the next one finds. */
  @Test
  void conversionsInTheMidstOfAClauseAreMade() throws Exception {
    try (TestDatabase database = SharedServers.freshDatabase(SharedServers.newestMajor())) {
      database.execute(
          "CREATE TABLE t (id int PRIMARY KEY, a numeric)", "INSERT INTO t VALUES (1, 2.7)");
      Runs.migrate(
          database,
          "t",
          "ALTER a TYPE int, ADD x int DEFAULT 5, ADD y numeric DEFAULT 0.9,"
              + " RENAME a TO b, ALTER b TYPE text, ALTER x TYPE text USING b::text || x, ALTER y TYPE int,"
              + " RENAME b TO c, ALTER y TYPE text");
      assertThat(database.queryText("SELECT concat_ws(',', c, x, y) FROM t")).isEqualTo("3,35,1");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ALTER a TYPE varchar(2), RENAME a TO b, ALTER b TYPE int USING length(b)",
        "ADD x text DEFAULT gen_random_uuid(), RENAME a TO b, ALTER b TYPE text USING b || x"
      })
  void whatOnlyAlterTableCanGiveInBetweenIsRefused(String clause) throws Exception {
    try (TestDatabase database = SharedServers.freshDatabase(SharedServers.newestMajor())) {
      database.execute("CREATE TABLE t (id int PRIMARY KEY, a text)");
      assertThatThrownBy(() -> Runs.migrate(database, "t", clause))
          .isInstanceOf(RefusedException.class)
          .hasMessageContaining("by the");
      Traces.assertNone(database);
    }
  }

  @Test
  void functionsOfTheUsersSearchPathAreFoundInEveryPhase() throws Exception {
    try (TestDatabase database = table()) {
      database.execute(
          "CREATE FUNCTION double(int) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT $1 * 2'");
      AtomicBoolean stop = new AtomicBoolean();
      AtomicReference<SQLException> error = new AtomicReference<>();
      Thread application = new Thread(() -> exchange(database, stop, error));
      application.start();
      Summary summary = Runs.migrate(database, "t", "ALTER COLUMN n TYPE bigint USING double(n)");
      stop.set(true);
      application.join();
      assertThat((Throwable) error.get()).isNull();
      assertThat(summary.divergentRows()).isZero();
      assertThat(
              database.queryText(
                  "SELECT count(*) || ',' || count(DISTINCT u) || ',' || sum(u) FROM t"
                      + " WHERE n = 2 * id"))
          .isEqualTo("3000,3000,4501500");
    }
  }

  /** The key's operators are in a schema that is not on the search path. */
  @Test
  void keysOfATypeFromAnotherSchemaKeepTheirOrder() throws Exception {
    try (TestDatabase database = SharedServers.freshDatabase(SharedServers.newestMajor())) {
      database.execute(
          "CREATE SCHEMA ext",
          "CREATE EXTENSION citext SCHEMA ext",
          "CREATE TABLE t (id ext.citext PRIMARY KEY, n int, u int)",
          "INSERT INTO t SELECT CASE i % 2 WHEN 0 THEN upper(md5(i::text)) ELSE md5(i::text) END,"
              + " i, i FROM generate_series(1, 5000) i");
      Summary summary =
          Runs.migrate(
              database,
              "t",
              "ALTER COLUMN n TYPE bigint",
              Runs.options(),
              new Trail()
                  .on(
                      MigrationState.VERIFYING,
                      () -> database.execute("UPDATE t SET n = -1 WHERE n % 7 = 0")));
      assertThat(summary.rowsCopied()).isEqualTo(5000);
      assertThat(summary.divergentRows()).isZero();
      assertThat(database.queryText("SELECT count(*) || ',' || sum(n) FROM t"))
          .isEqualTo(
              database.queryText(
                  "SELECT count(*) || ',' || sum(CASE WHEN i % 7 = 0 THEN -1 ELSE i"
                      + " END) FROM generate_series(1, 5000) i"));
    }
  }

  private static void migrateUnderExchanges(TestDatabase database, String clause) throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    AtomicReference<SQLException> error = new AtomicReference<>();
    Thread application = new Thread(() -> exchange(database, stop, error));
    application.start();
    // the copy is made before the swap: whoever writes ends when the old shape is gone
    Trail trail =
        new Trail()
            .on(
                MigrationState.CUTTING_OVER,
                () -> {
                  Thread.sleep(100);
                  stop.set(true);
                  application.join();
                  database.execute("CREATE TABLE copy AS TABLE t");
                });
    Summary summary = Runs.migrate(database, "t", clause, Runs.options(), trail);
    assertThat((Throwable) error.get()).isNull();
    assertThat(summary.divergentRows()).as(trail.toString()).isZero();
    Traces.assertNoneButTheRetiredTable(database);
  }

  /** Exchanges unique values, so that flushes conflict. */
  private static void exchange(
      TestDatabase database, AtomicBoolean stop, AtomicReference<SQLException> error) {
    Random random = new Random(5);
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      while (!stop.get()) {
        int one = 1 + random.nextInt(3000);
        int other = 1 + random.nextInt(3000);
        statement.execute(
            "WITH old AS MATERIALIZED (SELECT a.u AS a, b.u AS b FROM t a, t b WHERE a.id = "
                + one
                + " AND b.id = "
                + other
                + ") UPDATE t SET u = CASE id WHEN "
                + one
                + " THEN (SELECT b FROM old) ELSE (SELECT a FROM old) END WHERE id IN ("
                + one
                + ", "
                + other
                + ")");
      }
    } catch (SQLException e) {
      error.set(e);
    }
  }

  private static TestDatabase table() throws SQLException {
    TestDatabase database = SharedServers.freshDatabase(SharedServers.newestMajor());
    database.execute(
        "CREATE TABLE t (id int PRIMARY KEY, n int, u int UNIQUE DEFERRABLE)",
        "INSERT INTO t SELECT i, i, i FROM generate_series(1, 3000) i");
    return database;
  }

  private static void assertSame(TestDatabase database) throws SQLException {
    assertThat(
            database.queryText(
                "SELECT count(*) FROM (TABLE t EXCEPT TABLE copy) a FULL JOIN"
                    + " (TABLE copy EXCEPT TABLE t) b ON false"))
        .isEqualTo("0");
    assertThat(database.queryText("SELECT count(*) FROM t")).isEqualTo("3000");
  }
}
