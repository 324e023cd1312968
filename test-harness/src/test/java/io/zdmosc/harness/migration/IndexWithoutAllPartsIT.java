package io.zdmosc.harness.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zdmosc.engine.ChangeRequest;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Indexes made with ON ONLY have parts for some partitions, and are not valid. */
class IndexWithoutAllPartsIT {
  private static final String CHANGE = "ALTER COLUMN other TYPE bigint, ADD COLUMN extra int";
  private static final List<String> TABLES =
      List.of("t", "t_1", "\"mi d\"", "mid_0", "mid_1", "t_rest");

  private static void create(TestDatabase database) throws SQLException {
    database.execute(
        "CREATE TABLE t (id bigint, created_at timestamptz, note text, n bigint, other int,"
            + " PRIMARY KEY (id, created_at)) PARTITION BY RANGE (created_at)",
        "CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (MINVALUE) TO ('2023-06-01')",
        "CREATE TABLE \"mi d\" PARTITION OF t FOR VALUES FROM ('2023-06-01') TO ('2024-03-01')"
            + " PARTITION BY HASH (id)",
        "CREATE TABLE mid_0 PARTITION OF \"mi d\" FOR VALUES WITH (MODULUS 2, REMAINDER 0)",
        "CREATE TABLE mid_1 PARTITION OF \"mi d\" FOR VALUES WITH (MODULUS 2, REMAINDER 1)",
        "CREATE TABLE t_rest PARTITION OF t DEFAULT",
        "INSERT INTO t (id, created_at, note, n) SELECT i, timestamptz '2023-01-01 00:00+00'"
            + " + i * interval '5 hours', i, i FROM generate_series(1, 3000) i");
    indexes(database);
    constraints(database);
  }

  private static void indexes(TestDatabase database) throws SQLException {
    database.execute(
        "CREATE INDEX \"loo se\" ON ONLY t (note)",
        "COMMENT ON INDEX \"loo se\" IS 'to be completed'",
        "CREATE INDEX \"pa rt\" ON t_1 (note) WITH (fillfactor = 71)",
        "COMMENT ON INDEX \"pa rt\" IS 'the first part'",
        "ALTER INDEX \"loo se\" ATTACH PARTITION \"pa rt\"",
        "ALTER TABLE t_1 CLUSTER ON \"pa rt\"",
        "CREATE INDEX mid_note ON \"mi d\" (note)",
        "ALTER INDEX \"loo se\" ATTACH PARTITION mid_note",
        "COMMENT ON INDEX mid_0_note_idx IS 'a part of a part'",
        // of which a part lacks a part as well
        "CREATE INDEX deep ON ONLY t (lower(note))",
        "CREATE INDEX mid_deep ON ONLY \"mi d\" (lower(note))",
        "ALTER INDEX deep ATTACH PARTITION mid_deep",
        "CREATE INDEX mid_1_deep ON mid_1 (lower(note))",
        "ALTER INDEX mid_deep ATTACH PARTITION mid_1_deep",
        // of a partition alone, and with no part at all
        "CREATE INDEX only_mid ON ONLY \"mi d\" (n)",
        "CREATE INDEX only_mid_0 ON mid_0 (n)",
        "ALTER INDEX only_mid ATTACH PARTITION only_mid_0",
        "CREATE INDEX bare ON ONLY t (n, note)");
  }

  private static void constraints(TestDatabase database) throws SQLException {
    database.execute(
        "ALTER TABLE ONLY t ADD CONSTRAINT uni UNIQUE (id, created_at, note)",
        "ALTER TABLE t_1 ADD CONSTRAINT \"uni 1\" UNIQUE (id, created_at, note)",
        "ALTER INDEX uni ATTACH PARTITION \"uni 1\"",
        "COMMENT ON CONSTRAINT uni ON t IS 'whole'",
        "COMMENT ON CONSTRAINT \"uni 1\" ON t_1 IS 'part'",
        "ALTER TABLE ONLY t ADD CONSTRAINT late UNIQUE (created_at, id, n) DEFERRABLE",
        "ALTER TABLE t_rest ADD CONSTRAINT late_rest UNIQUE (created_at, id, n) DEFERRABLE",
        "ALTER INDEX late ATTACH PARTITION late_rest");
  }

  @ParameterizedTest(name = "on PostgreSQL {0}")
  @MethodSource("io.zdmosc.harness.migration.PartitionByIT#oldestAndNewest")
  void staysAsItWas(int major) throws Exception {
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
          writers.awaitMore(50);
          held.end(Ending.ROLLBACK_AND_DROP);
        }
        assertThat(dumps(one)).isEqualTo(before);
        Summary summary = Runs.migrate(migrated, "t", CHANGE);
        assertThat(summary.notes()).isEmpty();
        writers.awaitMore(20);
        writers.stopAndCompare();
      }
      assertThat(dumps(one)).isEqualTo(dumps(other));
      Traces.assertNoneButTheRetiredTable(migrated);
      // it can be completed as it could before
      migrated.execute(
          "CREATE INDEX last ON t_rest (note)", "ALTER INDEX \"loo se\" ATTACH PARTITION last");
      assertThat(
              migrated.queryText(
                  "SELECT indisvalid FROM pg_index WHERE indexrelid = '\"loo se\"'::regclass"))
          .isEqualTo("t");
    }
  }

  /** The server attaches the parts with the partition, and would make those that it lacks. */
  @Test
  void aSinglePartitionKeepsItsParts() throws Exception {
    try (TestDatabase database = SharedServers.freshDatabase(SharedServers.newestMajor());
        Connection connection = database.connect();
        Database opened = Runs.open(database)) {
      create(database);
      assertThatThrownBy(() -> opened.plan(new ChangeRequest("t_rest", "")))
          .isInstanceOf(RefusedException.class)
          .hasMessageContaining("lacks an index that the server would build")
          .hasMessageContaining("t_rest_note_idx USING btree (note)");
      database.execute("DROP INDEX deep, bare", "ALTER TABLE t DROP CONSTRAINT late");
      List<String> before = dumps(connection);
      Runs.migrate(database, "t_1", "");
      assertThat(dumps(connection)).isEqualTo(before);
    }
  }

  /** Who completes one meanwhile would find it as it was. */
  @Test
  void aPartThatIsAttachedEndsIt() throws Exception {
    try (TestDatabase database = SharedServers.freshDatabase(SharedServers.newestMajor())) {
      create(database);
      database.execute("CREATE INDEX more ON t_1 (lower(note))");
      Runs.assertStopped(database, "ALTER INDEX deep ATTACH PARTITION more", "t", CHANGE)
          .hasMessageContaining("changed");
      Traces.assertNone(database);
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
