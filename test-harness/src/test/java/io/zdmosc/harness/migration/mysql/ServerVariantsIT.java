package io.zdmosc.harness.migration.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zdmosc.cli.server.Product;
import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.harness.server.mysql.MySqlDatabase;
import io.zdmosc.harness.server.mysql.MySqlRelease;
import io.zdmosc.harness.server.mysql.MySqlServer;
import io.zdmosc.harness.server.mysql.MySqlSpec;
import io.zdmosc.harness.server.mysql.SharedMySqlServers;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever the server's settings: what a migration makes of a table is what the server's own ALTER
 * TABLE makes of a twin of it under the same settings.
 */
class ServerVariantsIT {
  private static final Map<MySqlRelease, MySqlServer> SERVERS = new LinkedHashMap<>();
  private static final String LAX = "SET SESSION sql_mode = ''";

  /**
   * @param globals settings of the server, as {@code name = value}
   * @param fill statements that make the table t
   * @param before what the session that alters the twin sets first; empty for nothing
   * @param only the product that has such a setting, or null
   */
  private record Variant(
      String name,
      List<String> globals,
      List<String> fill,
      String alter,
      String before,
      Product only) {
    Variant before(String statement) {
      return new Variant(name, globals, fill, alter, statement, only);
    }

    Variant only(Product product) {
      return new Variant(name, globals, fill, alter, before, product);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private static Variant variant(String name, List<String> globals, String alter, String... fill) {
    return new Variant(name, globals, List.of(fill), alter, "", null);
  }

  private static final String PLAIN =
      "CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, c CHAR(6) DEFAULT 'it''s', v VARCHAR(20),"
          + " n INT, UNIQUE KEY n (n), KEY c (c, v))";
  private static final String ROWS =
      "INSERT INTO t VALUES (1, 'a', 'b', 1), (2, 'a ', 'b ', 2), (7, '', NULL, NULL)";
  private static final String UTC = "SET SESSION time_zone = '+00:00'";
  private static final String HOURS =
      "INSERT INTO t VALUES (FROM_UNIXTIME(1603580400), '2020-10-25 02:30:00', 1),"
          + " (FROM_UNIXTIME(1603584000), '2020-10-25 02:30:00', 2),"
          + " (FROM_UNIXTIME(1603587600), '2020-10-25 03:00:00', 3)";
  private static final String INSTANTS =
      "CREATE TABLE t (at TIMESTAMP NOT NULL PRIMARY KEY, d DATETIME, n INT)";
  private static final String INSTANTS_BY_NUMBER =
      "CREATE TABLE t (at TIMESTAMP NOT NULL, d DATETIME, n INT PRIMARY KEY)";

  private static final List<Variant> VARIANTS =
      List.of(
          variant(
              "ANSI_QUOTES",
              List.of("sql_mode = 'ANSI_QUOTES'"),
              "ADD \"b c\" VARCHAR(10) DEFAULT 'q\"q', RENAME COLUMN v TO \"w\"",
              PLAIN,
              ROWS),
          variant(
              "NO_BACKSLASH_ESCAPES",
              List.of("sql_mode = 'NO_BACKSLASH_ESCAPES'"),
              "ADD b VARCHAR(10) DEFAULT 'a\\b' COMMENT 'c:\\', MODIFY v VARCHAR(30) COMMENT '\\'",
              PLAIN,
              ROWS,
              "INSERT INTO t (v) VALUES ('\\'), ('\\n')"),
          variant(
              "PAD_CHAR_TO_FULL_LENGTH",
              List.of("sql_mode = 'PAD_CHAR_TO_FULL_LENGTH'"),
              "MODIFY c CHAR(8), ADD KEY v (v)",
              PLAIN,
              ROWS),
          variant(
                  "PAD_CHAR_TO_FULL_LENGTH, which does not pad what becomes longer",
                  List.of("sql_mode = 'PAD_CHAR_TO_FULL_LENGTH'"),
                  "MODIFY c VARCHAR(8)",
                  PLAIN,
                  ROWS)
              .before(LAX),
          variant(
              "lax",
              List.of("sql_mode = ''"),
              "MODIFY v CHAR(40), ADD x INT NOT NULL",
              PLAIN,
              ROWS),
          variant(
                  "ORACLE",
                  List.of("sql_mode = 'ORACLE'"),
                  "ADD \"b c\" VARCHAR2(10) DEFAULT 'q', ADD d DATE",
                  PLAIN,
                  ROWS)
              .only(Product.MARIADB),
          variant(
                  "MSSQL",
                  List.of("sql_mode = 'MSSQL'"),
                  "ADD \"b c\" VARCHAR(10) DEFAULT 'q', ADD \"e f\" INT",
                  PLAIN,
                  ROWS)
              .only(Product.MARIADB),
          variant(
                  "dates that are none",
                  List.of(),
                  "ADD x INT DEFAULT 1, MODIFY n BIGINT",
                  LAX,
                  "CREATE TABLE t (id DATE NOT NULL PRIMARY KEY, d DATETIME NOT NULL, s"
                      + " TIMESTAMP NULL, n INT)",
                  "INSERT INTO t VALUES ('0000-00-00', '0000-00-00', '0000-00-00', 1),"
                      + " ('2020-00-00', '2021-05-00', '2020-01-01', 2)",
                  "SET SESSION sql_mode = 'ALLOW_INVALID_DATES'",
                  "INSERT INTO t VALUES ('2020-02-31', '2020-02-30 01:02:03', '2020-01-01', 3)")
              .before("SET SESSION sql_mode = 'ALLOW_INVALID_DATES'"),
          variant(
                  "a row 0",
                  List.of(),
                  "MODIFY id BIGINT AUTO_INCREMENT, ADD x INT DEFAULT 1",
                  PLAIN,
                  ROWS,
                  "SET SESSION sql_mode = 'NO_AUTO_VALUE_ON_ZERO'",
                  "INSERT INTO t (id, n) VALUES (0, 700)")
              .before("SET SESSION sql_mode = 'NO_AUTO_VALUE_ON_ZERO'"),
          variant(
              "a zone with summer time",
              List.of("time_zone = 'Europe/Berlin'"),
              "ADD x INT DEFAULT 1, ADD s TIMESTAMP NOT NULL DEFAULT '2020-07-01 12:00:00'",
              UTC,
              INSTANTS,
              HOURS),
          variant(
              "a zone with summer time, TIMESTAMP and DATETIME exchanged",
              List.of("time_zone = 'Europe/Berlin'"),
              "MODIFY at DATETIME, MODIFY d TIMESTAMP NULL, ADD e DATETIME DEFAULT '2020-03-29"
                  + " 02:30:00', ADD KEY at (at), ADD s TIMESTAMP(6) NOT NULL DEFAULT '2020-07-01"
                  + " 12:00:00.25'",
              UTC,
              INSTANTS_BY_NUMBER,
              HOURS),
          variant(
              "other defaults for sessions",
              List.of(
                  "autocommit = 0",
                  "transaction_isolation = 'SERIALIZABLE'",
                  "transaction_read_only = 1",
                  "completion_type = 'CHAIN'",
                  "foreign_key_checks = 0",
                  "unique_checks = 0",
                  "sql_auto_is_null = 1",
                  "group_concat_max_len = 4",
                  "default_week_format = 3",
                  "innodb_strict_mode = 0",
                  "default_storage_engine = 'MyISAM'",
                  "default_tmp_storage_engine = 'MyISAM'",
                  "sql_safe_updates = 1",
                  "sql_select_limit = 3",
                  "max_join_size = 2",
                  "max_error_count = 0",
                  "tmp_table_size = 1024",
                  "max_heap_table_size = 16384",
                  "character_set_server = 'ucs2'",
                  "collation_connection = 'latin1_german1_ci'",
                  "lc_time_names = 'de_DE'"),
              "MODIFY v VARCHAR(40), ADD x INT NOT NULL DEFAULT 4, ADD UNIQUE u (id, v), MODIFY n"
                  + " VARCHAR(9)",
              PLAIN + " ENGINE = InnoDB",
              ROWS,
              "COMMIT"),
          variant(
              "without strict mode of InnoDB",
              List.of("innodb_strict_mode = 0"),
              "ADD x INT, KEY_BLOCK_SIZE = 8",
              PLAIN,
              ROWS),
          variant(
              "implicit defaults of TIMESTAMP",
              List.of("explicit_defaults_for_timestamp = 0", "sql_mode = ''"),
              "MODIFY n BIGINT, ADD x TIMESTAMP DEFAULT '2020-01-01 00:00:00'",
              PLAIN.replace("n INT,", "n INT, s TIMESTAMP NOT NULL, z TIMESTAMP NOT NULL,"),
              "INSERT INTO t VALUES (1, 'a', 'b', 1, '2020-07-01', '2020-08-01')"),
          variant(
              "implicit defaults of TIMESTAMP, and a table of other times",
              List.of("explicit_defaults_for_timestamp = 0"),
              "MODIFY n BIGINT",
              "SET SESSION explicit_defaults_for_timestamp = 1",
              PLAIN.replace("n INT,", "n INT, s TIMESTAMP NOT NULL, z TIMESTAMP,"),
              "INSERT INTO t VALUES (1, 'a', 'b', 1, '2020-07-01', NULL)"),
          variant(
                  "a primary key is required",
                  List.of("sql_require_primary_key = 1"),
                  "DROP PRIMARY KEY, MODIFY id INT NOT NULL, ADD PRIMARY KEY (id, n), MODIFY n INT NOT"
                      + " NULL DEFAULT 4",
                  PLAIN,
                  "INSERT INTO t VALUES (1, 'a', 'b', 1)")
              .only(Product.MYSQL),
          variant(
                  "a primary key is forced",
                  List.of("innodb_force_primary_key = 1"),
                  "MODIFY n BIGINT",
                  PLAIN,
                  ROWS)
              .only(Product.MARIADB),
          variant(
                  "primary keys that the server adds",
                  List.of("sql_generate_invisible_primary_key = 1"),
                  "ADD x INT",
                  "CREATE TABLE t (a INT, b INT NOT NULL)",
                  "INSERT INTO t VALUES (1, 2), (1, 2), (NULL, 3)")
              .only(Product.MYSQL),
          variant(
                  "primary keys that the server adds and hides",
                  List.of(
                      "sql_generate_invisible_primary_key = 1",
                      "show_gipk_in_create_table_and_information_schema = 0"),
                  "ADD x INT",
                  "CREATE TABLE t (a INT, b INT NOT NULL)",
                  "INSERT INTO t VALUES (1, 2), (1, 2), (NULL, 3)")
              .only(Product.MYSQL),
          variant(
                  "primary keys that the server adds and hides, beside a unique index",
                  List.of(
                      "sql_generate_invisible_primary_key = 1",
                      "show_gipk_in_create_table_and_information_schema = 0"),
                  "MODIFY a BIGINT",
                  "CREATE TABLE t (a INT, b INT NOT NULL, UNIQUE KEY b (b))",
                  "INSERT INTO t VALUES (1, 2), (NULL, 3)")
              .only(Product.MYSQL),
          variant(
                  "ALTER TABLE only where nothing is copied",
                  List.of("alter_algorithm = 'INSTANT'"),
                  "MODIFY n BIGINT, ADD KEY v (v)",
                  PLAIN,
                  ROWS)
              .before("SET SESSION alter_algorithm = 'COPY'")
              .only(Product.MARIADB));

  static Stream<Arguments> cases() {
    String only = System.getProperty("zdm.case", "");
    return SharedMySqlServers.newest().stream()
        .flatMap(
            release ->
                VARIANTS.stream()
                    .filter(v -> v.only() == null || v.only() == release.product())
                    .filter(v -> only.isEmpty() || v.name().equals(only))
                    .map(v -> Arguments.of(v, release)));
  }

  @AfterAll
  static void stop() {
    SERVERS.values().forEach(MySqlServer::close);
  }

  private static MySqlServer server(MySqlRelease release) throws SQLException {
    MySqlServer running = SERVERS.get(release);
    if (running == null) {
      running = MySqlServer.start(MySqlSpec.of(release));
      SERVERS.put(release, running);
      running.addTimeZone("Europe/Berlin");
    }
    return running;
  }

  @ParameterizedTest(name = "{0} on {1}")
  @MethodSource("cases")
  void theTableIsTheServersOwn(Variant variant, MySqlRelease release) throws Exception {
    MySqlServer server = server(release);
    List<String> migrated;
    List<String> altered;
    Map<String, String> put = new LinkedHashMap<>();
    try (MySqlDatabase database = server.createDatabase("d")) {
      try {
        for (String global : variant.globals()) {
          String name = global.substring(0, global.indexOf(' '));
          put.put(name, literal(server.variable(name)));
          server.execute("SET GLOBAL " + global);
        }
        run(database, variant.fill());
        MySqlRuns.migrate(database, "t", variant.alter());
        migrated = TableDump.of(database, "t");
        run(database, List.of("DROP TABLE t"));
        run(database, variant.fill());
        List<String> alter = new ArrayList<>();
        if (!variant.before().isEmpty()) {
          alter.add(variant.before());
        }
        alter.add("ALTER TABLE t " + variant.alter());
        run(database, alter);
        altered = TableDump.of(database, "t");
      } finally {
        for (Map.Entry<String, String> old : put.entrySet()) {
          server.execute("SET GLOBAL " + old.getKey() + " = " + old.getValue());
        }
      }
    }
    assertThat(migrated).isEqualTo(altered);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("io.zdmosc.harness.server.mysql.SharedMySqlServers#newest")
  void serversThatTakeNoWritesAreRefused(MySqlRelease release) throws Exception {
    MySqlServer server = server(release);
    try (MySqlDatabase database = server.createDatabase("d")) {
      database.execute(PLAIN);
      server.execute("SET GLOBAL read_only = 1");
      try {
        assertThatThrownBy(() -> MySqlRuns.migrate(database, "t", "ADD x INT"))
            .isInstanceOf(RefusedException.class)
            .hasMessageContaining("server: is read-only");
      } finally {
        server.execute("SET GLOBAL read_only = 0");
      }
    }
  }

  private static String literal(String value) {
    return value == null ? "NULL" : value.matches("\\d+") ? value : "'" + value + "'";
  }

  private static void run(MySqlDatabase database, List<String> statements) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("SET SESSION transaction_read_only = 0");
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }
}
