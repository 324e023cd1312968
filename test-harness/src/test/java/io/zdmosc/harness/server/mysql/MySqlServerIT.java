package io.zdmosc.harness.server.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zdmosc.cli.server.Product;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MySqlServerIT {

  private static final String RELEASES =
      "io.zdmosc.harness.server.mysql.SharedMySqlServers#releases";
  private static final String CIPHER = "SHOW STATUS LIKE 'Ssl_cipher'";
  private static final String NEWEST = "io.zdmosc.harness.server.mysql.SharedMySqlServers#newest";

  @ParameterizedTest
  @MethodSource(RELEASES)
  void everyReleaseRunsWithAFullRowBasedBinlog(MySqlRelease release) throws SQLException {
    MySqlServer server = SharedMySqlServers.of(release);

    if (!release.equals(MySqlRelease.MYSQL)) {
      assertThat(server.version()).startsWith(release.series() + ".");
    }
    assertThat(server.variable("log_bin")).isEqualTo("1");
    assertThat(server.variable("binlog_format")).isEqualTo("ROW");
    assertThat(server.variable("binlog_row_image")).isEqualTo("FULL");
    try (MySqlDatabase database = SharedMySqlServers.freshDatabase(release)) {
      boolean mariaDb = release.product() == Product.MARIADB;
      assertThat(database.queryText("SELECT version()").contains("MariaDB")).isEqualTo(mariaDb);
      database.execute("CREATE TABLE t (a int PRIMARY KEY)", "INSERT INTO t VALUES (1)");
      String gtids = mariaDb ? "SELECT @@gtid_binlog_pos" : "SELECT @@GLOBAL.gtid_executed";
      assertThat(database.queryText(gtids)).isNotEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource(NEWEST)
  void eachDatabaseIsFreshAndGoneAfterwardsThoughSomebodyHoldsALock(MySqlRelease release)
      throws SQLException {
    MySqlDatabase database = SharedMySqlServers.freshDatabase(release);
    try (Connection lingering = database.connect()) {
      database.execute("CREATE TABLE t (a int PRIMARY KEY)");
      lingering.createStatement().execute("LOCK TABLES t WRITE");
      database.close();

      assertThatThrownBy(database::connect).hasMessageContaining("Unknown database");
      assertThat(lingering.isValid(1)).isFalse();
    }
  }

  @ParameterizedTest
  @MethodSource(NEWEST)
  void aWrongPasswordAndAMissingPrivilegeAreRefused(MySqlRelease release) throws SQLException {
    MySqlServer server = SharedMySqlServers.of(release);
    assertThatThrownBy(
            () -> DriverManager.getConnection(server.jdbcUrl("mysql"), server.user(), "wrong"))
        .hasMessageContaining("Access denied");

    try (MySqlDatabase database = SharedMySqlServers.freshDatabase(release)) {
      database.execute("CREATE TABLE t (a int PRIMARY KEY)");
      server.createUser("it's", "p'w", "SELECT ON " + MySqlServer.quote(database.name()) + ".*");
      try (Connection connection = DriverManager.getConnection(database.jdbcUrl(), "it's", "p'w")) {
        connection.createStatement().executeQuery("SELECT * FROM t");
        assertThatThrownBy(() -> connection.createStatement().execute("INSERT INTO t VALUES (1)"))
            .hasMessageContaining("denied");
      } finally {
        server.execute("DROP USER 'it''s'@'%'");
      }
    }
  }

  @ParameterizedTest
  @MethodSource(NEWEST)
  void whatWasCommittedSurvivesARestartAndAKill(MySqlRelease release) throws SQLException {
    MySqlSpec spec = MySqlSpec.of(release).with("long_query_time", "7");
    try (MySqlServer server = MySqlServer.start(spec);
        MySqlDatabase database = server.createDatabase("d")) {
      int port = server.port();
      database.execute("CREATE TABLE t (a int PRIMARY KEY)", "INSERT INTO t VALUES (1)");
      server.restart();
      database.execute("INSERT INTO t VALUES (2)");
      server.killImmediately();
      assertThatThrownBy(server::connect).isInstanceOf(SQLException.class);
      server.startAgain();

      assertThat(database.queryText("SELECT count(*) FROM t")).isEqualTo("2");
      assertThat(Double.valueOf(server.variable("long_query_time"))).isEqualTo(7);
      assertThat(server.port()).isEqualTo(port);
    }
  }

  @ParameterizedTest
  @MethodSource(NEWEST)
  void aServerIsConfiguredAsTheTestAsksFor(MySqlRelease release) throws SQLException {
    MySqlSpec spec =
        MySqlSpec.of(release)
            .withoutGtids()
            .withCompressedBinlog()
            .with("binlog_row_image", "MINIMAL")
            .with("lower_case_table_names", "1")
            .with("default_time_zone", "+05:30")
            .with("sql_mode", "ANSI_QUOTES")
            .with("server_id", "77");
    try (MySqlServer server = MySqlServer.start(spec)) {
      boolean mySql = release.product() == Product.MYSQL;
      assertThat(server.variable("binlog_row_image")).isEqualTo("MINIMAL");
      assertThat(server.variable("lower_case_table_names")).isEqualTo("1");
      assertThat(server.variable("time_zone")).isEqualTo("+05:30");
      assertThat(server.variable("sql_mode")).isEqualTo("ANSI_QUOTES");
      assertThat(server.variable("server_id")).isEqualTo("77");
      String compression = mySql ? "binlog_transaction_compression" : "log_bin_compress";
      assertThat(server.variable(compression)).isEqualTo("1");
      if (mySql) {
        assertThat(server.variable("gtid_mode")).isEqualTo("OFF");
      }
    }
    try (MySqlServer server = MySqlServer.start(MySqlSpec.of(release).withoutBinlog())) {
      assertThat(server.variable("log_bin")).isEqualTo("0");
    }
  }

  @ParameterizedTest
  @MethodSource(NEWEST)
  void connectionsMayBeEncrypted(MySqlRelease release) throws SQLException {
    String mode = release.product() == Product.MYSQL ? "REQUIRED" : "trust";
    try (MySqlServer server = MySqlServer.start(MySqlSpec.of(release).withTls());
        Connection connection =
            DriverManager.getConnection(
                server.jdbcUrl("mysql") + "?sslMode=" + mode, server.user(), server.password());
        ResultSet rows = connection.createStatement().executeQuery(CIPHER)) {
      rows.next();
      assertThat(rows.getString(2)).isNotEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource(NEWEST)
  void aFrozenServerAnswersOnlyAfterItIsResumed(MySqlRelease release) throws Exception {
    try (MySqlServer server = MySqlServer.start(release);
        Connection connection = server.connect()) {
      server.pause();
      CompletableFuture<List<Boolean>> answer =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return List.of(connection.createStatement().execute("SELECT 1"));
                } catch (SQLException e) {
                  throw new IllegalStateException(e);
                }
              });
      assertThatThrownBy(() -> answer.get(300, TimeUnit.MILLISECONDS))
          .isInstanceOf(TimeoutException.class);
      server.resume();

      assertThat(answer.get(10, TimeUnit.SECONDS)).containsExactly(true);
    }
  }

  @ParameterizedTest
  @MethodSource(NEWEST)
  void aServerMayLiveWhereClocksAreChanged(MySqlRelease release) throws SQLException {
    try (MySqlServer server = MySqlServer.start(release);
        MySqlDatabase database = server.createDatabase("d")) {
      server.addTimeZone("Europe/Berlin");
      server.execute("SET GLOBAL time_zone = 'Europe/Berlin'");

      assertThat(database.queryText("SELECT cast(from_unixtime(1743296399) AS char)"))
          .isEqualTo("2025-03-30 01:59:59");
      assertThat(database.queryText("SELECT cast(from_unixtime(1743296400) AS char)"))
          .isEqualTo("2025-03-30 03:00:00");
      assertThat(database.queryText("SELECT unix_timestamp('2001-07-01 12:00:00')"))
          .isEqualTo("993981600");
    }
  }
}
