package io.zdmosc.harness.migration.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zdmosc.cli.server.Product;
import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.engine.spi.ConnectionSettings;
import io.zdmosc.engine.spi.Database;
import io.zdmosc.engine.spi.Orders.Ending;
import io.zdmosc.harness.migration.HeldMigration;
import io.zdmosc.harness.server.mysql.MySqlDatabase;
import io.zdmosc.harness.server.mysql.MySqlRelease;
import io.zdmosc.harness.server.mysql.SharedMySqlServers;
import io.zdmosc.mysql.dump.SqlDump;
import io.zdmosc.mysql.sql.Session;
import io.zdmosc.mysql.sql.SessionFactory;
import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a dump holds is what the table held, wherever it is restored. */
class MySqlDumpIT {
  /** What a session can be set to that would read SQL in another way. */
  private static final List<String> HOSTILE =
      List.of(
          "SET NAMES utf8mb3",
          "SET SESSION sql_mode ="
              + " 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES,PIPES_AS_CONCAT,NO_ZERO_DATE,NO_ZERO_IN_DATE,STRICT_ALL_TABLES'",
          "SET SESSION time_zone = '+05:30'",
          "SET SESSION unique_checks = 1, foreign_key_checks = 1");

  static List<MySqlRelease> releases() {
    return SharedMySqlServers.newest();
  }

  private static void fill(MySqlDatabase database, List<String> statements) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      statement.execute("SET NAMES utf8mb4");
      statement.execute(
          "SET SESSION sql_mode = 'NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES', time_zone ="
              + " '+00:00', foreign_key_checks = 0");
      for (String each : statements) {
        statement.execute(each);
      }
    }
  }

  private static List<String> nasty(Product product) {
    boolean mariaDb = product == Product.MARIADB;
    List<String> statements = new ArrayList<>();
    statements.add(
        """
        CREATE TABLE `t"``é` (
          id int NOT NULL AUTO_INCREMENT PRIMARY KEY,
          big bigint, huge bigint unsigned, padded int(8) unsigned zerofill, exact decimal(65,30),
          f float, d double, fd float(10,3), y year,
          dt date, dtt datetime(6), ts timestamp(6) NULL, tm time(6),
          bits bit(64), one bit(1), bin binary(4), vb varbinary(40), bl longblob,
          c char(10) CHARACTER SET utf8mb4, v varchar(200) CHARACTER SET utf8mb4 DEFAULT 'a''b\\\\c',
          l varchar(200) CHARACTER SET latin1, sj varchar(200) CHARACTER SET sjis,
          u2 varchar(200) CHARACTER SET ucs2, u32 text CHARACTER SET utf32,
          cy varchar(20) CHARACTER SET cp1251, lt longtext CHARACTER SET utf8mb3,
          e enum('a','it''s','é') CHARACTER SET latin1, s set('x','y','z'),
          j json, g geometry, p point,
          gv int GENERATED ALWAYS AS (parent * 2) VIRTUAL, gs varchar(20) AS (concat(parent, '\\\\')) STORED,
          hidden int INVISIBLE DEFAULT 7,
          `odd ``"name` int COMMENT 'a; -- "x" ''y''\\n\\\\', parent int,
          UNIQUE KEY by_v (v(20), id), KEY parent (parent),
          CONSTRAINT nowhere FOREIGN KEY (parent) REFERENCES gone (id)
        ) ENGINE=InnoDB CHARACTER SET latin1 COMMENT='it''s; `all`'
        """);
    String insert = "INSERT INTO `t\"``é` SET id = ";
    statements.add(insert + "0, hidden = NULL, v = NULL");
    statements.add(
        insert
            + "-5, big = -9223372036854775808, huge = 18446744073709551615, padded = 42, exact ="
            + " -12345678901234567890123456789012345.123456789012345678901234567891, f = 0.1, d = 0.1,"
            + " fd = 3.14159, y = 0, dt = '0000-00-00', dtt = '0000-00-00 00:00:00', ts ="
            + " '0000-00-00 00:00:00', tm = '-838:59:59', bits = 18446744073709551615, one = 1, bin"
            + " = x'00', vb = x'0027275C22FF0A', bl = x'', c = 'end  ', v = '', e = 'it''s', s ="
            + " 'x,z', hidden = 3, parent = 77, g = NULL");
    statements.add(
        insert
            + "1, big = 9223372036854775807, huge = 0, f = 3.4028234e38, d ="
            + " 1.7976931348623157e308, y = 2155, dt = '2021-02-31', dtt = '9999-12-31"
            + " 23:59:59.999999', ts = '2038-01-19 03:14:07.999999', tm = '00:00:00.000001', bits ="
            + " 0, one = 0, bin = x'FFFFFFFF', vb = x'', bl = x'00', v = 'q''uo\"te; \\\\ \\n\\r\\t\\0"
            + "\\Z % _ -- 😀é', l = 'é€œ\\\\''', sj = _utf8mb4'表ソ\\\\十', u2 = 'é😀', u32 = '😀表', cy ="
            + " 'Привет', lt = '日本\\n', e = 'é', s = '', `odd ``\"name` = 1");
    statements.add(
        insert
            + "2, f = -1.17549435e-38, d = 4.9406564584124654e-324, dt = '2020-00-00', l ="
            + " x'808182FF', sj = x'835C835C', v = 'NULL', c = 'ÿ', j ="
            + " '{\"a\": [1.5, -0.0, \"\\\\\\\\ \\\\\" \\\\u0001 é😀\", null, 18446744073709551615]}', e ="
            + " 0, g = ST_GeomFromText('GEOMETRYCOLLECTION(POINT(1 2),LINESTRING(0 0,1.1 1.1))'), p"
            + " = ST_GeomFromText('POINT(1 2)', 4326)");
    statements.add(insert + "3, d = -0e0, f = -0e0, e = NULL, s = NULL, j = 'null', l = ''");
    if (mariaDb) {
      statements.add("ALTER TABLE `t\"``é` ADD ua uuid, ADD i6 inet6, ADD i4 inet4");
      statements.add(
          insert
              + "4, ua = '123e4567-e89b-12d3-a456-426655440000', i6 = '::ffff:1.2.3.4', i4 ="
              + " '255.0.0.1'");
    } else {
      statements.add("ALTER TABLE `t\"``é` ADD vec vector(3)");
      statements.add(insert + "4, vec = STRING_TO_VECTOR('[1,-2.5,3e-20]')");
    }
    return statements;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("releases")
  void everyValueComesBack(MySqlRelease release) throws Exception {
    try (MySqlDatabase database = SharedMySqlServers.freshDatabase(release);
        MySqlDatabase other = SharedMySqlServers.freshDatabase(release)) {
      fill(database, nasty(release.product()));
      String dump = dump(database, "t\"`é", () -> {});
      restore(other, dump);
      String table = "`t\"``é`";
      assertThat(TableDump.of(other, table))
          .isEqualTo(TableDump.of(database, table))
          .hasSizeGreaterThan(6);
      for (int id : List.of(-5, 0, 1, 2, 3, 4)) {
        assertThat(precise(other, id)).isEqualTo(precise(database, id));
      }
      assertThat(precise(other, 3)).startsWith("-0 -0 ");
      assertThat(precise(other, 2)).contains(" e0 ").startsWith("-1.17549");
    }
  }

  /** What a cast of all columns to bytes does not show. */
  private static String precise(MySqlDatabase database, int id) throws SQLException {
    return database.queryText(
        "SELECT CONCAT_WS(' ', f * 1e0, d * 1e0, fd * 1e0, CONCAT('e', e + 0), s + 0, gs, HEX(g),"
            + " HEX(p), ST_SRID(p), hidden) FROM `t\"``é` WHERE id = "
            + id);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("releases")
  void manyRowsOfOneSnapshotAreWrittenInBoundedStatements(MySqlRelease release) throws Exception {
    try (MySqlDatabase database = SharedMySqlServers.freshDatabase(release);
        MySqlDatabase other = SharedMySqlServers.freshDatabase(release)) {
      fill(
          database,
          List.of(
              "CREATE TABLE t (id int PRIMARY KEY, v varchar(300), b longblob)",
              "INSERT INTO t WITH RECURSIVE i AS (SELECT 1 AS k UNION ALL SELECT k + 1 FROM i WHERE"
                  + " k < 900) SELECT k, REPEAT('é', 150), RANDOM_BYTES(600) FROM i",
              "INSERT INTO t VALUES (100000, '', REPEAT(x'00FF', 1500000)), (100001, '', x'')"));
      String content =
          "SELECT CONCAT(count(*), ' ', sum(LENGTH(b)), ' ', BIT_XOR(CRC32(CONCAT(id, v, HEX(b)))))"
              + " FROM t";
      String before = database.queryText(content);
      String dump =
          dump(
              database,
              "t",
              () ->
                  database.execute(
                      "INSERT INTO t VALUES (-1, 'later', 'later')",
                      "UPDATE t SET v = 'later' WHERE id = 900",
                      "DELETE FROM t WHERE id > 900"));
      assertThat(database.queryText(content)).startsWith("901 ");
      List<Integer> lengths = new ArrayList<>();
      for (String statement : dump.split("INSERT INTO")) {
        lengths.add(statement.length());
      }
      assertThat(lengths).hasSizeBetween(3, 8);
      assertThat(lengths.stream().filter(length -> length > 600_000)).hasSize(1);
      restore(other, dump);
      assertThat(other.queryText(content)).isEqualTo(before).startsWith("902 3540000 ");
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("releases")
  void retiredTableIsDumpedBeforeItGoes(MySqlRelease release) throws Exception {
    try (MySqlDatabase database = SharedMySqlServers.freshDatabase(release);
        MySqlDatabase other = SharedMySqlServers.freshDatabase(release)) {
      fill(
          database,
          List.of(
              "CREATE TABLE t (id int AUTO_INCREMENT PRIMARY KEY, n int, old varchar(20))",
              "INSERT INTO t VALUES (0, 1, 'zero'), (1, 2, NULL)"));
      try (HeldMigration held =
          HeldMigration.begin(() -> MySqlRuns.open(database), "t", "DROP COLUMN old", Map.of())) {
        ByteArrayOutputStream dump = new ByteArrayOutputStream();
        String retired;
        try (Database opened = MySqlRuns.open(database)) {
          opened.dumpRetired(held.id(), dump);
          retired =
              database.queryText(
                  "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()"
                      + " AND TABLE_NAME LIKE 't\\_zdm%'");
          List<String> before = TableDump.of(database, retired);
          held.end(Ending.CONTRACT);
          restore(other, dump.toString(StandardCharsets.UTF_8));
          assertThat(TableDump.of(other, retired)).isEqualTo(before);
          assertThatThrownBy(() -> opened.dumpRetired(held.id(), OutputStream.nullOutputStream()))
              .isInstanceOf(RefusedException.class)
              .hasMessageContaining("has no retired table");
        }
      }
      MySqlTraces.assertNone(database);
    }
  }

  /** Done while a dump is written. */
  private interface Meanwhile {
    void run() throws SQLException;
  }

  private static String dump(MySqlDatabase database, String table, Meanwhile meanwhile)
      throws Exception {
    SessionFactory sessions =
        new SessionFactory(
            new ConnectionSettings(
                database.jdbcUrl(), database.user(), database.password(), Map.of()));
    ByteArrayOutputStream dump = new ByteArrayOutputStream();
    OutputStream disturbed =
        new FilterOutputStream(dump) {
          private boolean begun;

          @Override
          public void write(byte[] bytes, int offset, int length) throws IOException {
            if (!begun) {
              begun = true;
              try {
                meanwhile.run();
              } catch (SQLException e) {
                throw new IOException(e);
              }
            }
            dump.write(bytes, offset, length);
          }
        };
    try (Session session = sessions.open("dump")) {
      SqlDump.write(session, database.name(), table, disturbed);
    }
    return dump.toString(StandardCharsets.UTF_8);
  }

  /** All at once, in a session that is set otherwise and finds its own settings afterwards. */
  private static void restore(MySqlDatabase database, String dump) throws SQLException {
    String url = database.jdbcUrl();
    try (Connection connection =
            DriverManager.getConnection(
                url + (url.contains("?") ? "&" : "?") + "allowMultiQueries=true",
                database.user(),
                database.password());
        Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      for (String each : HOSTILE) {
        statement.execute(each);
      }
      statement.execute(dump);
      while (statement.getMoreResults() || statement.getUpdateCount() != -1) {
        // an error of a later statement comes with its result
      }
      try (ResultSet row =
          statement.executeQuery(
              "SELECT @@time_zone, @@character_set_client, @@sql_mode, @@unique_checks")) {
        row.next();
        assertThat(row.getString(1)).isEqualTo("+05:30");
        assertThat(row.getString(2)).isEqualTo("utf8mb3");
        assertThat(row.getString(3)).contains("NO_BACKSLASH_ESCAPES");
        assertThat(row.getInt(4)).isEqualTo(1);
      }
    }
  }
}
