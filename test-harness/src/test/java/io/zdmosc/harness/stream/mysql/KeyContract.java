package io.zdmosc.harness.stream.mysql;

import static io.zdmosc.harness.stream.mysql.LogContract.upToNow;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.zdmosc.cli.server.Product;
import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.engine.spi.ChangeStream;
import io.zdmosc.engine.spi.Key;
import io.zdmosc.harness.server.mysql.MySqlRelease;
import io.zdmosc.harness.server.mysql.SharedMySqlServers;
import io.zdmosc.harness.stream.Recorder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Keys come out as the server writes them, whatever else is in the row. */
interface KeyContract extends LogContract {
  /** A key takes 3072 bytes and 16 columns at the most. */
  int TYPES_A_TABLE = 8;

  static Stream<Arguments> rowImages() {
    return SharedMySqlServers.releases().stream()
        .flatMap(
            release ->
                Stream.of("FULL", "MINIMAL", "NOBLOB").map(image -> arguments(release, image)));
  }

  @ParameterizedTest
  @MethodSource("io.zdmosc.harness.server.mysql.SharedMySqlServers#newest")
  default void keysOfEveryTypeAreTheServersOwn(MySqlRelease release) throws SQLException {
    try (LogTable table = LogTable.empty(release)) {
      table.execute("SET SESSION sql_mode = 'ALLOW_INVALID_DATES'");
      List<KeyCase> cases = new ArrayList<>(KeyCase.all());
      if (release.product() == Product.MARIADB) {
        cases.addAll(KeyCase.ofMariaDb());
      }
      for (int i = 0; i < cases.size(); i += TYPES_A_TABLE) {
        assertKeysComeOut(table, cases.subList(i, Math.min(cases.size(), i + TYPES_A_TABLE)));
      }
    }
  }

  /** All types are columns of one key; row by row, each takes its next value. */
  private void assertKeysComeOut(LogTable table, List<KeyCase> types) throws SQLException {
    String[] names = IntStream.range(0, types.size()).mapToObj(i -> "k" + i).toArray(String[]::new);
    table.execute(
        "DROP TABLE IF EXISTS k",
        "CREATE TABLE k ("
            + list(types, (type, name) -> name + " " + type.type())
            + ", PRIMARY KEY ("
            + String.join(", ", names)
            + "))");
    table.read("k", names);
    String texts = list(types, KeyCase::textOf);
    Recorder recorder = new Recorder();
    try (ChangeStream stream = start(table, recorder)) {
      List<Key> expected = new ArrayList<>();
      for (int row = 0;
          row < types.stream().mapToInt(t -> t.values().size()).max().orElseThrow();
          row++) {
        int number = row;
        table.execute(
            "INSERT INTO k VALUES ("
                + list(types, (t, n) -> t.values().get(Math.min(number, t.values().size() - 1)))
                + ")");
        Key key =
            table
                .session()
                .first("SELECT " + texts + " FROM k", values -> key(values, types.size()))
                .orElseThrow();
        table.execute("DELETE FROM k");
        expected.addAll(List.of(key, key));
      }
      upToNow(stream, recorder);
      assertThat(recorder.changes())
          .as(types.toString())
          .extracting(Recorder.Change::key)
          .isEqualTo(expected);
    }
  }

  private static Key key(ResultSet row, int columns) throws SQLException {
    String[] values = new String[columns];
    for (int i = 0; i < columns; i++) {
      values[i] = row.getString(i + 1);
    }
    return Key.of(values);
  }

  private static String list(List<KeyCase> types, BiFunction<KeyCase, String, String> part) {
    return IntStream.range(0, types.size())
        .mapToObj(i -> part.apply(types.get(i), "k" + i))
        .collect(Collectors.joining(", "));
  }

  @ParameterizedTest
  @MethodSource("io.zdmosc.harness.stream.mysql.KeyContract#rowImages")
  default void changesOfKeysReportBothUnderEveryRowImage(MySqlRelease release, String image)
      throws SQLException {
    try (LogTable table = LogTable.empty(release)) {
      table.execute(
          "CREATE TABLE t (v TEXT, b VARCHAR(10) NOT NULL, x BLOB, a INT NOT NULL,"
              + " PRIMARY KEY (a, b)) CHARACTER SET utf8mb4");
      table.read("t", "a", "b");
      Recorder recorder = new Recorder();
      try (ChangeStream stream = start(table, recorder)) {
        table.execute(
            "SET SESSION binlog_row_image = " + image,
            "INSERT INTO t (a, b) VALUES (1, 'one')",
            "UPDATE t SET v = 'w', x = 'y'",
            "UPDATE t SET a = 2",
            "UPDATE t SET b = 'two', v = NULL",
            "DELETE FROM t");
        assertThat(upToNow(stream, recorder))
            .containsExactly(
                "change (1, one)",
                "change (1, one)",
                "change (2, one)",
                "change (1, one)",
                "change (2, two)",
                "change (2, one)",
                "change (2, two)");
      }
    }
  }

  /** What the server makes of a key by itself is in the log, but not a constant default. */
  @ParameterizedTest
  @MethodSource("io.zdmosc.harness.stream.mysql.KeyContract#rowImages")
  default void keysThatTheServerMakesAreThereUnderEveryRowImage(MySqlRelease release, String image)
      throws SQLException {
    try (LogTable table = LogTable.empty(release)) {
      table.execute(
          "CREATE TABLE t (a INT NOT NULL AUTO_INCREMENT, b INT DEFAULT (1 + 1), v INT,"
              + " PRIMARY KEY (a, b))");
      table.read("t", "a", "b");
      Recorder recorder = new Recorder();
      try (ChangeStream stream = start(table, recorder)) {
        table.execute(
            "SET SESSION binlog_row_image = " + image,
            "INSERT INTO t (v) VALUES (1)",
            "INSERT INTO t (a, b, v) VALUES (1, 2, 3) ON DUPLICATE KEY UPDATE v = 4",
            "INSERT INTO t (a, b, v) VALUES (1, 2, 3) ON DUPLICATE KEY UPDATE b = 5",
            "REPLACE INTO t (a, b) VALUES (1, 5)",
            "UPDATE t SET b = DEFAULT");
        assertThat(upToNow(stream, recorder).stream().distinct())
            .containsExactly("change (1, 2)", "change (1, 5)");
        table.execute(
            "DROP TABLE IF EXISTS u",
            "CREATE TABLE u (a INT NOT NULL, b INT DEFAULT 7, v INT, PRIMARY KEY (a, b))");
      }
      table.read("u", "a", "b");
      Recorder constant = new Recorder();
      try (ChangeStream stream = start(table, constant)) {
        table.execute("INSERT INTO u (a, b) VALUES (1, DEFAULT)");
        constant.awaitChanges(1);
        assertThat(constant.keys()).containsExactly("(1, 7)");
        table.execute("INSERT INTO u (a) VALUES (2)");
        if (image.equals("MINIMAL")) {
          await().atMost(Recorder.PATIENCE).until(() -> !constant.failures().isEmpty());
          assertThat(constant.failures().get(0))
              .isInstanceOf(MigrationFailedException.class)
              .hasMessageContaining("binlog_row_image");
        } else {
          constant.awaitChanges(2);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.zdmosc.harness.server.mysql.SharedMySqlServers#releases")
  default void aKeyThatTheLogLeavesOutEndsTheStream(MySqlRelease release) throws SQLException {
    try (LogTable table = LogTable.empty(release)) {
      table.execute(
          "CREATE TABLE t (id INT PRIMARY KEY, k INT NOT NULL UNIQUE, v INT)",
          "INSERT INTO t VALUES (1, 10, 0)");
      table.read("t", "k");
      Recorder recorder = new Recorder();
      try (ChangeStream stream = start(table, recorder)) {
        table.execute("UPDATE t SET v = 1");
        recorder.awaitChanges(1);
        table.execute("SET SESSION binlog_row_image = MINIMAL", "UPDATE t SET v = 2");
        await().atMost(Recorder.PATIENCE).until(() -> !recorder.failures().isEmpty());
        assertThat(recorder.failures().get(0)).hasMessageContaining("binlog_row_image");
        assertThat(recorder.keys()).containsExactly("10");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.zdmosc.harness.server.mysql.SharedMySqlServers#releases")
  default void columnsOfEveryTypeAroundTheKeyAreSkipped(MySqlRelease release) throws SQLException {
    try (LogTable table = LogTable.empty(release)) {
      StringBuilder columns = new StringBuilder();
      StringBuilder values = new StringBuilder();
      int number = 0;
      for (KeyCase type : KeyCase.all()) {
        columns.append(", c").append(number++).append(' ').append(type.type()).append(" NULL");
        values.append(", ").append(type.values().get(type.values().size() - 1));
      }
      table.execute(
          "SET SESSION sql_mode = 'ALLOW_INVALID_DATES'",
          "CREATE TABLE t (f FLOAT, d DOUBLE, g GEOMETRY, j JSON, l LONGBLOB, i TINYTEXT, m"
              + " MEDIUMTEXT"
              + columns
              + ", hidden INT INVISIBLE DEFAULT 5, s INT AS (id + 1) STORED,"
              + " id INT PRIMARY KEY, w INT AS (id + 2) VIRTUAL, e VARCHAR(3)) ROW_FORMAT=DYNAMIC");
      table.read("t", "id");
      Recorder recorder = new Recorder();
      try (ChangeStream stream = start(table, recorder)) {
        String names = columns.toString().replaceAll(", (c\\d+) [^\u0000]*?(?=, c\\d|$)", ", $1");
        table.execute(
            "INSERT INTO t (id, f, d, g, j, l, i, m"
                + names
                + ", e) VALUES (7, 1.5, -2.5, ST_GeomFromText('POINT(1 2)'), '{\"a\": [1, 2]}',"
                + " REPEAT('x', 70000), 'tiny', REPEAT('m', 300)"
                + values
                + ", 'end')",
            "INSERT INTO t (id) VALUES (8)",
            "UPDATE t SET e = 'x'",
            "DELETE FROM t");
        assertThat(upToNow(stream, recorder))
            .containsExactly(
                "change 7", "change 8", "change 7", "change 8", "change 7", "change 8");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.zdmosc.harness.server.mysql.SharedMySqlServers#releases")
  default void columnsThatAreAddedByTheServerDoNotShiftTheKey(MySqlRelease release)
      throws SQLException {
    try (LogTable table = LogTable.empty(release)) {
      table.execute(
          table.mariaDb()
              ? "CREATE TABLE t (a INT, b TEXT, id INT PRIMARY KEY, UNIQUE (b) USING HASH)"
                  + " WITH SYSTEM VERSIONING"
              : "CREATE TABLE t (a INT, b TEXT, id INT PRIMARY KEY, KEY ((a + 1)),"
                  + " KEY ((CAST(b AS CHAR(9)))))");
      table.read("t", "id");
      Recorder recorder = new Recorder();
      try (ChangeStream stream = start(table, recorder)) {
        table.execute("INSERT INTO t VALUES (1, 'x', 3)", "UPDATE t SET a = 9, b = 'y'");
        assertThat(upToNow(stream, recorder)).containsOnly("change 3").hasSizeGreaterThan(1);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.zdmosc.harness.server.mysql.SharedMySqlServers#newest")
  default void everyKindOfStatementIsSeen(MySqlRelease release) throws Exception {
    try (LogTable table = LogTable.simple(release)) {
      Path file = Files.createTempFile("zdm", ".csv");
      Files.writeString(file, "21\tx\n22\ty\n");
      file.toFile().setReadable(true, false);
      table.execute("CREATE TABLE o (id INT PRIMARY KEY)", "INSERT INTO o VALUES (31), (32)");
      Recorder recorder = new Recorder();
      try (ChangeStream stream = start(table, recorder)) {
        table.execute(
            "INSERT INTO t VALUES (1, '') ON DUPLICATE KEY UPDATE v = 'x'",
            "INSERT INTO t VALUES (1, '') ON DUPLICATE KEY UPDATE v = 'x'",
            "REPLACE INTO t VALUES (1, 'z')",
            "LOAD DATA INFILE '" + file + "' INTO TABLE t",
            "INSERT INTO t SELECT id, '' FROM o",
            "UPDATE t JOIN o USING (id) SET v = 'j' WHERE id = 32",
            "DELETE t FROM t JOIN o USING (id)");
        assertThat(upToNow(stream, recorder))
            .containsSubsequence(
                "change 1",
                "change 1",
                "change 1",
                "change 21",
                "change 22",
                "change 31",
                "change 32",
                "change 32",
                "change 31",
                "change 32");
      } finally {
        Files.delete(file);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.zdmosc.harness.stream.mysql.KeyContract#mysql")
  default void partsOfJsonValuesAreSkipped(MySqlRelease release) throws SQLException {
    try (LogTable table = LogTable.empty(release)) {
      table.execute(
          "CREATE TABLE t (j JSON, k JSON, n JSON, id INT PRIMARY KEY, v INT)",
          "INSERT INTO t SELECT JSON_OBJECT('a', REPEAT('x', 500), 'b', 1), '[1, 2, 3]', NULL, 5,"
              + " 0");
      table.read("t", "id");
      Recorder recorder = new Recorder();
      try (ChangeStream stream = start(table, recorder)) {
        for (String image : List.of("FULL", "MINIMAL")) {
          table.execute(
              "SET SESSION binlog_row_value_options = PARTIAL_JSON",
              "SET SESSION binlog_row_image = " + image,
              "UPDATE t SET j = JSON_SET(j, '$.b', v), k = JSON_REPLACE(k, '$[1]', v), v = v + 1",
              "UPDATE t SET n = '{}', j = JSON_SET(j, '$.b', 7)",
              "UPDATE t SET id = id + 1, j = JSON_SET(j, '$.b', 8)");
        }
        assertThat(upToNow(stream, recorder))
            .containsExactly(
                "change 5",
                "change 5",
                "change 6",
                "change 5",
                "change 6",
                "change 6",
                "change 7",
                "change 6");
      }
    }
  }

  /** MySQL only. */
  static List<MySqlRelease> mysql() {
    return SharedMySqlServers.releases().stream()
        .filter(release -> release.product() == Product.MYSQL)
        .toList();
  }
}
