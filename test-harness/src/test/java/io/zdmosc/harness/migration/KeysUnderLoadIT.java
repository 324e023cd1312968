package io.zdmosc.harness.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.progress.Summary;
import io.zdmosc.engine.spi.Database;
import io.zdmosc.engine.spi.Orders.Ending;
import io.zdmosc.harness.schema.SchemaDump;
import io.zdmosc.harness.server.SharedServers;
import io.zdmosc.harness.server.TestDatabase;
import io.zdmosc.harness.workload.Workload;
import io.zdmosc.harness.workload.check.ModelChecker;
import io.zdmosc.harness.workload.postgres.PostgresCatalogue;
import io.zdmosc.harness.workload.table.TableCase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * Foreign keys in every direction hold at each moment, forth and back and forth: what may not be is
 * tried all the time and never passes, what may be never fails, and what the server does by itself
 * when a row goes is done.
 */
class KeysUnderLoadIT {
  private static final String VIOLATION = "23503";

  private static final List<String> SETUP =
      List.of(
          "CREATE TABLE kinds (kind int PRIMARY KEY)",
          "INSERT INTO kinds SELECT generate_series(0, 9)",
          """
          CREATE TABLE t (id int PRIMARY KEY, up int, kind int, n int,
            CONSTRAINT tree FOREIGN KEY (up) REFERENCES t ON DELETE CASCADE DEFERRABLE,
            CONSTRAINT of_kind FOREIGN KEY (kind) REFERENCES kinds)\
          """,
          "INSERT INTO t SELECT i, NULL, i % 10, i FROM generate_series(1, 3000) i",
          "CREATE INDEX ON t (up)",
          "CREATE TABLE gone_with_it (t int REFERENCES t ON DELETE CASCADE)",
          "CREATE TABLE emptied (t int REFERENCES t ON DELETE SET NULL, was int)",
          "CREATE TABLE strict (t int REFERENCES t)",
          "CREATE TABLE at_the_end (t int REFERENCES t ON DELETE CASCADE"
              + " DEFERRABLE INITIALLY DEFERRED)",
          "INSERT INTO strict VALUES (1)",
          "CREATE INDEX ON gone_with_it (t)",
          "CREATE INDEX ON emptied (t)",
          "CREATE INDEX ON at_the_end (t)",
          "CREATE INDEX ON strict (t)");

  private final Queue<Integer> alive = new ConcurrentLinkedQueue<>();

  @Test
  void theyHoldForthAndBackAndForth() throws Exception {
    try (TestDatabase database = SharedServers.freshDatabase(SharedServers.newestMajor());
        Connection connection = database.connect()) {
      database.execute(SETUP.toArray(String[]::new));
      SchemaDump before = SchemaDump.of(connection, "t");
      try (Application application = new Application()) {
        for (int writer = 1; writer <= 2; writer++) {
          int first = writer * 1_000_000;
          Deque<Integer> own = new ArrayDeque<>();
          int[] last = {first};
          application.does("writer " + writer, database::connect, it -> write(it, own, last));
        }
        application.does("what may not be", database::connect, KeysUnderLoadIT::tryWhatMayNotBe);
        application.awaitRounds(20);
        String change =
            "ALTER COLUMN id TYPE bigint, ALTER COLUMN up TYPE bigint, ALTER COLUMN kind TYPE"
                + " smallint, RENAME COLUMN n TO m";
        end(database, change, application, Ending.ROLLBACK_AND_DROP, MigrationState.ROLLED_BACK);
        assertThat(SchemaDump.of(connection, "t").lines())
            .containsExactlyElementsOf(before.lines());
        end(database, change, application, Ending.CONTRACT, MigrationState.CONTRACTED);
        application.stop();
      }
      assertThat(ids(connection, "SELECT id FROM t WHERE id > 3000"))
          .isEqualTo(new TreeSet<>(alive));
      for (String table : List.of("gone_with_it", "emptied", "strict", "at_the_end")) {
        assertThat(
                database.queryText(
                    "SELECT count(*) FROM "
                        + table
                        + " AS c WHERE t IS NOT NULL AND NOT EXISTS"
                        + " (SELECT FROM t WHERE t.id = c.t)"))
            .as(table)
            .isEqualTo("0");
      }
      assertThat(database.queryText("SELECT count(*) FROM emptied WHERE t IS NULL AND was > 0"))
          .isNotEqualTo("0");
      assertThat(
              database.queryText(
                  "SELECT string_agg(conrelid::regclass || ' to ' || confrelid::regclass, ', '"
                      + " ORDER BY conrelid::regclass::text, confrelid::regclass::text DESC) FROM pg_constraint"
                      + " WHERE contype = 'f' AND convalidated AND connamespace = 'public'::regnamespace"))
          .isEqualTo(
              "at_the_end to t, emptied to t, gone_with_it to t, strict to t, t to t, t to kinds");
      Traces.assertNone(database);
    }
  }

  /** The model decides: eight adversarial writers, and keys in, out and to the table itself. */
  @Test
  void noWriteIsLostAmongKeys() throws Exception {
    TableCase tableCase = PostgresCatalogue.ALL.named("bigserial/int_to_bigint");
    String table = tableCase.sourceName();
    int major = SharedServers.newestMajor();
    try (TestDatabase database = SharedServers.freshDatabase(major);
        Connection connection = database.connect();
        Workload workload = Workload.start(database::connect, tableCase, 11, Runs.workload());
        Application children = new Application()) {
      workload.awaitOperations(50, Runs.PATIENCE);
      database.execute(
          "CREATE TABLE flags (flag boolean PRIMARY KEY)",
          "INSERT INTO flags VALUES (true), (false)",
          "CREATE TABLE child (t bigint CONSTRAINT c REFERENCES "
              + table
              + " ON DELETE CASCADE ON UPDATE CASCADE)",
          "CREATE INDEX ON child (t)",
          "ALTER TABLE " + table + " ADD CONSTRAINT itself FOREIGN KEY (id) REFERENCES " + table,
          "ALTER TABLE " + table + " ADD CONSTRAINT of_flag FOREIGN KEY (flag) REFERENCES flags");
      children.does("children", database::connect, it -> insertChild(it, table));
      SchemaDump before = SchemaDump.of(connection, tableCase.table().name());
      try (HeldMigration held =
          HeldMigration.begin(
              () -> Runs.open(database), table, tableCase.change().alter(), Map.of())) {
        workload.awaitOperations(100, Runs.PATIENCE);
        Summary summary = held.end(Ending.ROLLBACK_AND_DROP);
        assertThat(summary.notes()).isEmpty();
        assertThat(summary.divergentRows()).isZero();
      }
      assertThat(
              SchemaDump.of(connection, tableCase.table().name()).withoutSequenceStates().lines())
          .containsExactlyElementsOf(before.withoutSequenceStates().lines());
      Runs.migrate(database, table, tableCase.change().alter());
      workload.awaitOperations(50, Runs.PATIENCE);
      children.stop();
      workload.stop().assertNoErrors();
      ModelChecker.check(connection, tableCase.change().targetTable(), tableCase, workload.model())
          .assertClean();
      assertThat(
              database.queryText(
                  "SELECT count(*) FROM child WHERE NOT EXISTS (SELECT FROM "
                      + table
                      + " AS p WHERE p.id = child.t)"))
          .isEqualTo("0");
    }
  }

  /** Of a row that is gone by now, or not. */
  private static void insertChild(Connection connection, String table) throws SQLException {
    try {
      execute(
          connection, "INSERT INTO child SELECT id FROM " + table + " ORDER BY random() LIMIT 1");
    } catch (SQLException e) {
      if (!VIOLATION.equals(e.getSQLState())) {
        throw e;
      }
    }
  }

  /** Keys go back by a process that knows of them by the record alone. */
  @Test
  void killedWhileHoldingTheyGoBackAllTheSame() throws Exception {
    try (TestDatabase database = SharedServers.freshDatabase(SharedServers.newestMajor());
        Connection connection = database.connect()) {
      database.execute(SETUP.toArray(String[]::new));
      SchemaDump before = SchemaDump.of(connection, "t");
      database.execute("INSERT INTO gone_with_it SELECT generate_series(10, 20)");
      try (ChildProcess child =
          ChildProcess.tool(
              database,
              "run",
              "--table",
              "t",
              "--alter",
              "ALTER COLUMN id TYPE bigint, ALTER COLUMN up TYPE bigint",
              "--hold")) {
        awaitFollowing(database, child);
        child.kill();
      }
      database.execute("DELETE FROM t WHERE id = 11", "INSERT INTO t VALUES (5000, 12, 1, 1)");
      try (ChildProcess child = ChildProcess.tool(database, "rollback")) {
        assertThat(child.exitStatus(Runs.PATIENCE)).as(child.toString()).isZero();
      }
      assertThat(SchemaDump.of(connection, "t").lines()).containsExactlyElementsOf(before.lines());
      database.execute("DELETE FROM t WHERE id = 12");
      assertThat(database.queryText("SELECT count(*) FROM t WHERE id IN (11, 12, 5000)"))
          .isEqualTo("0");
      assertThat(database.queryText("SELECT string_agg(t::text, ',' ORDER BY t) FROM gone_with_it"))
          .isEqualTo("10,13,14,15,16,17,18,19,20");
    }
  }

  private static void awaitFollowing(TestDatabase database, ChildProcess child) {
    try (Database opened = Runs.open(database)) {
      Awaitility.await()
          .atMost(Runs.PATIENCE)
          .until(
              () ->
                  !child.isAlive()
                      || opened.control().latest(1).stream()
                          .anyMatch(each -> each.detail().contains(HeldMigration.FOLLOWING)));
    }
    assertThat(child.isAlive()).as(child.toString()).isTrue();
  }

  private static void end(
      TestDatabase database,
      String change,
      Application application,
      Ending ending,
      MigrationState state) {
    try (HeldMigration held =
        HeldMigration.begin(() -> Runs.open(database), "t", change, Map.of())) {
      try {
        application.awaitRounds(20);
        Summary summary = held.end(ending);
        assertThat(summary.state()).isEqualTo(state);
        assertThat(summary.notes()).isEmpty();
        assertThat(summary.divergentRows()).isZero();
        application.awaitRounds(20);
      } catch (RuntimeException | AssertionError e) {
        System.out.println(held);
        throw e;
      }
    }
  }

  /**
   * A parent with children, in this order or the other, under one that stays; or the end of one.
   */
  private void write(Connection connection, Deque<Integer> own, int[] last) throws SQLException {
    connection.setAutoCommit(false);
    if (own.size() > 10) {
      delete(connection, own.remove());
      return;
    }
    int id = ++last[0];
    execute(connection, "INSERT INTO at_the_end VALUES (?)", id);
    execute(connection, "INSERT INTO t (id, up, kind) VALUES (?, 1 + random() * 9, 3)", id);
    execute(connection, "INSERT INTO gone_with_it VALUES (?)", id);
    execute(connection, "INSERT INTO emptied VALUES (?, 1)", id);
    execute(connection, "INSERT INTO t (id, up) VALUES (?, ?)", -id, id);
    connection.commit();
    own.add(id);
    alive.add(id);
  }

  private void delete(Connection connection, int id) throws SQLException {
    execute(connection, "DELETE FROM t WHERE id = ?", id);
    connection.commit();
    alive.remove(id);
    for (String table : List.of("gone_with_it", "emptied", "at_the_end")) {
      assertThat(ids(connection, "SELECT t FROM " + table + " WHERE t = " + id))
          .as(table)
          .isEmpty();
    }
    assertThat(ids(connection, "SELECT id FROM t WHERE id = " + -id)).isEmpty();
    connection.commit();
  }

  private static void tryWhatMayNotBe(Connection connection) throws SQLException {
    String statement =
        switch (ThreadLocalRandom.current().nextInt(6)) {
          case 0 -> "INSERT INTO strict VALUES (-1)";
          case 1 -> "DELETE FROM t WHERE id = 1";
          case 2 -> "INSERT INTO at_the_end VALUES (-1)";
          case 3 -> "INSERT INTO t (id, up) VALUES (-2, -1)";
          case 4 -> "UPDATE t SET kind = 77 WHERE id = 2";
          default -> "UPDATE t SET id = -7 WHERE id = 1";
        };
    connection.setAutoCommit(true);
    try (Statement sent = connection.createStatement()) {
      sent.execute(statement);
    } catch (SQLException e) {
      if (VIOLATION.equals(e.getSQLState())) {
        return;
      }
      throw e;
    }
    throw new AssertionError("passed: " + statement);
  }

  private static void execute(Connection connection, String sql, int... parameters)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setInt(i + 1, parameters[i]);
      }
      statement.execute();
    }
  }

  private static TreeSet<Integer> ids(Connection connection, String query) throws SQLException {
    TreeSet<Integer> ids = new TreeSet<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        ids.add(rows.getInt(1));
      }
    }
    return ids;
  }
}
