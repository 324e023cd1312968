package io.zdmosc.harness.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zdmosc.engine.ChangeRequest;
import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.engine.progress.Summary;
import io.zdmosc.engine.spi.Database;
import io.zdmosc.engine.spi.Orders.Ending;
import io.zdmosc.harness.schema.SchemaDump;
import io.zdmosc.harness.server.EmbeddedPostgresServer;
import io.zdmosc.harness.server.PostgresServer;
import io.zdmosc.harness.server.SharedServers;
import io.zdmosc.harness.server.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A partition that is partitioned itself is changed by itself, with its partitions. */
class PartitionedPartitionIT {
  private static final String MIDDLE = "\"Mid\"\"dle\"";
  private static final String CHANGE =
      "ADD CONSTRAINT small CHECK (length(note) < 100), ALTER note SET STATISTICS 200";
  private static final List<String> TABLES =
      List.of("t", MIDDLE, "mid_eu", "mid_us", "mid_us_1", "mid_us_rest", "t_before", "t_rest");

  private static void create(TestDatabase database) throws SQLException {
    database.execute(
        "CREATE SEQUENCE numbers START 10000000",
        "CREATE TABLE t (id bigint NOT NULL DEFAULT nextval('numbers'), created_at timestamptz NOT"
            + " NULL, land text NOT NULL DEFAULT 'eu', note text CHECK (note <> 'bad'),"
            + " PRIMARY KEY (id, created_at, land)) PARTITION BY RANGE (created_at)",
        "CREATE TABLE t_before PARTITION OF t FOR VALUES FROM (MINVALUE) TO ('2023-06-01')",
        "CREATE TABLE "
            + MIDDLE
            + " PARTITION OF t FOR VALUES FROM ('2023-06-01') TO ('2024-03-01')"
            + " PARTITION BY LIST (land)",
        "CREATE TABLE mid_eu PARTITION OF " + MIDDLE + " FOR VALUES IN ('eu')",
        "CREATE TABLE mid_us PARTITION OF " + MIDDLE + " DEFAULT PARTITION BY RANGE (id)",
        "CREATE TABLE mid_us_1 PARTITION OF mid_us FOR VALUES FROM (1) TO (2000)"
            + " WITH (fillfactor = 80)",
        "CREATE TABLE mid_us_rest PARTITION OF mid_us DEFAULT",
        "CREATE TABLE t_rest PARTITION OF t DEFAULT",
        "CREATE INDEX note_idx ON t (lower(note))",
        "CREATE INDEX own ON " + MIDDLE + " (note) WHERE note <> ''",
        "CREATE INDEX own_leaf ON mid_eu (note, id)",
        "ALTER TABLE " + MIDDLE + " ADD CONSTRAINT unsure CHECK (note <> 'worse') NOT VALID",
        "ALTER TABLE mid_us VALIDATE CONSTRAINT unsure",
        "ALTER TABLE mid_us ADD CONSTRAINT \"un sure\" CHECK (note <> 'worst') NOT VALID",
        "ALTER TABLE mid_us_1 VALIDATE CONSTRAINT \"un sure\"",
        "DO $$ BEGIN IF current_setting('server_version_num')::int >= 180000 THEN EXECUTE 'ALTER TABLE"
            + " \"Mid\"\"dle\" ADD CONSTRAINT present NOT NULL note NOT VALID; ALTER TABLE mid_us VALIDATE"
            + " CONSTRAINT present'; END IF; END $$",
        "ALTER TABLE mid_eu ADD CONSTRAINT leafs CHECK (id < 1000000000)",
        "COMMENT ON TABLE " + MIDDLE + " IS 'partitions of a partition'",
        "GRANT SELECT ON " + MIDDLE + " TO PUBLIC",
        "CREATE VIEW seen AS SELECT id FROM " + MIDDLE,
        "CREATE VIEW seen_leaf AS SELECT id FROM mid_eu",
        "CREATE FUNCTION touched() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$",
        "CREATE TRIGGER touch BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION touched()",
        "CREATE TRIGGER own AFTER INSERT ON " + MIDDLE + " FOR EACH ROW EXECUTE FUNCTION touched()",
        "ALTER TABLE mid_eu DISABLE TRIGGER touch",
        "CREATE PUBLICATION via FOR TABLE t WITH (publish_via_partition_root = true)",
        "INSERT INTO t (id, created_at, land, note) SELECT i, timestamptz '2023-01-01 00:00+00'"
            + " + i * interval '5 hours', CASE WHEN i % 3 = 0 THEN 'eu' ELSE 'us' END, i"
            + " FROM generate_series(1, 3000) i");
  }

  @ParameterizedTest(name = "on PostgreSQL {0}")
  @MethodSource("io.zdmosc.harness.migration.PartitionByIT#oldestAndNewest")
  void staysWhereItWas(int major) throws Exception {
    PostgresServer server = SharedServers.of(major);
    try (TestDatabase migrated = SharedServers.freshDatabase(major);
        TestDatabase altered = SharedServers.freshDatabase(major);
        Connection one = migrated.connect();
        Connection other = altered.connect()) {
      create(migrated);
      create(altered);
      migrated.execute("ALTER DATABASE " + migrated.name() + " SET log_min_messages = debug1");
      long before = implied(server);
      altered.execute("ALTER TABLE " + MIDDLE + " " + CHANGE);
      try (MirroredWriters writers = MirroredWriters.start(migrated, "t")) {
        writers.awaitMore(20);
        Summary summary = Runs.migrate(migrated, MIDDLE, CHANGE);
        assertThat(summary.notes()).isEmpty();
        assertThat(summary.divergentRows()).isZero();
        writers.awaitMore(20);
        writers.stopAndCompare();
      }
      assertThat(dumps(one)).isEqualTo(dumps(other));
      assertThat(migrated.queryText("SELECT count(*) > 0 FROM mid_us_rest")).isEqualTo("t");
      Traces.assertNoneButTheRetiredTable(migrated);
      if (server instanceof EmbeddedPostgresServer) {
        // once in the plan, once in the swap
        assertThat(implied(server) - before).isEqualTo(2);
      }
    }
  }

  @ParameterizedTest(name = "on PostgreSQL {0}")
  @MethodSource("io.zdmosc.harness.migration.PartitionByIT#oldestAndNewest")
  void isHeldAndRolledBack(int major) throws Exception {
    try (TestDatabase database = SharedServers.freshDatabase(major);
        Connection connection = database.connect()) {
      create(database);
      List<String> before = dumps(connection);
      try (MirroredWriters writers = MirroredWriters.start(database, "t");
          HeldMigration held =
              HeldMigration.begin(() -> Runs.open(database), MIDDLE, CHANGE, Map.of())) {
        writers.awaitMore(200);
        Summary summary = held.end(Ending.ROLLBACK_AND_DROP);
        assertThat(summary.state()).isEqualTo(MigrationState.ROLLED_BACK);
        assertThat(summary.divergentRows()).isZero();
        writers.awaitMore(20);
        writers.stopAndCompare();
      }
      assertThat(dumps(connection)).isEqualTo(before);
      Traces.assertNone(database);
    }
  }

  /** Those of the table at the top, when a partition below it is changed and gets another name. */
  @ParameterizedTest(name = "on PostgreSQL {0}")
  @MethodSource("io.zdmosc.harness.migration.PartitionByIT#oldestAndNewest")
  void keysFromAboveAreThereAndBackAgain(int major) throws Exception {
    try (TestDatabase database = SharedServers.freshDatabase(major);
        Connection connection = database.connect()) {
      create(database);
      database.execute(
          "CREATE TABLE kind (id int PRIMARY KEY)",
          "INSERT INTO kind VALUES (1)",
          "ALTER TABLE t ADD kind int DEFAULT 1 CONSTRAINT \"out\" REFERENCES kind",
          "COMMENT ON CONSTRAINT \"out\" ON mid_us_1 IS 'a part'",
          "CREATE TABLE child (id bigint, at timestamptz, land text,"
              + " FOREIGN KEY (id, at, land) REFERENCES t)",
          "INSERT INTO child SELECT id, created_at, land FROM t WHERE id % 400 = 0",
          "CREATE TABLE kids (id bigint, at timestamptz, land text, CONSTRAINT kin"
              + " FOREIGN KEY (id, at, land) REFERENCES t) PARTITION BY RANGE (id)",
          "CREATE TABLE kids_1 PARTITION OF kids DEFAULT",
          "INSERT INTO kids SELECT * FROM child");
      List<String> before = validDumps(connection, major);
      List<ChangeRequest> changes = new ArrayList<>();
      changes.add(new ChangeRequest("mid_us_1", "RENAME TO \"mid us 1\"", "", true, Map.of()));
      if (major == SharedServers.newestMajor() || Boolean.getBoolean("zdm.long")) {
        changes.add(new ChangeRequest(MIDDLE, "", "", true, Map.of()));
      }
      for (ChangeRequest change : changes) {
        try (HeldMigration held = HeldMigration.begin(() -> Runs.open(database), change)) {
          database.execute("UPDATE t SET note = 'x' WHERE id = 1000");
          assertEnforced(database);
          Summary summary = held.end(Ending.ROLLBACK_AND_DROP);
          assertThat(summary.notes()).isEmpty();
        }
        assertThat(validDumps(connection, major)).isEqualTo(before);
      }
      Summary summary = Runs.migrate(database, "mid_us_1", "RENAME TO \"mid us 1\"");
      assertThat(summary.notes()).isEmpty();
      assertEnforced(database);
      Traces.assertNoneButTheRetiredTable(database);
      database.execute("ALTER TABLE \"mid us 1\" RENAME TO mid_us_1");
      assertThat(validDumps(connection, major)).isEqualTo(before);
    }
  }

  /** Where partitions have their table's identity, those of an attached one do not get it. */
  @Test
  void identityFromAboveIsRefused() throws Exception {
    try (TestDatabase database = SharedServers.freshDatabase(SharedServers.newestMajor());
        Database opened = Runs.open(database)) {
      database.execute(
          "CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY, a int, PRIMARY KEY (id, a))"
              + " PARTITION BY LIST (a)",
          "CREATE TABLE m PARTITION OF t DEFAULT PARTITION BY HASH (id)",
          "CREATE TABLE m_0 PARTITION OF m FOR VALUES WITH (MODULUS 1, REMAINDER 0)");
      assertThatThrownBy(() -> opened.plan(new ChangeRequest("m", "")))
          .isInstanceOf(RefusedException.class)
          .hasMessageContaining("identity of column \"id\"");
      assertThat(opened.plan(new ChangeRequest("m_0", "")).plan().table()).contains("m_0");
    }
  }

  /** What happens further up is part of it, as far as the swap has to do with that. */
  @Test
  void aChangeFurtherUpEndsIt() throws Exception {
    try (TestDatabase database = SharedServers.freshDatabase(SharedServers.newestMajor())) {
      create(database);
      database.execute("CREATE TABLE child (id bigint, at timestamptz, land text)");
      for (String change :
          List.of(
              "ALTER TABLE child ADD CONSTRAINT up FOREIGN KEY (id, at, land) REFERENCES t",
              "ALTER TABLE child DROP CONSTRAINT up",
              "ALTER TABLE t RENAME TO other")) {
        Runs.assertStopped(database, change, "mid_us_1", "").hasMessageContaining("changed");
      }
      Traces.assertNone(database);
    }
  }

  private static void assertEnforced(TestDatabase database) {
    for (String violation :
        List.of(
            "UPDATE t SET kind = 9 WHERE id = 1000",
            "UPDATE kids SET id = -1",
            "UPDATE child SET id = -1",
            "DELETE FROM t WHERE id = 1600")) {
      assertThatThrownBy(() -> database.execute(violation)).hasMessageContaining("foreign key");
    }
  }

  /** Before version 18 the server leaves parts of a key marked as not valid for good. */
  private static List<String> validDumps(Connection connection, int major) throws SQLException {
    List<String> lines = new ArrayList<>(dumps(connection));
    for (String table : List.of("child", "kids", "kids_1")) {
      lines.addAll(SchemaDump.of(connection, table).lines());
    }
    return lines.stream()
        .map(
            line ->
                major < 18 && line.contains("FOREIGN KEY")
                    ? line.replace(" NOT VALID", "").replace("validated f", "validated t")
                    : line)
        .toList();
  }

  private static long implied(PostgresServer server) throws IOException {
    if (server instanceof EmbeddedPostgresServer embedded) {
      try (Stream<String> log = Files.lines(embedded.logFile())) {
        String words = "partition constraint for table \"Mid\"dle\" is implied by existing";
        return log.filter(line -> line.contains(words)).count();
      }
    }
    return 0;
  }

  private static List<String> dumps(Connection connection) throws SQLException {
    List<String> lines = new ArrayList<>();
    for (String table : TABLES) {
      lines.addAll(SchemaDump.of(connection, table).withoutSequenceStates().lines());
    }
    return lines;
  }
}
