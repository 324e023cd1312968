package io.zdmosc.harness.migration.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.cli.server.Product;
import io.zdmosc.engine.ChangeRequest;
import io.zdmosc.engine.Migration;
import io.zdmosc.engine.Retire;
import io.zdmosc.engine.progress.MigrationListener;
import io.zdmosc.engine.progress.Summary;
import io.zdmosc.engine.spi.ConnectionSettings;
import io.zdmosc.engine.spi.Database;
import io.zdmosc.harness.server.mysql.MySqlDatabase;
import io.zdmosc.harness.server.mysql.MySqlRelease;
import io.zdmosc.harness.server.mysql.MySqlServer;
import io.zdmosc.harness.server.mysql.SharedMySqlServers;
import io.zdmosc.mysql.MySqlConnector;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tables that have everything which the server offers keep all of it, and what belongs to them: a
 * migration by a user with the documented privileges leaves what the server's own ALTER TABLE does.
 */
class InventoryIT {
  static final String TABLE = "t`é;\"x";
  static final String QUOTED = MySqlServer.quote(TABLE);
  private static final AtomicInteger USERS = new AtomicInteger();

  /** One who has rights on the table. */
  static String owner(MySqlDatabase database) {
    return "'o''wner_" + database.name() + "'@'%'";
  }

  /**
   * A table.
   *
   * @param statements that make it, with {t} for its name and {d} for the database
   * @param alter what changes of it; a part behind a bar is done by a clause of its own
   */
  record Inventory(String name, Product product, List<String> statements, String alter) {
    void make(MySqlDatabase database) throws SQLException {
      database.execute(
          Stream.concat(Stream.of("SET SESSION timestamp = 1600000000"), statements.stream())
              .map(
                  statement ->
                      statement
                          .replace("{t}", QUOTED)
                          .replace("{d}", MySqlServer.quote(database.name()))
                          .replace("{u}", owner(database)))
              .toArray(String[]::new));
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private static final String MYSQL_COLUMNS =
      """
      CREATE TABLE {t} (
        id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT COMMENT 'it''s the `key`, \\\\ "q" */ --',
        `sel``ect` VARCHAR(40) CHARACTER SET latin1 COLLATE latin1_german2_ci NOT NULL
          DEFAULT 'a''b\\\\' COMMENT 'ö',
        inv INT DEFAULT (1 + 2) INVISIBLE,
        doc JSON DEFAULT (JSON_OBJECT('a', '*/')),
        body TEXT SECONDARY_ENGINE_ATTRIBUTE '{"a": "*/"}',
        p POINT NOT NULL SRID 4326,
        q GEOMETRY,
        d DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),
        ts TIMESTAMP NULL DEFAULT '2020-02-02 02:02:02',
        st INT GENERATED ALWAYS AS (inv * 2) STORED COMMENT 'stored',
        vi VARCHAR(50) GENERATED ALWAYS AS (CONCAT(`sel``ect`, '!')) VIRTUAL INVISIBLE,
        f INT COLUMN_FORMAT FIXED,
        g INT COLUMN_FORMAT DYNAMIC STORAGE MEMORY DEFAULT 3,
        e ENUM('a', 'b''c', 'é') DEFAULT 'é',
        s SET('x', 'y') DEFAULT 'x,y',
        bits BIT(5) DEFAULT b'101',
        bin BINARY(3) DEFAULT x'00ff00',
        n DECIMAL(10, 2) UNSIGNED,
        z INT(5) UNSIGNED ZEROFILL,
        vec VECTOR(3),
        gone INT,
        PRIMARY KEY (id) COMMENT 'pk',
        UNIQUE KEY `u``k` (n DESC, `sel``ect`(5)) COMMENT 'it''s unique' KEY_BLOCK_SIZE = 4,
        KEY prefix (body(7), id DESC),
        KEY hidden (f) INVISIBLE,
        KEY functional ((n + 1), (LOWER(`sel``ect`)) DESC),
        KEY many ((CAST(doc->'$.list' AS UNSIGNED ARRAY))),
        KEY attribute (g) SECONDARY_ENGINE_ATTRIBUTE '{"b": 2}',
        FULLTEXT KEY ft (body) WITH PARSER ngram COMMENT 'ft',
        SPATIAL KEY sp (p),
        CONSTRAINT `c``k; */` CHECK (f < 1000) NOT ENFORCED,
        CONSTRAINT positive CHECK (n >= 0),
        CHECK (z < 50000)
      ) COMMENT 'some `people`, it''s */ a test' AUTO_INCREMENT = 700 {options}
      """;

  private static final String MYSQL_ROWS =
      """
      INSERT INTO {t} (`sel``ect`, inv, doc, body, p, n, f, z)
      WITH RECURSIVE i AS (SELECT 1 AS k UNION ALL SELECT k + 1 FROM i WHERE k < 60)
      SELECT CONCAT('a', k), k % 7, JSON_OBJECT('list', JSON_ARRAY(k, k + 1)), CONCAT('text ', k),
             ST_GeomFromText('POINT(1 2)', 4326), k, k % 3, k FROM i\
      """;

  private static final List<String> OWNED =
      List.of(
          "CREATE OR REPLACE VIEW whole AS SELECT * FROM {t}",
          "CREATE OR REPLACE SQL SECURITY INVOKER VIEW part AS SELECT a.id, b.n FROM {t} a JOIN {t}"
              + " b USING (id) WHERE a.n > 3 WITH CASCADED CHECK OPTION",
          "CREATE USER IF NOT EXISTS {u}",
          "GRANT SELECT (n, id), UPDATE (n) ON {d}.{t} TO {u}",
          "GRANT DELETE, INSERT ON {d}.{t} TO {u} WITH GRANT OPTION");

  private static List<String> mySql(String options, String... more) {
    return Stream.of(
            List.of(MYSQL_COLUMNS.replace("{options}", options), MYSQL_ROWS),
            OWNED.stream().map(s -> s.replace(" WITH CASCADED CHECK OPTION", "")).toList(),
            List.of(more))
        .flatMap(List::stream)
        .toList();
  }

  private static final String[] HISTOGRAMS = {
    "ANALYZE TABLE {t} UPDATE HISTOGRAM ON n, f WITH 7 BUCKETS",
    "ANALYZE TABLE {t} UPDATE HISTOGRAM ON `sel``ect`, d WITH 300 BUCKETS AUTO UPDATE",
    "ANALYZE TABLE {t} UPDATE HISTOGRAM ON inv USING DATA '{\"buckets\": [[1, 0.25], [4, 1.0]],"
        + " \"data-type\": \"int\", \"null-values\": 0.0, \"collation-id\": 8, \"sampling-rate\":"
        + " 1.0, \"histogram-type\": \"singleton\", \"number-of-buckets-specified\": 12}'"
  };

  private static final String PARTS =
      """
      CREATE TABLE {t} (
        id INT NOT NULL, y INT NOT NULL, n INT, gone INT, PRIMARY KEY (id, y), KEY n (n)
      ) COMMENT 'parts' {options}
      PARTITION BY RANGE (y) SUBPARTITION BY KEY (id) SUBPARTITIONS 2 (
        PARTITION `p``1 */` VALUES LESS THAN (10) COMMENT = 'it''s */ the first' MAX_ROWS = 1000
          (SUBPARTITION `s;a */`, SUBPARTITION sb COMMENT = 'b '' */'),
        PARTITION p2 VALUES LESS THAN (100) (SUBPARTITION sc MIN_ROWS = 2, SUBPARTITION sd),
        PARTITION p3 VALUES LESS THAN MAXVALUE (SUBPARTITION se, SUBPARTITION sf))
      """;
  private static final String PART_ROWS =
      "INSERT INTO {t} VALUES (1, 1, 1, 1), (2, 20, 2, 2), (3, 200, 3, 3)";

  private static final String CHANGE =
      "DROP COLUMN gone, ADD COLUMN added VARCHAR(10) NOT NULL DEFAULT 'x' COMMENT 'new' AFTER id";

  private static final String MARIADB_COLUMNS =
      """
      CREATE TABLE {t} (
        id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT COMMENT 'it''s the `key`, \\\\ "q" */ --',
        `sel``ect` VARCHAR(40) CHARACTER SET latin1 COLLATE latin1_german2_ci NOT NULL
          DEFAULT 'a''b\\\\' COMMENT 'ö',
        inv INT DEFAULT (1 + 2) INVISIBLE,
        doc JSON DEFAULT (JSON_OBJECT('a', '*/')),
        body TEXT COMPRESSED,
        p POINT REF_SYSTEM_ID = 4326 NOT NULL,
        q GEOMETRY,
        d DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),
        ts TIMESTAMP NULL DEFAULT '2020-02-02 02:02:02',
        st INT GENERATED ALWAYS AS (inv * 2) STORED COMMENT 'stored',
        vi VARCHAR(50) GENERATED ALWAYS AS (CONCAT(`sel``ect`, '!')) VIRTUAL INVISIBLE,
        f INT DEFAULT (NEXT VALUE FOR {d}.`s``q`),
        e ENUM('a', 'b''c', 'é') DEFAULT 'é',
        s SET('x', 'y') DEFAULT 'x,y',
        bits BIT(5) DEFAULT b'101',
        n DECIMAL(10, 2) UNSIGNED CHECK (n >= 0),
        z INT(5) UNSIGNED ZEROFILL,
        u UUID DEFAULT UUID(),
        i6 INET6,
        i4 INET4,
        long_one TEXT,
        a DATE NOT NULL DEFAULT '2020-01-01',
        b DATE NOT NULL DEFAULT '2020-02-01',
        gone INT,
        PERIOD FOR `pe``r` (a, b),
        PRIMARY KEY (id) COMMENT 'pk',
        UNIQUE KEY `u``k` (n DESC, `sel``ect`(5)) COMMENT 'it''s unique' KEY_BLOCK_SIZE = 4,
        UNIQUE KEY times (z, `pe``r` WITHOUT OVERLAPS),
        UNIQUE KEY hashed (long_one) USING HASH,
        KEY prefix (long_one(7), id DESC),
        KEY hidden (f) IGNORED,
        KEY virtual_one (vi),
        FULLTEXT KEY ft (long_one) COMMENT 'ft',
        SPATIAL KEY sp (p),
        CONSTRAINT `c``k; */` CHECK (f < 100000),
        CHECK (z < 50000)
      ) COMMENT 'some `people`, it''s */ a test' AUTO_INCREMENT = 700 {options}
      """;

  private static final String MARIADB_ROWS =
      """
      INSERT INTO {t} (`sel``ect`, inv, body, long_one, p, n, z, u, d)
      SELECT CONCAT('a', seq), seq % 7, CONCAT('text ', seq), CONCAT('long ', seq),
             ST_GeomFromText('POINT(1 2)'), seq, seq, CAST(LPAD(seq, 32, '0') AS UUID),
             '2020-01-01' FROM {d}.numbers\
      """;

  private static List<String> mariaDb(String options, String... more) {
    return Stream.of(
            List.of(
                "CREATE OR REPLACE SEQUENCE {d}.`s``q` INCREMENT BY 3 CACHE 5",
                "CREATE OR REPLACE TABLE {d}.numbers AS WITH RECURSIVE i AS (SELECT 1 AS seq UNION"
                    + " ALL SELECT seq + 1 FROM i WHERE seq < 60) SELECT seq FROM i",
                MARIADB_COLUMNS.replace("{options}", options),
                MARIADB_ROWS),
            OWNED,
            List.of(more))
        .flatMap(List::stream)
        .toList();
  }

  private static final String[] STATISTICS = {
    "SET SESSION histogram_size = 20, histogram_type = 'DOUBLE_PREC_HB'",
    "ANALYZE TABLE {t} PERSISTENT FOR COLUMNS (n, `sel``ect`) INDEXES (`u``k`, prefix)"
  };

  private static final List<Inventory> ALL =
      List.of(
          new Inventory(
              "everything",
              Product.MYSQL,
              mySql(
                  "ROW_FORMAT = DYNAMIC STATS_PERSISTENT = 1 STATS_AUTO_RECALC = 0"
                      + " STATS_SAMPLE_PAGES = 11 MAX_ROWS = 100000 MIN_ROWS = 3 AVG_ROW_LENGTH = 50"
                      + " CHECKSUM = 1 DELAY_KEY_WRITE = 1 PACK_KEYS = 1 AUTOEXTEND_SIZE = 4M"
                      + " SECONDARY_ENGINE_ATTRIBUTE = '{\"c\": 3}'"
                      + " DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_as_cs",
                  HISTOGRAMS),
              CHANGE),
          new Inventory(
              "key block size",
              Product.MYSQL,
              mySql("ROW_FORMAT = COMPRESSED KEY_BLOCK_SIZE = 8"),
              CHANGE),
          new Inventory(
              "compression", Product.MYSQL, mySql("COMPRESSION = 'zlib'", HISTOGRAMS[0]), ""),
          new Inventory(
              "partitions",
              Product.MYSQL,
              List.of(
                  PARTS.replace("{options}", "STATS_PERSISTENT = 0"),
                  PART_ROWS,
                  "ANALYZE TABLE {t} UPDATE HISTOGRAM ON n WITH 2 BUCKETS"),
              CHANGE),
          new Inventory(
              "everything",
              Product.MARIADB,
              mariaDb(
                  "ROW_FORMAT = DYNAMIC STATS_PERSISTENT = 1 STATS_AUTO_RECALC = 0"
                      + " STATS_SAMPLE_PAGES = 11 MAX_ROWS = 100000 MIN_ROWS = 3 AVG_ROW_LENGTH = 50"
                      + " CHECKSUM = 1 PACK_KEYS = 1 PAGE_COMPRESSED = 1 PAGE_COMPRESSION_LEVEL = 4"
                      + " DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_uca1400_as_cs",
                  STATISTICS),
              CHANGE),
          new Inventory(
              "key block size",
              Product.MARIADB,
              mariaDb(
                  "ROW_FORMAT = COMPRESSED KEY_BLOCK_SIZE = 8",
                  "ANALYZE TABLE {t} PERSISTENT FOR ALL"),
              ""),
          new Inventory(
              "partitions",
              Product.MARIADB,
              List.of(PARTS.replace("{options}", "STATS_PERSISTENT = 0"), PART_ROWS),
              CHANGE));

  static Stream<Arguments> inventories() {
    return SharedMySqlServers.newest().stream()
        .flatMap(
            release ->
                ALL.stream()
                    .filter(inventory -> inventory.product() == release.product())
                    .map(inventory -> Arguments.of(inventory, release)));
  }

  @ParameterizedTest(name = "{0} on {1}")
  @MethodSource("inventories")
  void everythingIsLeftAsByTheServer(Inventory inventory, MySqlRelease release) throws Exception {
    try (MySqlDatabase database = SharedMySqlServers.freshDatabase(release)) {
      inventory.make(database);
      String numbers = nextNumber(database);
      Summary summary = migrate(database, inventory.alter());
      assertThat(nextNumber(database)).isEqualTo(numbers);
      List<String> unexpected = new ArrayList<>(OwnedFacts.of(database, TABLE));

      database.execute("DROP TABLE " + QUOTED);
      inventory.make(database);
      database.execute(
          "ALTER TABLE "
              + QUOTED
              + " "
              + (inventory.alter().isEmpty() ? "ENGINE = InnoDB" : inventory.alter()));
      List<String> missing = new ArrayList<>(OwnedFacts.of(database, TABLE));
      List<String> wanted = List.copyOf(missing);
      unexpected.forEach(missing::remove);
      wanted.forEach(unexpected::remove);
      assertThat(missing).as("lost, while there is: %s", unexpected).isEmpty();
      assertThat(unexpected).isEmpty();
      assertThat(summary.notes()).isEmpty();
      database.execute("DROP USER IF EXISTS " + owner(database));
    }
  }

  /** Of the sequence, where there is one. */
  private static String nextNumber(MySqlDatabase database) throws SQLException {
    boolean has =
        database
            .queryText(
                "SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()"
                    + " AND TABLE_TYPE = 'SEQUENCE'")
            .equals("1");
    return has ? database.queryText("SELECT next_not_cached_value FROM `s``q`") : "";
  }

  /** By a user who may do what the documentation says, and nothing else. */
  private static Summary migrate(MySqlDatabase database, String alter) throws SQLException {
    String user = "inv'entory" + USERS.incrementAndGet();
    boolean mySql = database.server().spec().release().product() == Product.MYSQL;
    String tables =
        "SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, ALTER, INDEX, LOCK TABLES, TRIGGER";
    database
        .server()
        .createUser(
            user,
            "pw",
            "REPLICATION SLAVE, PROCESS, "
                + (mySql ? "REPLICATION CLIENT" : "BINLOG MONITOR")
                + " ON *.*",
            tables + " ON " + MySqlServer.quote(database.name()) + ".*",
            tables + ", CREATE TEMPORARY TABLES ON zdm_osc.*",
            tables + " ON `zdm\\_osc\\_%`.*",
            mySql ? "SELECT ON performance_schema.*" : "SELECT ON mysql.column_stats",
            mySql ? "SELECT ON mysql.columns_priv" : "SELECT ON mysql.index_stats");
    ConnectionSettings settings = new ConnectionSettings(database.jdbcUrl(), user, "pw", Map.of());
    try (Database opened = new MySqlConnector().connect(settings)) {
      return new Migration(
              opened,
              new ChangeRequest(QUOTED, alter),
              MySqlRuns.options().withRetire(Retire.DROP),
              MigrationListener.none())
          .run();
    } finally {
      database.server().execute("DROP USER '" + user.replace("'", "''") + "'@'%'");
    }
  }
}
