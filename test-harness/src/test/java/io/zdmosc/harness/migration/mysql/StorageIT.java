package io.zdmosc.harness.migration.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zdmosc.cli.server.Product;
import io.zdmosc.engine.ChangeRequest;
import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.engine.progress.Summary;
import io.zdmosc.engine.spi.ConnectionSettings;
import io.zdmosc.engine.spi.Database;
import io.zdmosc.engine.spi.Orders.Ending;
import io.zdmosc.harness.migration.HeldMigration;
import io.zdmosc.harness.server.mysql.Keyring;
import io.zdmosc.harness.server.mysql.MySqlDatabase;
import io.zdmosc.harness.server.mysql.MySqlRelease;
import io.zdmosc.harness.server.mysql.MySqlServer;
import io.zdmosc.harness.server.mysql.MySqlSpec;
import io.zdmosc.harness.server.mysql.SharedMySqlServers;
import io.zdmosc.mysql.MySqlConnector;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Where a table's rows lie, and whether they are encrypted, stays: behind the swap, while the pair
 * is held, and after the rollback.
 */
class StorageIT {
  private static final String COLUMNS =
      "CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, n INT, v VARCHAR(9), KEY n (n)";

  @TempDir static Path folder;
  private static MySqlServer mySql;
  private static MySqlServer mariaDb;

  @BeforeAll
  static void startServers() throws Exception {
    for (MySqlRelease release : SharedMySqlServers.newest()) {
      if (release.embeddable() && release.product() == Product.MARIADB) {
        mariaDb = SharedMySqlServers.of(release);
      } else if (release.embeddable() && Keyring.isThere(release.product())) {
        mySql =
            MySqlServer.start(
                MySqlSpec.of(release)
                    .withKeyring()
                    .with("innodb_directories", folder.toString())
                    .with("sql_mode", "STRICT_TRANS_TABLES,NO_DIR_IN_CREATE"));
        mySql.execute(
            "CREATE TABLESPACE `t s` ADD DATAFILE 't s.ibd'",
            "CREATE TABLESPACE secret ADD DATAFILE 'secret.ibd' ENCRYPTION = 'Y'");
      }
    }
  }

  @AfterAll
  static void stopServer() {
    if (mySql != null) {
      mySql.close();
    }
  }

  private static MySqlServer orSkip(MySqlServer server) {
    Assumptions.assumeTrue(server != null && server.kind().equals("embedded"), "no such server");
    return server;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ") ENCRYPTION = 'Y'",
        ") TABLESPACE `t s`",
        ") TABLESPACE secret ENCRYPTION = 'Y'",
        ", CONSTRAINT mine CHECK (n < 1000)) DATA DIRECTORY = '{folder}'",
        ") PARTITION BY HASH (id) (PARTITION a DATA DIRECTORY = '{folder}', PARTITION b)"
      })
  void onMySql(String options) throws Exception {
    staysForthAndBack(orSkip(mySql), options);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ") DATA DIRECTORY = '{folder}'",
        ") PARTITION BY HASH (id) (PARTITION a DATA DIRECTORY = '{folder}', PARTITION b)"
      })
  void onMariaDb(String options) throws Exception {
    staysForthAndBack(orSkip(mariaDb), options);
  }

  private static void staysForthAndBack(MySqlServer server, String options) throws Exception {
    try (MySqlDatabase database = fresh(server)) {
      database.execute(
          "SET SESSION sql_mode = 'STRICT_TRANS_TABLES'",
          COLUMNS + options.replace("{folder}", folder.toString()),
          "INSERT INTO t (n, v) VALUES (1, 'a'), (2, 'b'), (3, 'c')");
      List<String> before = storage(database);
      try (HeldMigration held =
          HeldMigration.begin(
              () -> MySqlRuns.open(database), "t", "ADD x INT, MODIFY v VARCHAR(99)", Map.of())) {
        assertThat(storage(database)).isEqualTo(before);
        database.execute("UPDATE t SET n = n + 10", "DELETE FROM t WHERE id = 2");
        Summary summary = held.end(Ending.ROLLBACK_AND_DROP);
        assertThat(summary.divergentRows()).isZero();
        assertThat(summary.notes()).isEmpty();
      }
      assertThat(storage(database)).isEqualTo(before);
      assertThat(database.queryText("SELECT GROUP_CONCAT(id, v, n ORDER BY id) FROM t"))
          .isEqualTo("1a11,3c13");
      MySqlTraces.assertNone(database);
    }
  }

  private static MySqlDatabase fresh(MySqlServer server) throws SQLException {
    return server.createDatabase("storage_" + System.nanoTime());
  }

  /** What the definition says behind the columns, and what InnoDB says. */
  private static List<String> storage(MySqlDatabase database) throws SQLException {
    List<String> facts = new ArrayList<>();
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      try (ResultSet row = statement.executeQuery("SHOW CREATE TABLE t")) {
        row.next();
        String definition = row.getString(2);
        facts.add(
            definition
                .substring(definition.indexOf("\n) "))
                .replaceFirst(" AUTO_INCREMENT=\\d+", ""));
      }
      String files =
          database.server() == mySql
              ? "SELECT t.NAME, t.SPACE_TYPE, s.NAME, s.ENCRYPTION, d.PATH"
                  + " FROM information_schema.INNODB_TABLES t"
                  + " LEFT JOIN information_schema.INNODB_TABLESPACES s ON s.SPACE = t.SPACE"
                  + " LEFT JOIN information_schema.INNODB_DATAFILES d ON d.SPACE = t.SPACE"
              : "SELECT t.NAME, t.FILENAME FROM information_schema.INNODB_SYS_TABLESPACES t";
      try (ResultSet rows =
          statement.executeQuery(
              files
                  + " WHERE t.NAME = CONCAT(DATABASE(), '/t')"
                  + " OR t.NAME LIKE CONCAT(DATABASE(), '/t#%') ORDER BY 1")) {
        while (rows.next()) {
          StringBuilder fact = new StringBuilder();
          for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
            fact.append(rows.getString(i)).append(' ');
          }
          facts.add(fact.toString());
        }
      }
    }
    assertThat(facts).as("the table is found").hasSizeGreaterThan(1);
    return facts;
  }

  @Test
  void dataDirectoryTakesThePrivilegeToUseFiles() throws Exception {
    orSkip(mySql);
    try (MySqlDatabase database = fresh(mySql)) {
      database.execute(
          "SET SESSION sql_mode = ''", COLUMNS + ") DATA DIRECTORY = '" + folder + "'");
      mySql.createUser(
          "no_files",
          "pw",
          "REPLICATION SLAVE, REPLICATION CLIENT, PROCESS ON *.*",
          "ALL ON `storage\\_%`.*",
          "ALL ON zdm_osc.*");
      ConnectionSettings settings =
          new ConnectionSettings(database.jdbcUrl(), "no_files", "pw", Map.of());
      try (Database opened = new MySqlConnector().connect(settings)) {
        ChangeRequest request = new ChangeRequest("t", "ADD x INT");
        assertThatThrownBy(() -> opened.plan(request))
            .isInstanceOf(RefusedException.class)
            .hasMessageContaining("definition of")
            .hasMessageContaining("GRANT FILE");
        mySql.execute("GRANT FILE ON *.* TO no_files@'%'");
        assertThat(opened.plan(request).plan().columns()).hasSize(4);
      }
    }
  }

  /** Its default is that of the database in which the clause is tried. */
  @Test
  void tableIsNotEncryptedUnasked() throws Exception {
    orSkip(mySql);
    try (MySqlDatabase database = fresh(mySql)) {
      database.execute(COLUMNS + ")");
      MySqlRuns.migrate(database, "t", "ADD x INT");
      mySql.execute("ALTER DATABASE zdm_osc DEFAULT ENCRYPTION = 'Y'");
      assertThatThrownBy(() -> MySqlRuns.migrate(database, "t", "ADD y INT"))
          .isInstanceOf(RefusedException.class)
          .hasMessageContaining("options of table")
          .hasMessageContaining("ENCRYPTION='Y'");
    } finally {
      mySql.execute("ALTER DATABASE zdm_osc DEFAULT ENCRYPTION = 'N'");
    }
  }
}
