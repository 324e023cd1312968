package io.zdmosc.harness.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.zdmosc.cli.server.Product;
import io.zdmosc.engine.ChangeRequest;
import io.zdmosc.engine.Migration;
import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.error.Problem;
import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.engine.spi.Database;
import io.zdmosc.harness.server.mysql.MySqlDatabase;
import io.zdmosc.harness.server.mysql.MySqlRelease;
import io.zdmosc.harness.server.mysql.MySqlServer;
import io.zdmosc.harness.server.mysql.MySqlSpec;
import java.sql.SQLException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Accounts of MySQL and MariaDB that must encrypt, or whose password may not go over the wire as it
 * is; on a server whose {@code init_connect} wants another character set.
 */
class AccountsIT {
  private static final String PASSWORD = "pass word'7";
  private static final String TEXT = "日本 €";

  @ParameterizedTest(name = "{0}")
  @MethodSource("io.zdmosc.harness.server.mysql.SharedMySqlServers#newest")
  void migrateOrAreToldWhatToSet(MySqlRelease release) throws Exception {
    try (MySqlServer server = MySqlServer.start(MySqlSpec.of(release).withTls());
        MySqlDatabase database = server.createDatabase("accounts")) {
      server.execute("SET GLOBAL init_connect = 'SET NAMES latin1'");
      boolean mySql = release.product() == Product.MYSQL;
      account(server, "plain", mySql);
      account(server, "encrypted", mySql);
      server.execute("ALTER USER encrypted REQUIRE SSL");

      if (mySql) {
        assertThat(refusal(database, "plain", "?sslMode=DISABLED").remedy())
            .contains("allowPublicKeyRetrieval=true")
            .contains("sslMode");
        migrate(database, "plain", "?sslMode=DISABLED&allowPublicKeyRetrieval=true");
        migrate(database, "encrypted", "");
        assertThat(refusal(database, "encrypted", "?sslMode=VERIFY_CA").remedy())
            .contains("certificate");
      } else {
        migrate(database, "plain", "");
      }
      migrate(database, "encrypted", mySql ? "?sslMode=REQUIRED" : "?sslMode=trust");
      assertThat(
              refusal(
                      database,
                      "encrypted",
                      mySql ? "?sslMode=DISABLED&allowPublicKeyRetrieval=true" : "")
                  .remedy())
          .contains("password")
          .contains(mySql ? "sslMode=REQUIRED" : "sslMode=trust");
    }
  }

  private static void account(MySqlServer server, String name, boolean mySql) throws SQLException {
    server.createUser(
        name,
        PASSWORD,
        "ALL ON accounts.*",
        "ALL ON zdm_osc.*",
        "REPLICATION SLAVE, PROCESS, "
            + (mySql ? "REPLICATION CLIENT" : "BINLOG MONITOR")
            + " ON *.*");
  }

  private static void migrate(MySqlDatabase database, String user, String options)
      throws SQLException {
    database.execute(
        "DROP TABLE IF EXISTS t",
        "CREATE TABLE t (id VARCHAR(20) PRIMARY KEY, n INT) DEFAULT CHARSET = utf8mb4",
        "INSERT INTO t VALUES ('" + TEXT + "', 1), ('a', 2)");
    Trail trail =
        new Trail()
            .on(
                MigrationState.INDEXING,
                () -> database.execute("UPDATE t SET n = 3 WHERE id = '" + TEXT + "'"));
    try (Database opened = AnyDatabase.open(database.jdbcUrl() + options, user, PASSWORD)) {
      ChangeRequest request =
          new ChangeRequest("t", "ADD COLUMN größe VARCHAR(20) NOT NULL DEFAULT '" + TEXT + "'");
      assertThat(new Migration(opened, request, Runs.options(), trail).run().state())
          .isEqualTo(MigrationState.SWAPPED);
    }
    assertThat(database.queryText("SELECT GROUP_CONCAT(id, n, größe ORDER BY n) FROM t"))
        .as(user + options)
        .isEqualTo("a2" + TEXT + "," + TEXT + "3" + TEXT);
  }

  private static Problem refusal(MySqlDatabase database, String user, String options) {
    RefusedException refused =
        catchThrowableOfType(
            RefusedException.class,
            () -> AnyDatabase.open(database.jdbcUrl() + options, user, PASSWORD).close());
    return refused.problems().get(0);
  }
}
