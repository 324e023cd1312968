package io.zdmosc.harness.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.zdmosc.engine.ChangeRequest;
import io.zdmosc.engine.Dependents;
import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.engine.spi.Database;
import io.zdmosc.engine.spi.Orders.Ending;
import io.zdmosc.harness.server.SharedServers;
import io.zdmosc.harness.server.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The replica identity FULL together with generated columns: from PostgreSQL 18 on the server
 * refuses the application's changes where these are not published.
 */
class WholeRowIdentityIT {
  private TestDatabase database;

  @BeforeEach
  void open() throws SQLException {
    assumeTrue(SharedServers.newestMajor() >= 18);
    database = SharedServers.freshDatabase(SharedServers.newestMajor());
  }

  @AfterEach
  void drop() throws Exception {
    if (database != null) {
      database.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " PARTITION BY RANGE (id)"})
  void applicationMayGoOnWhereGeneratedColumnsAreStored(String partitioned) throws Exception {
    database.execute(
        "CREATE TABLE t (id int PRIMARY KEY, n int, s int GENERATED ALWAYS AS (n * 2) STORED)"
            + partitioned);
    if (!partitioned.isEmpty()) {
      database.execute("CREATE TABLE p PARTITION OF t FOR VALUES FROM (0) TO (1000000)");
    }
    database.execute(
        "ALTER TABLE " + (partitioned.isEmpty() ? "t" : "p") + " REPLICA IDENTITY FULL",
        "INSERT INTO t (id, n) SELECT g, 0 FROM generate_series(1, 2000) g");
    AtomicBoolean done = new AtomicBoolean();
    AtomicInteger written = new AtomicInteger();
    CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> write(done, written));
    try (HeldMigration held = hold("ADD COLUMN more int NOT NULL DEFAULT 1")) {
      assertThat(held.end(Ending.ROLLBACK).state()).isEqualTo(MigrationState.ROLLED_BACK);
    } finally {
      done.set(true);
    }
    writer.join(); // with what the server has refused
    assertThat(database.queryText("SELECT sum(n) || ' ' || sum(s) FROM t"))
        .isEqualTo(written.get() + " " + 2 * written.get());
  }

  private void write(AtomicBoolean done, AtomicInteger written) {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      for (int i = 0; !done.get(); i++) {
        statement.execute("UPDATE t SET n = n + 1 WHERE id = " + (i % 2000 + 1));
        written.incrementAndGet();
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void virtualColumnsAreRefusedByName() throws Exception {
    database.execute(
        "CREATE TABLE t (id int PRIMARY KEY, n int, v int GENERATED ALWAYS AS (n * 2) VIRTUAL)",
        "ALTER TABLE t REPLICA IDENTITY FULL");
    assertRefused(
        "ALTER COLUMN id TYPE bigint",
        "table \"public\".\"t\": has the replica identity FULL and virtual columns (v)");
    database.execute("ALTER TABLE t REPLICA IDENTITY DEFAULT");
    Runs.migrate(database, "t", "ALTER COLUMN id TYPE bigint");
  }

  @Test
  void virtualColumnsOfPartitionsAreRefusedByName() throws Exception {
    database.execute(
        "CREATE TABLE t (id int PRIMARY KEY, v int GENERATED ALWAYS AS (id * 2) VIRTUAL)"
            + " PARTITION BY RANGE (id)",
        "CREATE TABLE p PARTITION OF t FOR VALUES FROM (0) TO (10)",
        "CREATE TABLE q PARTITION OF t FOR VALUES FROM (10) TO (20)",
        "ALTER TABLE q REPLICA IDENTITY FULL");
    assertRefused(
        "ADD COLUMN n int",
        "partition \"public\".\"q\": has the replica identity FULL and virtual columns (v)");
  }

  /** The way back needs a publication of the new table. */
  @Test
  void newVirtualColumnsAreRefusedWhereTheOldTableIsToFollow() throws Exception {
    database.execute(
        "CREATE TABLE t (id int PRIMARY KEY, n int)", "ALTER TABLE t REPLICA IDENTITY FULL");
    String clause = "ADD COLUMN v int GENERATED ALWAYS AS (n * 2) VIRTUAL";
    assertThatThrownBy(() -> hold(clause).close())
        .hasMessageContaining("has the replica identity FULL and virtual columns (v)");
    Runs.migrate(database, "t", clause);
  }

  @Test
  void publicationOfAllTablesMustPublishGeneratedColumns() throws Exception {
    database.execute(
        "CREATE TABLE t (id int PRIMARY KEY, n int, s int GENERATED ALWAYS AS (n * 2) STORED)",
        "INSERT INTO t (id, n) SELECT g, 0 FROM generate_series(1, 100) g",
        "CREATE PUBLICATION whole FOR ALL TABLES");
    ChangeRequest request =
        new ChangeRequest(
            "t",
            "ALTER COLUMN id TYPE bigint",
            "",
            false,
            Map.of(),
            new Dependents(List.of(), false, List.of("whole")));
    try (Database opened = Runs.open(database)) {
      assertThatThrownBy(() -> opened.plan(request))
          .isInstanceOf(RefusedException.class)
          .hasMessageContaining("has generated columns in its new shape (s)");
      database.execute("ALTER PUBLICATION whole SET (publish_generated_columns = stored)");
      assertThat(opened.plan(request).plan().warnings())
          .anyMatch(warning -> warning.contains("publication whole of all tables"));
    }
  }

  private HeldMigration hold(String clause) {
    return HeldMigration.begin(() -> Runs.open(database), "t", clause, Map.of());
  }

  private void assertRefused(String clause, String words) {
    try (Database opened = Runs.open(database)) {
      assertThatThrownBy(() -> opened.plan(new ChangeRequest("t", clause)))
          .isInstanceOf(RefusedException.class)
          .hasMessageContaining(words);
    }
  }
}
