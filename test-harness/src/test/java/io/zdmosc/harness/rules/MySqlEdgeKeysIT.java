package io.zdmosc.harness.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.engine.progress.Summary;
import io.zdmosc.engine.spi.Chunk;
import io.zdmosc.engine.spi.PreparedChange;
import io.zdmosc.harness.migration.mysql.MySqlTraces;
import io.zdmosc.harness.schema.MySqlSchemaDump;
import io.zdmosc.harness.server.mysql.MySqlDatabase;
import io.zdmosc.harness.server.mysql.MySqlRelease;
import io.zdmosc.harness.server.mysql.MySqlServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Keys and values at the edges of their types, changed while some of the rows are copied and others
 * are not, on a server whose clock goes back an hour in autumn: the outcome is that of the same
 * statements and the server's own ALTER TABLE.
 */
@ParameterizedClass(name = "{0}")
@MethodSource("io.zdmosc.harness.server.mysql.SharedMySqlServers#newest")
class MySqlEdgeKeysIT {
  private static final int ROWS = 30;
  private static final int LAST_FREE_CHUNK = 2;

  /** One hour before the clock in Berlin goes back, in 2020; then 8 minutes a row. */
  private static final long AUTUMN = 1_603_584_000L - 3_600;

  private static MySqlServer server;
  private static final AtomicInteger DATABASES = new AtomicInteger();

  /** Given to the class by JUnit; used by {@link #startServer}. */
  MySqlEdgeKeysIT(MySqlRelease release) {}

  /**
   * @param table what follows CREATE TABLE and the name
   * @param row the values of a row, by its number
   * @param meanwhile statements that come between the second chunk and the third
   */
  private record Edge(
      String name, String table, IntFunction<String> row, String alter, List<String> meanwhile) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Edge edge(
      String name, String table, IntFunction<String> row, String alter, String... meanwhile) {
    return new Edge(name, table, row, alter, List.of(meanwhile));
  }

  private static String ts(int n) {
    Instant at = Instant.ofEpochSecond(AUTUMN + n * 480L);
    return "'" + at.toString().replaceAll("[TZ]", " ").strip() + "'";
  }

  static List<Edge> edges() {
    String[] respelled = {
      "UPDATE t SET k = 'KEY-03' WHERE k = 'key-03'",
      "UPDATE t SET k = 'k\u00e9y-04', v = 99 WHERE k = 'key-04'",
      "UPDATE t SET k = 'key-05 ' WHERE k = 'key-05'",
      "DELETE FROM t WHERE k = 'KEY-06'",
      "INSERT INTO t VALUES ('Key-06', -6)",
      "UPDATE t SET k = 'KEY-25', v = 7 WHERE k = 'key-25'",
      "DELETE FROM t WHERE k = 'kEY-26'",
      "INSERT INTO t VALUES ('kEY-26', -26)",
      "UPDATE t SET k = 'key-07x' WHERE k = 'key-07'",
      "UPDATE t SET k = 'KEY-07' WHERE k = 'key-07x'"
    };
    IntFunction<String> spelled = n -> String.format("'key-%02d', %d", n, n);
    return List.of(
        edge(
            "keys in other spellings",
            "(k VARCHAR(30) COLLATE utf8mb4_general_ci PRIMARY KEY, v INT)",
            spelled,
            "ADD COLUMN w INT",
            respelled),
        edge(
            "sets and years",
            "(s SET('a','b','c','d','e') NOT NULL, y YEAR NOT NULL, v INT, PRIMARY KEY (s, y))",
            n -> (n + 1) + ", " + (n == 0 ? "0000" : 1901 + n * 8) + ", " + n,
            "MODIFY v BIGINT",
            "UPDATE t SET v = -1 WHERE s = 1",
            "UPDATE t SET y = 2155 WHERE s = 3",
            "DELETE FROM t WHERE s = 'b'",
            "UPDATE t SET s = '' WHERE s = 30",
            "UPDATE t SET v = -29 WHERE s = 29"),
        edge(
            "instants with one local time",
            "(k TIMESTAMP(3) NOT NULL PRIMARY KEY, v INT)",
            n -> ts(n) + ", " + n,
            "ADD COLUMN w INT",
            "UPDATE t SET v = -1 WHERE k = " + ts(5),
            "DELETE FROM t WHERE k = " + ts(11),
            "UPDATE t SET v = -2 WHERE k = " + ts(12),
            "UPDATE t SET k = k + INTERVAL 1 SECOND WHERE k = " + ts(13),
            "UPDATE t SET v = -3 WHERE k = " + ts(25)),
        edge(
            "instants that become local times",
            "(id INT PRIMARY KEY, k TIMESTAMP(3) NULL, d DATETIME)",
            n -> n + ", " + ts(n) + ", '2020-07-01 12:00:0" + n % 10 + "'",
            "MODIFY k DATETIME(3), MODIFY d TIMESTAMP NULL",
            "UPDATE t SET k = k + INTERVAL 1 HOUR WHERE id = 4",
            "UPDATE t SET k = NULL WHERE id = 28"),
        edge(
            "generated column in a unique index",
            "(id INT NOT NULL, g INT AS (id % 7) STORED, v INT, UNIQUE KEY a (g, id), UNIQUE KEY i"
                + " (id))",
            n -> n + ", DEFAULT, " + n,
            "ADD COLUMN w INT",
            "UPDATE t SET id = 103 WHERE id = 3",
            "UPDATE t SET id = 125 WHERE id = 25",
            "DELETE FROM t WHERE id = 4",
            "INSERT INTO t (id, v) VALUES (4, 44)"),
        edge(
            "rows that move to other partitions",
            "(id INT NOT NULL, y INT NOT NULL, v INT, PRIMARY KEY (id, y)) PARTITION BY RANGE (y)"
                + " (PARTITION a VALUES LESS THAN (10), PARTITION b VALUES LESS THAN (20),"
                + " PARTITION c VALUES LESS THAN MAXVALUE)",
            n -> n + ", " + n + ", " + n,
            "MODIFY v BIGINT",
            "UPDATE t SET y = y + 12 WHERE id IN (3, 25)",
            "UPDATE t SET y = 1 WHERE id = 15",
            "DELETE FROM t WHERE y = 9"),
        edge(
            "large values",
            "(id INT PRIMARY KEY, j JSON, b LONGBLOB, g GEOMETRY, x LONGTEXT)",
            n ->
                n
                    + ", '{\"a\": [1, 2.50, \"\u00e4\"]}', REPEAT('b', "
                    + (n == 5 ? 3_000_000 : n)
                    + "), ST_GeomFromText('POINT(1 2)'), REPEAT('\u20ac', "
                    + (n == 25 ? 700_000 : n)
                    + ")",
            "ADD COLUMN w INT, ADD KEY x (x(10))",
            "UPDATE t SET b = REPEAT('c', 4000000) WHERE id = 5",
            "UPDATE t SET x = CONCAT(x, 'end') WHERE id = 25",
            "UPDATE t SET g = ST_GeomFromText('LINESTRING(0 0, 1 1)'), j = '[null]' WHERE id = 6"),
        edge(
            "latin1 keys that become utf8mb4",
            "(k VARCHAR(30) CHARACTER SET latin1 COLLATE latin1_german1_ci PRIMARY KEY, v INT)",
            n -> "'\u00fcml\u00e4ut " + n + "', " + n,
            "CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci",
            "UPDATE t SET k = '\u00dcML\u00c4UT 3' WHERE k = '\u00fcml\u00e4ut 3'",
            "UPDATE t SET v = -25 WHERE k = '\u00fcml\u00e4ut 25'",
            "DELETE FROM t WHERE k = '\u00fcml\u00e4ut 4'"),
        edge(
            "utf8mb3 keys that become utf8mb4",
            "(k VARCHAR(30) CHARACTER SET utf8mb3 COLLATE utf8mb3_general_ci PRIMARY KEY, v INT)",
            n -> "'\u20ac " + n + "', " + n,
            "MODIFY k VARCHAR(30) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin",
            "UPDATE t SET v = -3 WHERE k = '\u20ac 3'",
            "UPDATE t SET k = '\u20ac 125' WHERE k = '\u20ac 25'"));
  }

  @BeforeParameterizedClassInvocation
  static void startServer(MySqlRelease release) throws SQLException {
    server = MySqlServer.start(release);
    server.addTimeZone("Europe/Berlin");
    server.execute("SET GLOBAL time_zone = 'Europe/Berlin'");
  }

  @AfterParameterizedClassInvocation
  static void closeServer() {
    server.close();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("edges")
  void theOutcomeIsThatOfTheServersOwnAlterTable(Edge edge) throws Exception {
    List<String> migrated;
    try (MySqlDatabase database = fresh()) {
      fill(database, edge);
      try (Run run =
          Run.start(database, "t", edge.alter(), change -> changing(change, database, edge))) {
        Summary summary = run.await();
        assertThat(summary.divergentRows()).isZero();
        assertThat(summary.notes()).isEmpty();
      }
      MySqlTraces.assertNoneButTheRetiredTable(database);
      migrated = dump(database);
    }
    try (MySqlDatabase database = fresh()) {
      fill(database, edge);
      inUtc(database, edge.meanwhile());
      database.execute("ALTER TABLE t " + edge.alter());

      assertThat(migrated).isEqualTo(dump(database));
    }
  }

  @Test
  void aKeyThatTheNewCharacterSetDoesNotHaveIsNamed() throws Exception {
    try (MySqlDatabase database = fresh()) {
      database.execute(
          "CREATE TABLE t (k VARCHAR(30) CHARACTER SET utf8mb4 PRIMARY KEY, v INT)",
          "INSERT INTO t VALUES ('a', 1), ('\u0416', 2), ('z', 3)");
      try (Run run =
          Run.start(database, "t", "MODIFY k VARCHAR(30) CHARACTER SET latin1", change -> change)) {
        assertThatThrownBy(run::await)
            .isInstanceOf(MigrationFailedException.class)
            .hasMessageContaining("\u0416");
      }
      MySqlTraces.assertNone(database);
      assertThat(database.queryText("SELECT COUNT(*) FROM t")).isEqualTo("3");
    }
  }

  private static PreparedChange changing(PreparedChange change, MySqlDatabase database, Edge edge) {
    return new ForcedChange(change) {
      @Override
      void afterChunk(Chunk chunk) {
        if (chunk.number() == LAST_FREE_CHUNK) {
          try {
            inUtc(database, edge.meanwhile());
          } catch (SQLException e) {
            throw new IllegalStateException(e);
          }
        }
      }
    };
  }

  private static MySqlDatabase fresh() throws SQLException {
    return server.createDatabase("edge_" + DATABASES.incrementAndGet());
  }

  private static void fill(MySqlDatabase database, Edge edge) throws SQLException {
    inUtc(
        database,
        List.of(
            "CREATE TABLE t " + edge.table(),
            IntStream.range(0, ROWS)
                .mapToObj(n -> "(" + edge.row().apply(n) + ")")
                .collect(Collectors.joining(", ", "INSERT INTO t VALUES ", ""))));
  }

  /** An application that says its instants in UTC. */
  private static void inUtc(MySqlDatabase database, List<String> statements) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("SET time_zone = '+00:00'");
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private static List<String> dump(MySqlDatabase database) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("SET time_zone = '+00:00'");
      List<String> lines = new ArrayList<>(MySqlSchemaDump.of(connection, "t").lines());
      List<String> columns = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery("SHOW COLUMNS FROM t")) {
        while (rows.next()) {
          columns.add("COALESCE(HEX(CAST(`" + rows.getString(1) + "` AS BINARY)), 'NULL')");
        }
      }
      String row =
          columns.stream().collect(Collectors.joining(", ", "SHA2(CONCAT_WS('|', ", "), 256)"));
      try (ResultSet rows = statement.executeQuery("SELECT " + row + " AS r FROM t ORDER BY r")) {
        while (rows.next()) {
          lines.add(rows.getString(1));
        }
      }
      return lines;
    }
  }
}
