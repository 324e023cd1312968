package io.zdmosc.harness.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zdmosc.engine.ChangeRequest;
import io.zdmosc.engine.Dependents;
import io.zdmosc.engine.Partitioning;
import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.engine.progress.Summary;
import io.zdmosc.engine.spi.Database;
import io.zdmosc.engine.spi.Orders.Ending;
import io.zdmosc.harness.schema.SchemaDump;
import io.zdmosc.harness.server.SharedServers;
import io.zdmosc.harness.server.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each partition has a replica identity of its own, and rows move between them. */
class PartitionReplicaIdentityIT {
  private static final String CHANGE = "ALTER COLUMN other TYPE bigint, ADD COLUMN extra int";
  private static final List<String> TABLES =
      List.of("t", "t_full", "t_part", "t_own", "mid", "mid_0", "\"m id 1\"", "t_rest");

  private static void create(TestDatabase database) throws SQLException {
    database.execute(
        "CREATE TABLE t (id bigint, created_at timestamptz, note text NOT NULL, n int NOT NULL"
            + " DEFAULT 0, other int, PRIMARY KEY (id, created_at)) PARTITION BY RANGE (created_at)",
        "CREATE TABLE t_full PARTITION OF t FOR VALUES FROM (MINVALUE) TO ('2023-04-01')",
        "CREATE TABLE t_part PARTITION OF t FOR VALUES FROM ('2023-04-01') TO ('2023-08-01')",
        "CREATE TABLE t_own PARTITION OF t FOR VALUES FROM ('2023-08-01') TO ('2023-12-01')",
        "CREATE TABLE mid PARTITION OF t FOR VALUES FROM ('2023-12-01') TO ('2024-06-01')"
            + " PARTITION BY HASH (id)",
        "CREATE TABLE mid_0 PARTITION OF mid FOR VALUES WITH (MODULUS 2, REMAINDER 0)",
        "CREATE TABLE \"m id 1\" PARTITION OF mid FOR VALUES WITH (MODULUS 2, REMAINDER 1)",
        "CREATE TABLE t_rest PARTITION OF t DEFAULT",
        "CREATE UNIQUE INDEX wide ON t (created_at, id, n)",
        "ALTER INDEX t_part_created_at_id_n_idx RENAME TO \"wi de\"",
        "CREATE UNIQUE INDEX \"o wn\" ON t_own (note, created_at, id)",
        "INSERT INTO t (id, created_at, note) SELECT i, timestamptz '2023-01-01 00:00+00'"
            + " + i * interval '5 hours', i FROM generate_series(1, 3000) i");
    identify(database);
  }

  private static void identify(TestDatabase database) throws SQLException {
    database.execute(
        "ALTER TABLE t REPLICA IDENTITY NOTHING",
        "ALTER TABLE t_full REPLICA IDENTITY FULL",
        "ALTER TABLE t_part REPLICA IDENTITY USING INDEX \"wi de\"",
        "ALTER TABLE t_own REPLICA IDENTITY USING INDEX \"o wn\"",
        "ALTER TABLE mid REPLICA IDENTITY USING INDEX mid_created_at_id_n_idx",
        "ALTER TABLE mid_0 REPLICA IDENTITY FULL",
        "CREATE PUBLICATION via FOR TABLE t WITH (publish_via_partition_root = true)");
  }

  @ParameterizedTest(name = "on PostgreSQL {0}")
  @MethodSource("io.zdmosc.harness.migration.PartitionByIT#oldestAndNewest")
  void eachPartitionKeepsItsOwn(int major) throws Exception {
    try (TestDatabase migrated = SharedServers.freshDatabase(major);
        TestDatabase altered = SharedServers.freshDatabase(major);
        Connection one = migrated.connect();
        Connection other = altered.connect()) {
      create(migrated);
      create(altered);
      altered.execute("ALTER TABLE t " + CHANGE);
      List<String> before = dumps(one);
      try (MirroredWriters writers = MirroredWriters.start(migrated, "t")) {
        try (HeldMigration held =
            HeldMigration.begin(() -> Runs.open(migrated), "t", CHANGE, Map.of())) {
          assertThat(dumps(one)).isEqualTo(dumps(other));
          writers.awaitMore(200);
          assertThat(held.end(Ending.ROLLBACK_AND_DROP).divergentRows()).isZero();
        }
        assertThat(dumps(one)).isEqualTo(before);
        Summary summary = Runs.migrate(migrated, "t", CHANGE);
        assertThat(summary.divergentRows()).isZero();
        writers.awaitMore(20);
        writers.stopAndCompare();
      }
      assertThat(dumps(one)).isEqualTo(dumps(other));
      Traces.assertNoneButTheRetiredTable(migrated);
    }
  }

  /** Rows are told by what all partitions log, be it not the primary key. */
  @Test
  void whatAllPartitionsLogTellsTheRows() throws Exception {
    try (TestDatabase database = SharedServers.freshDatabase(SharedServers.newestMajor());
        Connection connection = database.connect()) {
      database.execute(
          "CREATE TABLE t (id bigint, created_at timestamptz, note text NOT NULL,"
              + " PRIMARY KEY (id, created_at)) PARTITION BY RANGE (created_at)",
          "CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (MINVALUE) TO ('2023-06-01')",
          "CREATE TABLE t_2 PARTITION OF t DEFAULT",
          "CREATE UNIQUE INDEX by_note ON t (created_at, note)",
          "ALTER TABLE t_1 REPLICA IDENTITY USING INDEX t_1_created_at_note_idx",
          "ALTER TABLE t_2 REPLICA IDENTITY USING INDEX t_2_created_at_note_idx",
          "INSERT INTO t SELECT i, timestamptz '2023-05-01' + i * interval '1 hour', i"
              + " FROM generate_series(1, 1000) i");
      SchemaDump before = SchemaDump.of(connection, "t_1");
      try (Database opened = Runs.open(database)) {
        assertThat(opened.plan(new ChangeRequest("t", "")).plan().key())
            .containsExactly("created_at", "note");
      }
      Runs.migrate(database, "t", "");
      assertThat(SchemaDump.of(connection, "t_1").lines()).isEqualTo(before.lines());
      database.execute("ALTER TABLE t_2 REPLICA IDENTITY DEFAULT");
      refused(database, "partition \"public\".\"t_1\"", "(id, created_at)");
    }
  }

  @Test
  void whatCannotBeFollowedIsRefusedByName() throws Exception {
    try (TestDatabase database = SharedServers.freshDatabase(SharedServers.newestMajor())) {
      create(database);
      database.execute(
          "ALTER TABLE \"m id 1\" REPLICA IDENTITY NOTHING",
          "CREATE UNIQUE INDEX note_only ON t_rest (note, created_at)",
          "ALTER TABLE t_rest REPLICA IDENTITY USING INDEX note_only");
      refused(
          database,
          "partition \"public\".\"m id 1\"",
          "partition \"public\".\"t_rest\"",
          "ALTER TABLE \"public\".\"t_rest\" REPLICA IDENTITY DEFAULT");
    }
  }

  private static void refused(TestDatabase database, String... words) {
    try (Database opened = Runs.open(database)) {
      assertThatThrownBy(() -> opened.plan(new ChangeRequest("t", "")))
          .isInstanceOf(RefusedException.class)
          .hasMessageContainingAll(words);
    }
  }

  /** New partitions have what their table has. */
  @ParameterizedTest
  @CsvSource({"FULL, f", "USING INDEX k, i"})
  void newPartitionsHaveTheTables(String identity, String letter) throws Exception {
    try (TestDatabase database = SharedServers.freshDatabase(SharedServers.newestMajor())) {
      database.execute(
          "CREATE TABLE t (id bigint PRIMARY KEY, n int NOT NULL)",
          "CREATE UNIQUE INDEX k ON t (id, n)",
          "ALTER TABLE t REPLICA IDENTITY " + identity,
          "INSERT INTO t SELECT i, i FROM generate_series(1, 100) i");
      ChangeRequest request =
          new ChangeRequest(
              "t",
              "",
              "",
              true,
              Map.of(),
              Dependents.KEPT,
              Optional.of(new Partitioning("HASH (id)", List.of("hash:2"))));
      try (HeldMigration held = HeldMigration.begin(() -> Runs.open(database), request)) {
        assertThat(
                database.queryText(
                    "SELECT string_agg(relreplident, '' ORDER BY relname) FROM pg_class"
                        + " WHERE relname IN ('t', 't_0', 't_1')"))
            .isEqualTo(letter.repeat(3));
        database.execute("DELETE FROM t WHERE id = 5", "UPDATE t SET n = -1 WHERE id = 6");
        held.end(Ending.ROLLBACK_AND_DROP);
      }
      assertThat(database.queryText("SELECT count(*) || ' ' || sum(n) FROM t"))
          .isEqualTo("99 5038");
    }
  }

  private static List<String> dumps(Connection connection) throws SQLException {
    List<String> lines = new ArrayList<>();
    for (String table : TABLES) {
      lines.addAll(SchemaDump.of(connection, table).lines());
    }
    // that of the way back is there as long as it is held
    lines.removeIf(line -> line.startsWith("publication zdm_osc_"));
    return lines;
  }
}
