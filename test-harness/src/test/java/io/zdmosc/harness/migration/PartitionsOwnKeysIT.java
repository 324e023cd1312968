package io.zdmosc.harness.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zdmosc.engine.ChangeRequest;
import io.zdmosc.engine.Migration;
import io.zdmosc.engine.MigrationState;
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
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Foreign keys that single partitions have by themselves, and those of others to single partitions,
 * when the whole table is changed; and sequences of their columns.
 */
class PartitionsOwnKeysIT {
  private static final String LEAF = "\"Le\"\"af\"";

  private static final List<String> TABLES =
      List.of(
          "\"T t\"",
          LEAF,
          "mid",
          "mid_a",
          "\"o ther\".mid_b",
          "t_rest",
          "child",
          "kids",
          "kids_1",
          "kind",
          "\"W w\"");

  private static final List<String> CHANGE =
      List.of(
          "ALTER COLUMN \"ki nd\" TYPE bigint",
          "ADD COLUMN extra int DEFAULT 5",
          "RENAME COLUMN unsure TO \"un sure\"",
          "RENAME COLUMN id TO \"i d\"");

  /** The partitions number their columns otherwise than the table does. */
  private static void create(TestDatabase database) throws SQLException {
    database.execute(
        "CREATE TABLE kind (id int PRIMARY KEY)",
        "INSERT INTO kind VALUES (1), (2)",
        "CREATE TABLE \"W w\" (id int PRIMARY KEY) PARTITION BY RANGE (id)",
        "CREATE TABLE w_1 PARTITION OF \"W w\" FOR VALUES FROM (1) TO (5)",
        "CREATE TABLE w_2 PARTITION OF \"W w\" DEFAULT",
        "INSERT INTO \"W w\" VALUES (1), (7)",
        "CREATE TABLE \"T t\" (gone int, id bigint NOT NULL, at int NOT NULL, \"ki nd\" int DEFAULT 1,"
            + " unsure int DEFAULT 1, whole int DEFAULT 1, up bigint, n bigint,"
            + " PRIMARY KEY (id, at)) PARTITION BY RANGE (at)",
        "ALTER TABLE \"T t\" DROP COLUMN gone",
        "CREATE TABLE " + LEAF + " PARTITION OF \"T t\" FOR VALUES FROM (MINVALUE) TO (100)",
        "CREATE TABLE mid PARTITION OF \"T t\" FOR VALUES FROM (100) TO (200) PARTITION BY HASH (id)",
        "CREATE TABLE mid_a PARTITION OF mid FOR VALUES WITH (MODULUS 2, REMAINDER 0)",
        "CREATE SCHEMA \"o ther\"",
        "CREATE TABLE \"o ther\".mid_b PARTITION OF mid FOR VALUES WITH (MODULUS 2, REMAINDER 1)",
        "CREATE TABLE t_rest PARTITION OF \"T t\" DEFAULT",
        "INSERT INTO \"T t\" (id, at) SELECT i, i FROM generate_series(1, 300) i",
        "UPDATE \"T t\" SET unsure = 77 WHERE id = 9",
        "ALTER TABLE " + LEAF + " ADD CONSTRAINT sole UNIQUE (id)");
    keys(database);
    database.execute(
        "CREATE SEQUENCE \"s q\" START 1000",
        "ALTER TABLE t_rest ALTER n SET DEFAULT nextval('\"s q\"')",
        "ALTER SEQUENCE \"s q\" OWNED BY t_rest.n",
        "CREATE SEQUENCE counted OWNED BY mid_a.up",
        "CREATE SEQUENCE \"o ther\".far OWNED BY \"o ther\".mid_b.up");
  }

  private static void keys(TestDatabase database) throws SQLException {
    database.execute(
        "ALTER TABLE "
            + LEAF
            + " ADD CONSTRAINT \"o wn\" FOREIGN KEY (\"ki nd\") REFERENCES kind ON DELETE SET NULL"
            + " DEFERRABLE INITIALLY DEFERRED",
        "COMMENT ON CONSTRAINT \"o wn\" ON " + LEAF + " IS 'it''s mine'",
        "ALTER TABLE "
            + LEAF
            + " ADD CONSTRAINT unsure FOREIGN KEY (unsure) REFERENCES kind NOT VALID",
        "ALTER TABLE mid ADD CONSTRAINT mine FOREIGN KEY (whole) REFERENCES \"W w\" ON UPDATE CASCADE",
        "ALTER TABLE t_rest ADD CONSTRAINT within FOREIGN KEY (up) REFERENCES " + LEAF + " (id)",
        "ALTER TABLE t_rest ADD CONSTRAINT above FOREIGN KEY (up, n) REFERENCES \"T t\" (id, at)",
        "UPDATE \"T t\" SET up = 3 WHERE id = 250",
        "CREATE TABLE child (id bigint CONSTRAINT \"in co\" REFERENCES "
            + LEAF
            + " (id) ON UPDATE CASCADE, other bigint)",
        "COMMENT ON CONSTRAINT \"in co\" ON child IS 'theirs'",
        "INSERT INTO child VALUES (5, 123456)",
        "ALTER TABLE child ADD CONSTRAINT later FOREIGN KEY (other) REFERENCES "
            + LEAF
            + " (id) NOT VALID",
        "CREATE TABLE kids (id bigint, CONSTRAINT kin FOREIGN KEY (id) REFERENCES "
            + LEAF
            + " (id)) PARTITION BY RANGE (id)",
        "CREATE TABLE kids_1 PARTITION OF kids DEFAULT",
        "INSERT INTO kids VALUES (6)");
  }

  /** Each by the key that must forbid it. */
  private static void assertEnforced(TestDatabase database, String id, String unsure)
      throws SQLException {
    Map<String, String> violations =
        Map.ofEntries(
            Map.entry("UPDATE \"T t\" SET \"ki nd\" = 99 WHERE %s = 8", "o wn"),
            Map.entry("UPDATE \"Le\"\"af\" SET " + unsure + " = 99 WHERE %s = 8", "unsure"),
            Map.entry("UPDATE \"T t\" SET whole = 99 WHERE %s = 150", "mine"),
            Map.entry("UPDATE t_rest SET up = 4444 WHERE %s = 251", "within"),
            Map.entry("UPDATE t_rest SET up = 3, n = 4 WHERE %s = 252", "above"),
            Map.entry("INSERT INTO child VALUES (777)", "in co"),
            Map.entry("INSERT INTO child VALUES (NULL, 777)", "later"),
            Map.entry("INSERT INTO kids VALUES (777)", "kin"),
            Map.entry("DELETE FROM \"T t\" WHERE %s = 5", "in co"),
            Map.entry("DELETE FROM \"Le\"\"af\" WHERE %s = 6", "kin"),
            Map.entry("DELETE FROM \"Le\"\"af\" WHERE %s = 3", "within"),
            // by a part of it, whose name is the server's choice
            Map.entry("DELETE FROM \"W w\" WHERE id = 1", ""));
    violations.forEach(
        (violation, key) ->
            assertThatThrownBy(() -> database.execute(violation.formatted(id)))
                .as(violation)
                .hasMessageContaining("violates foreign key constraint \"" + key));
    // what it does when a row goes is not forgotten, either
    assertThat(
            database.queryText(
                "SELECT string_agg(confdeltype::text || ' ' || confupdtype::text, ',' ORDER BY conname) FROM"
                    + " pg_constraint WHERE conname IN ('o wn', 'in co')"
                    + " AND conrelid::regclass::text !~ 'zdm_'"))
        .isEqualTo("a c,n a");
  }

  @ParameterizedTest(name = "on PostgreSQL {0}")
  @MethodSource("io.zdmosc.harness.migration.PartitionByIT#oldestAndNewest")
  void sameAsAfterANativeChange(int major) throws Exception {
    try (TestDatabase migrated = SharedServers.freshDatabase(major);
        TestDatabase altered = SharedServers.freshDatabase(major);
        Connection one = migrated.connect();
        Connection other = altered.connect();
        Database opened = Runs.open(migrated)) {
      create(migrated);
      create(altered);
      for (String action : CHANGE) {
        altered.execute("ALTER TABLE \"T t\" " + action);
      }
      Trail trail =
          new Trail()
              .on(MigrationState.SWAPPED, () -> assertEnforced(migrated, "\"i d\"", "\"un sure\""));
      Summary summary =
          new Migration(
                  opened,
                  new ChangeRequest("\"T t\"", String.join(", ", CHANGE)),
                  Runs.options(),
                  trail)
              .run();
      assertThat(summary.notes()).isEmpty();
      assertThat(trail.states()).contains(MigrationState.SWAPPED);
      assertThat(lines(one, major)).containsExactlyElementsOf(lines(other, major));
      assertThat(validity(migrated))
          .isEqualTo(validity(altered))
          .contains("unsure false", "later false", "kin true");
      assertEnforced(migrated, "\"i d\"", "\"un sure\"");
      migrated.execute("INSERT INTO t_rest (\"i d\", at) VALUES (900, 900)");
      assertThat(migrated.queryText("SELECT n FROM t_rest WHERE at = 900")).isEqualTo("1000");
      Traces.assertNoneButTheRetiredTable(migrated);
      migrated.execute(
          "DO $$ BEGIN EXECUTE (SELECT 'DROP TABLE ' || c.oid::regclass FROM pg_class c"
              + " WHERE relname ~ '_old$' AND relkind = 'p' AND NOT relispartition); END $$");
      assertThat(migrated.queryText("SELECT nextval('counted') + nextval('\"s q\"')"))
          .isEqualTo("1002");
    }
  }

  @ParameterizedTest(name = "on PostgreSQL {0}")
  @MethodSource("io.zdmosc.harness.migration.PartitionByIT#oldestAndNewest")
  void areHeldAndRolledBack(int major) throws Exception {
    try (TestDatabase database = SharedServers.freshDatabase(major);
        Connection connection = database.connect()) {
      create(database);
      List<String> before = lines(connection, major);
      String valid = validity(database);
      try (HeldMigration held =
          HeldMigration.begin(
              () -> Runs.open(database), "\"T t\"", String.join(", ", CHANGE), Map.of())) {
        assertEnforced(database, "\"i d\"", "\"un sure\"");
        database.execute(
            "UPDATE \"T t\" SET \"i d\" = 1005 WHERE at = 5", "DELETE FROM kind WHERE id = 2");
        Summary summary = held.end(Ending.ROLLBACK_AND_DROP);
        assertThat(summary.state()).isEqualTo(MigrationState.ROLLED_BACK);
        assertThat(summary.notes()).isEmpty();
      }
      assertThat(lines(connection, major)).containsExactlyElementsOf(before);
      assertThat(validity(database)).isEqualTo(valid);
      assertThat(database.queryText("SELECT min(id) FROM child")).isEqualTo("1005");
      database.execute("UPDATE \"T t\" SET id = 5 WHERE id = 1005");
      assertEnforced(database, "id", "unsure");
      Traces.assertNone(database);
    }
  }

  /** One goes with its column; on the way back it is there again, and so is the sequence. */
  @ParameterizedTest(name = "on PostgreSQL {0}")
  @MethodSource("io.zdmosc.harness.migration.PartitionByIT#oldestAndNewest")
  void goWithAColumnThatIsDropped(int major) throws Exception {
    try (TestDatabase database = SharedServers.freshDatabase(major);
        Connection connection = database.connect()) {
      create(database);
      List<String> before = lines(connection, major);
      try (HeldMigration held =
          HeldMigration.begin(
              () -> Runs.open(database), "\"T t\"", "DROP COLUMN up, DROP COLUMN n", Map.of())) {
        assertThat(validity(database)).doesNotContain("within").doesNotContain("above");
        assertThat(held.end(Ending.ROLLBACK_AND_DROP).notes()).isEmpty();
      }
      assertThat(lines(connection, major)).containsExactlyElementsOf(before);
      assertEnforced(database, "id", "unsure");
      Traces.assertNone(database);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ALTER TABLE child DROP CONSTRAINT \"in co\"",
        "ALTER TABLE \"Le\"\"af\" ADD FOREIGN KEY (whole) REFERENCES kind",
        "ALTER TABLE mid RENAME CONSTRAINT mine TO yours",
        "ALTER TABLE \"Le\"\"af\" ALTER CONSTRAINT \"o wn\" NOT DEFERRABLE",
        "COMMENT ON CONSTRAINT \"in co\" ON child IS 'other'",
        "DELETE FROM child; ALTER TABLE child VALIDATE CONSTRAINT later",
        "ALTER SEQUENCE \"s q\" OWNED BY NONE",
      })
  void aChangeMeanwhileEndsIt(String change) throws Exception {
    try (TestDatabase database = SharedServers.freshDatabase(SharedServers.newestMajor())) {
      create(database);
      Runs.assertStopped(database, change, "\"T t\"", "").hasMessageContaining("partitions");
      Traces.assertNone(database);
    }
  }

  @Test
  void whatCannotBeIsRefusedByName() throws Exception {
    try (TestDatabase database = SharedServers.freshDatabase(SharedServers.newestMajor())) {
      create(database);
      refused(database, "ADD CONSTRAINT new FOREIGN KEY (\"ki nd\") REFERENCES kind")
          .hasMessageContaining("foreign key o wn of public.\"Le\"\"af\"")
          .hasMessageContaining("is like the key new");
      refused(database, "ADD CONSTRAINT mine CHECK (n > 0)")
          .hasMessageContaining("foreign key mine of public.mid")
          .hasMessageContaining("already exists");
      refused(database, "ALTER COLUMN \"ki nd\" TYPE text")
          .hasMessageContaining("foreign key o wn of public.\"Le\"\"af\"")
          .hasMessageContaining("cannot be implemented");
      database.execute("ALTER TABLE child DISABLE TRIGGER ALL");
      refused(database, "")
          .hasMessageContaining("foreign key in co of public.child")
          .hasMessageContaining("does not hold");
      database.execute(
          "ALTER TABLE child ENABLE TRIGGER ALL",
          "ALTER TABLE \"T t\" ADD CONSTRAINT named FOREIGN KEY (whole) REFERENCES kind",
          "ALTER TABLE t_rest RENAME CONSTRAINT named TO other_name",
          "ALTER TABLE t_rest RENAME CONSTRAINT above TO named");
      refused(database, "").hasMessageContaining("has the name of a foreign key");
    }
  }

  private static AbstractThrowableAssert<?, ?> refused(TestDatabase database, String alter) {
    try (Database opened = Runs.open(database)) {
      return assertThatThrownBy(() -> opened.plan(new ChangeRequest("\"T t\"", alter)))
          .isInstanceOf(RefusedException.class);
    }
  }

  /** Before version 18 the server leaves parts of a key marked as not valid for good. */
  private static List<String> lines(Connection connection, int major) throws SQLException {
    List<String> lines = new ArrayList<>();
    for (String table : TABLES) {
      for (String line : SchemaDump.of(connection, table).withoutSequenceStates().lines()) {
        boolean part = major < 18 && line.contains("FOREIGN KEY");
        lines.add(
            part ? line.replace(" NOT VALID", "").replace("validated f", "validated t") : line);
      }
    }
    return lines;
  }

  private static String validity(TestDatabase database) throws SQLException {
    return database.queryText(
        "SELECT string_agg(conname || ' ' || convalidated, ', ' ORDER BY conname) FROM pg_constraint"
            + " WHERE contype = 'f' AND conparentid = 0 AND conrelid::regclass::text !~ 'zdm_'");
  }
}
