package io.zdmosc.harness.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.engine.spi.ChangeStream;
import io.zdmosc.harness.server.SharedServers;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Keys come out as they are. */
interface KeyContract extends StreamUnderTest {
  /** Old and new with every replica identity: the primary key's, full, another index. */
  static Stream<Arguments> identities() {
    return StreamUnderTest.oldestAndNewest().stream()
        .flatMap(major -> Stream.of("d", "f", "i").map(identity -> arguments(major, identity)));
  }

  static Stream<KeyTypeCase> types() {
    long seed = System.nanoTime();
    System.out.println("seed of the random keys: " + seed);
    return Stream.concat(KeyTypeCase.all().stream(), KeyTypeCase.random(seed).stream());
  }

  @ParameterizedTest
  @MethodSource("io.zdmosc.harness.stream.KeyContract#identities")
  default void changesOfKeysReportBothUnderEveryReplicaIdentity(int major, String identity)
      throws SQLException {
    try (StreamedTable table = StreamedTable.inNewDatabase(major)) {
      table.execute(
          "CREATE TABLE t (v text, b text NOT NULL, a int NOT NULL, id int PRIMARY KEY)",
          "CREATE UNIQUE INDEX t_a_b ON t (a, b)",
          "INSERT INTO t VALUES ('v', 'one', 1, 10)");
      switch (identity) {
        case "i" -> table.execute("ALTER TABLE t REPLICA IDENTITY USING INDEX t_a_b");
        case "f" -> table.execute("ALTER TABLE t REPLICA IDENTITY FULL");
        default -> table.execute("ALTER TABLE t DROP CONSTRAINT t_pkey, ADD PRIMARY KEY (a, b)");
      }
      table.publish("public", "t", "a", "b");
      Recorder recorder = new Recorder();
      try (ChangeStream stream = start(table, recorder)) {
        table.execute(
            "UPDATE t SET v = 'w'", "UPDATE t SET a = 2", "UPDATE t SET b = 'two', id = 11");
        table.execute("UPDATE t SET id = 12", "DELETE FROM t");
        stream.writeFence("end");
        recorder.awaitFence("end");

        List<String> keys = recorder.keys();
        assertThat(keys.get(0)).isEqualTo("(1, one)");
        assertThat(keys.subList(1, 3)).containsExactlyInAnyOrder("(1, one)", "(2, one)");
        assertThat(keys.subList(3, 5)).containsExactlyInAnyOrder("(2, one)", "(2, two)");
        assertThat(keys.subList(5, keys.size())).isNotEmpty().allMatch("(2, two)"::equals);
      }
    }
  }

  /** The session's settings of the database are as unfriendly as they can be. */
  @ParameterizedTest
  @MethodSource("io.zdmosc.harness.stream.KeyContract#types")
  default void theServerReadsAReportedKeyAsTheRowsOwn(KeyTypeCase type) throws SQLException {
    try (StreamedTable table = StreamedTable.inNewDatabase(SharedServers.newestMajor())) {
      unfriendly(table);
      if (!type.ddl().isEmpty()) {
        table.execute(type.ddl());
      }
      table.execute("CREATE TABLE t (k " + type.type() + " PRIMARY KEY)");
      table.publish("public", "t", "k");
      Recorder recorder = new Recorder();
      if (!reads(type.type())) {
        assertThatThrownBy(() -> start(table, recorder))
            .isInstanceOf(RefusedException.class)
            .hasMessageContaining("public.t.k");
        return;
      }
      try (ChangeStream stream = start(table, recorder)) {
        for (String value : type.values()) {
          table.session().update("INSERT INTO t VALUES (?::" + type.type() + ")", value);
          table.execute("DELETE FROM t");
        }
        recorder.awaitChanges(2 * type.values().size());
      }
      assertThat(recorder.changes()).hasSize(2 * type.values().size());
      for (int i = 0; i < recorder.changes().size(); i++) {
        assertReadsAs(
            table, type, recorder.changes().get(i).key().column(0), type.values().get(i / 2));
      }
    }
  }

  private static void assertReadsAs(
      StreamedTable table, KeyTypeCase type, String reported, String expected) throws SQLException {
    String equal = "SELECT record_image_eq(ROW(?::%1$s), ROW(?::%1$s))".formatted(type.type());
    assertThat(table.session().test(equal, reported, expected))
        .as("%s reported as %s", expected, reported)
        .isTrue();
  }

  private static void unfriendly(StreamedTable table) throws SQLException {
    String database = "ALTER DATABASE \"" + table.database().name() + "\" SET ";
    table.execute(
        database + "datestyle = 'SQL, DMY'",
        database + "intervalstyle = 'sql_standard'",
        database + "bytea_output = 'escape'",
        database + "extra_float_digits = -15",
        database + "timezone = 'Asia/Kathmandu'");
  }

  @Test
  default void aKeyThatIsStoredOutOfLineComesWhole() throws SQLException {
    try (StreamedTable table = StreamedTable.inNewDatabase(SharedServers.newestMajor())) {
      table.execute("CREATE TABLE t (k text PRIMARY KEY, v int)");
      table.publish("public", "t", "k");
      // too long to stay in the row, too random to be compressed, just short enough for the index
      String key =
          table
              .session()
              .text("SELECT string_agg(md5(g::text), '') FROM generate_series(1, 80) g")
              .orElseThrow();
      Recorder recorder = new Recorder();
      try (ChangeStream stream = start(table, recorder)) {
        table.session().update("INSERT INTO t VALUES (?::text, 1)", key);
        assertThat(
                table
                    .session()
                    .test(
                        "SELECT pg_relation_size(reltoastrelid) > 0 FROM pg_class"
                            + " WHERE oid = 't'::regclass"))
            .isTrue();
        table.execute("UPDATE t SET v = 2", "DELETE FROM t");
        recorder.awaitChanges(3);
        assertThat(recorder.keys()).containsExactly(key, key, key);
      }
    }
  }
}
