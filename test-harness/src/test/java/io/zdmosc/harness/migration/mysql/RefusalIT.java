package io.zdmosc.harness.migration.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zdmosc.cli.server.Product;
import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.harness.migration.HeldMigration;
import io.zdmosc.harness.server.mysql.MySqlDatabase;
import io.zdmosc.harness.server.mysql.MySqlRelease;
import io.zdmosc.harness.server.mysql.SharedMySqlServers;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What cannot be done is refused by name, or stops with the row; the table is as it was. */
class RefusalIT {
  private static final String RELEASES = "io.zdmosc.harness.server.mysql.SharedMySqlServers#newest";

  @ParameterizedTest(name = "{0}")
  @MethodSource(RELEASES)
  void tablesWithoutAnIdentityAreRefused(MySqlRelease release) throws Exception {
    refused(
        release,
        "CREATE TABLE t (a INT, KEY a (a))",
        "ADD COLUMN b INT",
        "rows cannot be told apart");
    refused(
        release,
        "CREATE TABLE t (a VARCHAR(20) NOT NULL, UNIQUE KEY a (a(5)))",
        "ENGINE = InnoDB",
        "rows cannot be told apart");
    refused(
        release,
        "CREATE TABLE t (a FLOAT PRIMARY KEY)",
        "ENGINE = InnoDB",
        "rows cannot be told apart");
    refused(
        release, "CREATE TABLE t (a INT UNIQUE)", "ENGINE = InnoDB", "rows cannot be told apart");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource(RELEASES)
  void clausesThatAShadowCannotTakeAreRefused(MySqlRelease release) throws Exception {
    String table = "CREATE TABLE t (id INT PRIMARY KEY, a INT)";
    refused(release, table, "ENGINE = MyISAM", "no transactions");
    refused(release, table, "ADD COLUMN b INT, ALGORITHM = INPLACE", "ALGORITHM");
    refused(release, table, "ADD COLUMN a INT", "Duplicate column");
    refused(release, table, "DROP COLUMN nix", "nix");
    refused(release, table, "ADD COLUMN b INT; DROP TABLE t", "semicolon");
    refused(release, table, "ADD COLUMN b INT /*! , DROP COLUMN a */", "comment");
    refused(release, table, "DROP COLUMN id", "lives on");
    refused(release, table, "RENAME TO other.t", "another database");
    refused(release, table, "ADD COLUMN d DATE NOT NULL", "no default that existing rows");
    refused(release, table, "ADD COLUMN p POINT NOT NULL", "no default that existing rows");
    if (release.product() == Product.MARIADB) {
      refused(release, table, "RENAME TO s", "sorts before");
    } else {
      refused(release, table, "ADD COLUMN v VECTOR(3) NOT NULL", "no default that existing rows");
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource(RELEASES)
  void systemVersioningIsRefused(MySqlRelease release) throws Exception {
    if (release.product() == Product.MYSQL) {
      return;
    }
    String plain = "CREATE TABLE t (id INT PRIMARY KEY, a INT)";
    String versioned = plain + " WITH SYSTEM VERSIONING";
    refused(release, versioned, "ADD COLUMN b INT", "system-versioned");
    refused(release, versioned, "ADD COLUMN b INT", "system_versioning_alter_history = KEEP");
    refused(release, plain, "ADD SYSTEM VERSIONING", "SYSTEM VERSIONING");
  }

  /** With a FULLTEXT index the server takes only values of this column in ascending order. */
  @ParameterizedTest(name = "{0}")
  @MethodSource(RELEASES)
  void documentIdsOfOnesOwnAreRefusedWithAFullTextIndex(MySqlRelease release) throws Exception {
    String columns =
        "CREATE TABLE t (FTS_DOC_ID BIGINT UNSIGNED NOT NULL AUTO_INCREMENT, id INT PRIMARY KEY,"
            + " body TEXT, UNIQUE KEY FTS_DOC_ID_INDEX (FTS_DOC_ID)";
    String refused = "takes only values larger than all before it";
    refused(release, columns + ", FULLTEXT KEY body (body))", "ADD COLUMN b INT", refused);
    refused(release, columns + ")", "ADD FULLTEXT KEY body (body)", refused);
    try (MySqlDatabase database = SharedMySqlServers.freshDatabase(release)) {
      database.execute(columns + ", FULLTEXT KEY body (body))");
      assertThatThrownBy(
              () ->
                  HeldMigration.begin(
                          () -> MySqlRuns.open(database), "t", "DROP KEY body", Map.of())
                      .close())
          .hasStackTraceContaining(refused);
      database.execute("INSERT INTO t VALUES (7, 1, 'one'), (9, 2, 'two')");
      MySqlRuns.migrate(database, "t", "DROP KEY body");
      MySqlRuns.migrate(database, "t", "ADD COLUMN b INT");
      assertThat(database.queryText("SELECT GROUP_CONCAT(FTS_DOC_ID ORDER BY id) FROM t"))
          .isEqualTo("7,9");
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource(RELEASES)
  void secondaryEngineIsRefused(MySqlRelease release) throws Exception {
    if (release.product() == Product.MYSQL) {
      String table = "CREATE TABLE t (id INT PRIMARY KEY) SECONDARY_ENGINE = rapid";
      refused(release, table, "ADD COLUMN b INT", "SECONDARY_ENGINE = NULL first");
    }
  }

  /** MariaDB writes them into the definition as they are; MySQL writes them in hexadecimal. */
  @ParameterizedTest(name = "{0}")
  @MethodSource(RELEASES)
  void bytesInADefaultAreCarriedOverOrRefused(MySqlRelease release) throws Exception {
    String table = "CREATE TABLE t (id INT PRIMARY KEY)";
    String alter = "ADD b VARBINARY(5) DEFAULT x'00ff'";
    if (release.product() == Product.MARIADB) {
      refused(release, table, alter, "bytes that are no text");
      return;
    }
    try (MySqlDatabase database = SharedMySqlServers.freshDatabase(release)) {
      database.execute(table, "INSERT INTO t VALUES (1)");
      MySqlRuns.migrate(database, "t", alter);
      database.execute("INSERT INTO t (id) VALUES (2)");
      assertThat(database.queryText("SELECT GROUP_CONCAT(HEX(b)) FROM t")).isEqualTo("00FF,00FF");
    }
  }

  private static void refused(MySqlRelease release, String table, String alter, String words)
      throws SQLException {
    try (MySqlDatabase database = SharedMySqlServers.freshDatabase(release)) {
      database.execute(table);
      assertThatThrownBy(() -> MySqlRuns.migrate(database, "t", alter))
          .as(alter)
          .isInstanceOf(RefusedException.class)
          .hasMessageContaining(words);
      assertNothingLeft(database);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource(RELEASES)
  void rowsThatDoNotFitAreNamed(MySqlRelease release) throws Exception {
    stopsAt(release, "v VARCHAR(20)", "'12x'", "MODIFY v INT", "key 77,", "(v is '12x')");
    stopsAt(release, "v VARCHAR(20)", "'too long'", "MODIFY v VARCHAR(5)", "(v is 'too long')");
    stopsAt(release, "v CHAR(9)", "NULL", "MODIFY v CHAR(9) NOT NULL", "key 77,", "(v is NULL)");
    stopsAt(release, "v BIGINT", "5000000000", "MODIFY v INT", "key 77,", "(v is '5000000000')");
    stopsAt(release, "v CHAR(9)", "'€'", "MODIFY v CHAR(9) CHARACTER SET ascii", "(v is '€')");
    stopsAt(release, "v CHAR(9)", "'b'", "CHANGE v w ENUM('1')", "key 77,", "(v is 'b')");
    stopsAt(release, "v VARBINARY(9)", "x'FF00'", "MODIFY v BINARY(1)", "(v is '0xFF00')");
    stopsAt(release, "v VARCHAR(20)", "'1'", "ADD UNIQUE KEY v (v)", "Duplicate entry");
  }

  private static void stopsAt(
      MySqlRelease release, String column, String value, String alter, String... words)
      throws SQLException {
    try (MySqlDatabase database = SharedMySqlServers.freshDatabase(release)) {
      database.execute(
          "CREATE TABLE t (id INT PRIMARY KEY, " + column + ")",
          "INSERT INTO t VALUES (1, 1), (2, 1), (77, " + value + "), (80, 1)");
      if (words[0].startsWith("Dup")) {
        database.execute("DELETE FROM t WHERE id IN (2, 80)");
      }
      assertThatThrownBy(() -> MySqlRuns.migrate(database, "t", alter))
          .as(alter)
          .isInstanceOf(MigrationFailedException.class)
          .hasMessageContainingAll(words)
          .hasMessageNotContaining("(conn=");
      assertNothingLeft(database);
    }
  }

  private static void assertNothingLeft(MySqlDatabase database) throws SQLException {
    assertThat(
            database.queryText(
                "SELECT GROUP_CONCAT(TABLE_NAME) FROM information_schema.TABLES WHERE TABLE_SCHEMA"
                    + " = DATABASE() OR (TABLE_SCHEMA = 'zdm_osc' AND TABLE_NAME LIKE 'zdm%')"))
        .isEqualTo("t");
  }
}
