package io.zdmosc.harness.migration.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zdmosc.cli.server.Product;
import io.zdmosc.engine.Retire;
import io.zdmosc.harness.server.mysql.MySqlDatabase;
import io.zdmosc.harness.server.mysql.MySqlRelease;
import io.zdmosc.harness.server.mysql.SharedMySqlServers;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a migration makes of a table is what the server's own ALTER TABLE makes of a twin of it: the
 * definition, and every byte of every row.
 */
class SameAsNativeIT {

  /**
   * @param table what follows CREATE TABLE and the name
   * @param rows lists of values
   * @param only the product that knows such a table, or null
   */
  private record Change(String name, String table, List<String> rows, String alter, Product only) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Change change(String name, String table, String alter, String... rows) {
    return new Change(name, table, List.of(rows), alter, null);
  }

  private static final String PEOPLE =
      "(id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, a VARCHAR(20), b VARCHAR(20), n INT,"
          + " UNIQUE KEY u (a, n), KEY b (b(3) DESC)) COMMENT 'some `people`, it''s a test'"
          + " AUTO_INCREMENT = 700";
  private static final String[] SOME = {
    "1, 'x', 'y', 1", "2, 'X', NULL, 2", "5, '', 'ä', NULL", "600, 'x ', '\\\\', -7"
  };

  private static final List<Change> CHANGES =
      List.of(
          change("nothing", PEOPLE, "", SOME),
          change("engine again", PEOPLE, "ENGINE = InnoDB", SOME),
          change("swap of two columns", PEOPLE, "RENAME COLUMN a TO b, RENAME COLUMN b TO a", SOME),
          change(
              "change and move",
              PEOPLE,
              "CHANGE a c VARCHAR(30) AFTER n, MODIFY b TEXT FIRST",
              SOME),
          change(
              "drop and add under one name",
              PEOPLE,
              "DROP INDEX b, DROP COLUMN b, ADD COLUMN b INT DEFAULT 3",
              SOME),
          change(
              "several new columns",
              PEOPLE,
              "ADD COLUMN (p DECIMAL(5,2) NOT NULL, q VARCHAR(3) NOT NULL DEFAULT 'a,b'), ADD r"
                  + " ENUM('k','l') NOT NULL, ADD s BIT(3) DEFAULT b'101', ADD bin BINARY(3)"
                  + " DEFAULT 'a'",
              SOME),
          change(
              "new columns of numbers that are rounded",
              PEOPLE,
              "ADD f FLOAT DEFAULT 0.1, ADD g DOUBLE DEFAULT 0.1, ADD h FLOAT NOT NULL DEFAULT"
                  + " -1e-7, ADD i DOUBLE NOT NULL DEFAULT 1e300, ADD j FLOAT NOT NULL, ADD k"
                  + " FLOAT(7,2) DEFAULT 1.005, ADD l DECIMAL(5,2) DEFAULT 0.125",
              SOME),
          change(
              "new columns with checks, or with a name of ours",
              PEOPLE,
              "CHANGE n k INT, ADD n INT NOT NULL DEFAULT 4, ADD n1 INT NOT NULL DEFAULT 3"
                  + " COMMENT 'CHECK (no)' CHECK (n1 < 30), ADD `CHECK` INT DEFAULT 5",
              SOME),
          new Change(
              "new column whose check names another",
              PEOPLE,
              List.of(SOME),
              "CHANGE n k INT, ADD n1 INT NOT NULL DEFAULT 3 CHECK (n1 < k + 30)",
              Product.MARIADB),
          change(
              "rows as wide as they can be",
              "(id INT PRIMARY KEY, n INT, a VARCHAR(16380) CHARACTER SET utf8mb4)",
              "MODIFY n DECIMAL(9,0)",
              "1, 7, 'ä'",
              "2, NULL, REPEAT('😀', 9000)"),
          change("another character set", PEOPLE, "CONVERT TO CHARACTER SET utf16", SOME),
          change("another collation", PEOPLE, "MODIFY a VARCHAR(20) COLLATE utf8mb4_bin", SOME),
          change("numbers to text", PEOPLE, "MODIFY n VARCHAR(12)", SOME),
          change(
              "text to numbers",
              "(id BIGINT PRIMARY KEY, t VARCHAR(30), d VARCHAR(30))",
              "MODIFY t BIGINT UNSIGNED, MODIFY d DECIMAL(20,3)",
              "1, '9223372036854775807', '1.5'",
              "2, '007', '-3'",
              "3, NULL, NULL"),
          change(
              "decimals, floats, dates",
              "(id INT PRIMARY KEY, d DECIMAL(10,4), f FLOAT, g DOUBLE, t DATETIME(6), s DATE)",
              "MODIFY d DECIMAL(10,2), MODIFY f DOUBLE, MODIFY g FLOAT, MODIFY t DATETIME(1),"
                  + " MODIFY s DATETIME",
              "1, 1.2350, 0.1, 1.25, '2020-01-02 03:04:05.987654', '2020-01-02'",
              "2, -1.2349, -0.0, -0.0, '1999-12-31 23:59:59.999999', NULL"),
          change(
              "timestamps to local time and back",
              "(id INT PRIMARY KEY, t TIMESTAMP NULL, d DATETIME)",
              "MODIFY t DATETIME, MODIFY d TIMESTAMP NULL",
              "1, '2020-07-01 12:00:00', '2020-07-01 12:00:00'",
              "2, NULL, '2021-01-01 00:00:00'"),
          change(
              "longer enum and set",
              "(id INT PRIMARY KEY, e ENUM('a','b') NOT NULL, s SET('x','y'))",
              "MODIFY e ENUM('a','b','c') NOT NULL, MODIFY s SET('y','x','z')",
              "1, 'a', 'x,y'",
              "2, 'b', ''",
              "3, 'b', NULL"),
          change(
              "another primary key",
              PEOPLE,
              "DROP PRIMARY KEY, MODIFY id INT NOT NULL, ADD COLUMN z INT NOT NULL DEFAULT 4, ADD"
                  + " PRIMARY KEY (z, id)",
              SOME),
          change(
              "partitions",
              "(id INT NOT NULL, y INT NOT NULL, PRIMARY KEY (id, y))",
              "PARTITION BY RANGE (y) (PARTITION a VALUES LESS THAN (10), PARTITION b VALUES LESS"
                  + " THAN MAXVALUE)",
              "1, 5",
              "2, 10"),
          change(
              "partitions kept",
              "(id INT NOT NULL, y INT NOT NULL, PRIMARY KEY (id, y)) PARTITION BY HASH (id)"
                  + " PARTITIONS 3",
              "ADD COLUMN c CHAR(4) DEFAULT 'c'",
              "1, 5",
              "2, 10"),
          change(
              "generated columns",
              "(id INT PRIMARY KEY, a INT, g INT AS (a * 2) STORED, v VARCHAR(20) AS (CONCAT('v',"
                  + " a)) VIRTUAL, KEY g (g), KEY v (v))",
              "ADD COLUMN h INT AS (a + g) VIRTUAL, MODIFY a BIGINT",
              "1, 5, DEFAULT, DEFAULT",
              "2, NULL, DEFAULT, DEFAULT"),
          change(
              "checks and full text",
              "(id INT PRIMARY KEY, a INT CHECK (a > 0), t TEXT, CONSTRAINT mine CHECK (a < 100),"
                  + " FULLTEXT KEY ft (t))",
              "ADD CONSTRAINT yours CHECK (a <> 50), ADD COLUMN z INT CHECK (z > 1)",
              "1, 5, 'some words'"),
          change(
              "indexes",
              PEOPLE,
              "RENAME INDEX u TO w, DROP INDEX b, ADD UNIQUE bb (b, id), ADD FULLTEXT INDEX ft (a,"
                  + " b)",
              SOME),
          change(
              "spatial and row format",
              "(id INT PRIMARY KEY, p POINT NOT NULL, j JSON) ROW_FORMAT = COMPACT",
              "ADD SPATIAL INDEX p (p), ROW_FORMAT = DYNAMIC",
              "1, ST_GeomFromText('POINT(1 2)'), '{\"a\": 1.0, \"b\": [1, null]}'"),
          change(
              "options of the table",
              PEOPLE,
              "AUTO_INCREMENT = 1000, COMMENT = 'it''s new', ROW_FORMAT = COMPACT, DEFAULT CHARACTER"
                  + " SET latin1, STATS_PERSISTENT = 1",
              SOME),
          change(
              "exchange by CHANGE, and moves",
              PEOPLE,
              "CHANGE a b VARCHAR(20) AFTER n, CHANGE b a VARCHAR(20) FIRST, ADD x INT FIRST, ADD y"
                  + " INT DEFAULT 5 AFTER n, ALTER n SET DEFAULT 9, ADD KEY (y, x)",
              SOME),
          change(
              "partitions away",
              "(id INT NOT NULL, y INT NOT NULL, PRIMARY KEY (id, y)) PARTITION BY RANGE (y)"
                  + " SUBPARTITION BY HASH (id) SUBPARTITIONS 2 (PARTITION p VALUES LESS THAN (7),"
                  + " PARTITION q VALUES LESS THAN (70))",
              "DROP PRIMARY KEY, ADD PRIMARY KEY (y, id) REMOVE PARTITIONING",
              "1, 5",
              "2, 10"),
          change(
              "another key takes the place of the primary one",
              "(id INT NOT NULL PRIMARY KEY, k VARCHAR(9) NOT NULL, UNIQUE KEY k (k))",
              "DROP PRIMARY KEY, DROP INDEX k, ADD PRIMARY KEY (k), ADD UNIQUE KEY (id), ADD z INT"
                  + " AUTO_INCREMENT, ADD KEY z (z)",
              "3, 'a'"),
          change(
              "checks away and columns that are generated anew",
              "(id INT PRIMARY KEY, a INT, g INT AS (a + 1) STORED, CONSTRAINT mine CHECK (a < 100))",
              "DROP CONSTRAINT mine, MODIFY g BIGINT, ADD v INT AS (a - 1) VIRTUAL, ADD s VARCHAR(9)"
                  + " AS (CONCAT('s', id)) STORED, ADD UNIQUE KEY v (v), ADD d INT DEFAULT (3 * 4),"
                  + " ADD w VARCHAR(20) NOT NULL DEFAULT (CONCAT('w', 1))",
              "1, 5, DEFAULT",
              "2, NULL, DEFAULT"),
          change(
              "texts that grow into the next type",
              "(id INT PRIMARY KEY, t TEXT, v VARCHAR(30), e ENUM('a', 'b'), b BLOB) CHARACTER SET"
                  + " latin1",
              "CONVERT TO CHARACTER SET utf8mb4, MODIFY b VARBINARY(40)",
              "1, 'ä', 'ö', 'a', x'00ff'",
              "2, '', NULL, NULL, ''"),
          change(
              "conversions between kinds",
              "(id INT PRIMARY KEY, y YEAR, t TIME(3), e ENUM('a', '7'), s SET('x', 'y'), b BIT(9), d"
                  + " DOUBLE, c VARCHAR(20), j JSON)",
              "MODIFY y SMALLINT, MODIFY t TIME, MODIFY e VARCHAR(3), MODIFY s INT, MODIFY b INT,"
                  + " MODIFY d VARCHAR(30), MODIFY c DATE, MODIFY j LONGTEXT",
              "1, 2020, '-01:02:03.987', '7', 'x,y', b'100000001', 0.1, '2020-02-29', '{\"a\": [1]}'",
              "2, NULL, NULL, NULL, NULL, NULL, 1e300, NULL, NULL"),
          change(
              "hostile names",
              "(`i``d` INT PRIMARY KEY, `a\"b` INT, `select` VARCHAR(5), `ä é` INT, KEY `k``,(`"
                  + " (`a\"b`))",
              "CHANGE `a\"b` `c``, (d` BIGINT, RENAME COLUMN `select` TO `from`, ADD COLUMN `);--`"
                  + " INT DEFAULT 1",
              "1, 2, 'x', 3",
              "2, NULL, '''', 4"),
          change(
              "key that the change converts",
              "(k VARCHAR(20) CHARACTER SET latin1 COLLATE latin1_swedish_ci PRIMARY KEY, v INT)",
              "CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin",
              "'ä', 1",
              "'b', 2",
              "'Z', 3"),
          change(
              "key of another type",
              "(k INT NOT NULL PRIMARY KEY, v INT)",
              "MODIFY k VARCHAR(12) NOT NULL",
              "-5, 1",
              "10, 2",
              "9, 3"),
          new Change(
              "invisible, functional, descending",
              "(id INT PRIMARY KEY, a INT INVISIBLE, b INT, KEY f ((a + b)), KEY i (b) INVISIBLE)",
              List.of("1, 2"),
              "ADD COLUMN c INT INVISIBLE DEFAULT 7",
              Product.MYSQL),
          new Change(
              "invisible made visible, multi-valued and spatial",
              "(id INT PRIMARY KEY, a INT INVISIBLE, j JSON, p POINT NOT NULL SRID 4326, KEY i (a)"
                  + " INVISIBLE, KEY m ((CAST(j AS UNSIGNED ARRAY))))",
              List.of("1, '[1, 2]', ST_GeomFromText('POINT(1 2)', 4326)"),
              "ALTER COLUMN a SET VISIBLE, ALTER INDEX i VISIBLE, ADD SPATIAL INDEX p (p), ADD v"
                  + " VECTOR(3), ADD COLUMN b INT DEFAULT 4 COMMENT 'b' COLUMN_FORMAT FIXED",
              Product.MYSQL),
          new Change(
              "periods and compressed columns",
              "(id INT, a DATE NOT NULL, b DATE NOT NULL, c TEXT COMPRESSED, PERIOD FOR p (a, b),"
                  + " PRIMARY KEY (id), UNIQUE KEY o (id, p WITHOUT OVERLAPS), KEY c (a) IGNORED)",
              List.of("1, '2020-01-01', '2020-02-01', 'text'"),
              "ADD COLUMN x INT INVISIBLE DEFAULT 7, ALTER INDEX c NOT IGNORED, MODIFY c TEXT",
              Product.MARIADB),
          new Change(
              "key with a period",
              "(id INT, v INT, a DATE NOT NULL, b DATE NOT NULL, PERIOD FOR p (a, b), PRIMARY KEY (id,"
                  + " p WITHOUT OVERLAPS))",
              List.of(
                  "1, 1, '2020-01-01', '2020-02-01'",
                  "1, 2, '2020-02-01', '2020-03-01'",
                  "1, 3, '2020-03-01', '2020-03-02'",
                  "2, 4, '2020-01-01', '2020-02-01'"),
              "ADD COLUMN x INT DEFAULT 7",
              Product.MARIADB),
          new Change(
              "uuid, inet, ignored index",
              "(id UUID PRIMARY KEY, a INET6, b INT, KEY i (b) IGNORED)",
              List.of(
                  "'123e4567-e89b-12d3-a456-426655440000', '::1', 1",
                  "'023e4567-e89b-12d3-a456-426655440000', NULL, 2"),
              "ADD COLUMN c INT DEFAULT 7",
              Product.MARIADB));

  static Stream<Arguments> cases() {
    String only = System.getProperty("zdm.case", "");
    return SharedMySqlServers.newest().stream()
        .flatMap(
            release ->
                CHANGES.stream()
                    .filter(c -> c.only() == null || c.only() == release.product())
                    .filter(c -> only.isEmpty() || c.name().equals(only))
                    .map(c -> Arguments.of(c, release)));
  }

  @ParameterizedTest(name = "{0} on {1}")
  @MethodSource("cases")
  void theTableIsTheServersOwn(Change change, MySqlRelease release) throws Exception {
    try (MySqlDatabase database = SharedMySqlServers.freshDatabase(release)) {
      List<String> migrated;
      List<String> altered;
      fill(database, change);
      MySqlRuns.migrate(database, "t", change.alter(), MySqlRuns.options().withRetire(Retire.DROP));
      migrated = TableDump.of(database, "t");
      database.execute("DROP TABLE t");
      fill(database, change);
      if (!change.alter().isEmpty()) {
        database.execute("ALTER TABLE t " + change.alter());
      }
      altered = TableDump.of(database, "t");

      assertThat(migrated).isEqualTo(altered);
    }
  }

  /** A definition cannot say so: what is made from it has DEFAULT NULL. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("io.zdmosc.harness.server.mysql.SharedMySqlServers#newest")
  void aDefaultThatWasDroppedStaysSo(MySqlRelease release) throws Exception {
    try (MySqlDatabase database = SharedMySqlServers.freshDatabase(release)) {
      database.execute(
          "CREATE TABLE t (id INT PRIMARY KEY, a VARCHAR(5), b INT, c TEXT, g INT AS (b + 1))",
          "ALTER TABLE t ALTER a DROP DEFAULT",
          "INSERT INTO t (id, a) VALUES (1, 'x')");
      MySqlRuns.migrate(
          database,
          "t",
          "ALTER b DROP DEFAULT, ADD d JSON",
          MySqlRuns.options().withRetire(Retire.DROP));
      List<String> migrated = TableDump.of(database, "t");
      database.execute("ALTER TABLE t ALTER a DROP DEFAULT, ALTER b DROP DEFAULT");
      assertThat(migrated).isEqualTo(TableDump.of(database, "t"));
      assertThatThrownBy(() -> database.execute("INSERT INTO t (id, b) VALUES (2, 3)"))
          .hasMessageContaining("'a' doesn't have a default value");
    }
  }

  private static void fill(MySqlDatabase database, Change change) throws SQLException {
    database.execute("CREATE TABLE t " + change.table());
    for (String row : change.rows()) {
      database.execute("INSERT INTO t VALUES (" + row + ")");
    }
  }
}
