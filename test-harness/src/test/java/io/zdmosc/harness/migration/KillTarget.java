package io.zdmosc.harness.migration;

import io.zdmosc.harness.server.PostgresServer;
import io.zdmosc.harness.server.ServerSpec;
import io.zdmosc.harness.server.SharedServers;
import io.zdmosc.harness.server.TestDatabase;
import io.zdmosc.harness.server.TestServer;
import io.zdmosc.harness.server.mysql.MySqlRelease;
import io.zdmosc.harness.server.mysql.MySqlServer;
import io.zdmosc.harness.server.mysql.MySqlSpec;
import io.zdmosc.harness.workload.mysql.MySqlCatalogue;
import io.zdmosc.harness.workload.postgres.PostgresCatalogue;
import io.zdmosc.harness.workload.table.TableCase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.awaitility.Awaitility;

/** A server of its own that may be killed, with what differs between databases. */
sealed interface KillTarget {
  /** The role of the migration alone, so that its connections can be told from others. */
  String USER = "migrator";

  TestServer server();

  List<TableCase> cases();

  String quoted(String table);

  String user();

  String password();

  /** Ends all connections of the migration, or some. */
  void endConnections(TestDatabase database, Random random) throws SQLException;

  boolean hasControlSchema(TestDatabase database) throws SQLException;

  String openCondition();

  void assertNoTraces(TestDatabase database);

  default Optional<Long> unfinished(TestDatabase database) throws SQLException {
    return hasControlSchema(database)
        ? Optional.ofNullable(
                database.queryText(
                    "SELECT max(id) FROM zdm_osc.migration WHERE " + openCondition()))
            .map(Long::valueOf)
        : Optional.empty();
  }

  /** PostgreSQL. */
  record Postgres(PostgresServer server) implements KillTarget {
    static Postgres start() {
      return new Postgres(PostgresServer.start(ServerSpec.of(SharedServers.newestMajor())));
    }

    @Override
    public List<TableCase> cases() {
      return PostgresCatalogue.ALL.all();
    }

    @Override
    public String quoted(String table) {
      return Runs.quoted(table);
    }

    @Override
    public String user() {
      return server.user();
    }

    @Override
    public String password() {
      return server.password();
    }

    @Override
    public void endConnections(TestDatabase database, Random random) throws SQLException {
      database.execute(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname ="
              + " current_database() AND application_name LIKE 'zdm-osc%' AND random() < "
              + (random.nextBoolean() ? 1 : 0.3));
    }

    @Override
    public boolean hasControlSchema(TestDatabase database) throws SQLException {
      return database.queryText("SELECT to_regclass('zdm_osc.chunk') IS NOT NULL").equals("t");
    }

    @Override
    public String openCondition() {
      return "is_open";
    }

    @Override
    public void assertNoTraces(TestDatabase database) {
      Traces.assertNoneButTheRetiredTable(database);
    }
  }

  /** MySQL or MariaDB. */
  record MySql(MySqlServer server, MySqlRelease release) implements KillTarget {
    static MySql start(MySqlRelease release) throws SQLException {
      MySqlServer server = MySqlServer.start(MySqlSpec.of(release));
      server.execute(
          "CREATE USER '" + USER + "'@'%' IDENTIFIED BY '" + USER + "'",
          "GRANT ALL ON *.* TO '" + USER + "'@'%'");
      return new MySql(server, release);
    }

    @Override
    public List<TableCase> cases() {
      // documented limits: a finer collation of the key, while keys are respelled, and inexact keys
      return MySqlCatalogue.of(release.product()).all().stream()
          .filter(each -> !each.toString().endsWith("/key_collation"))
          .filter(each -> !each.toString().startsWith("double/"))
          .toList();
    }

    @Override
    public String quoted(String table) {
      return '`' + table.replace("`", "``") + '`';
    }

    @Override
    public String user() {
      return USER;
    }

    @Override
    public String password() {
      return USER;
    }

    @Override
    public void endConnections(TestDatabase database, Random random) throws SQLException {
      boolean all = random.nextBoolean();
      for (String id : connections(database)) {
        if (all || random.nextInt(3) == 0) {
          try {
            database.execute("KILL CONNECTION " + id);
          } catch (SQLException e) {
            if (e.getErrorCode() != 1094) { // it has gone by itself
              throw e;
            }
          }
        }
      }
    }

    /** Not by information_schema, which fails on some statements that run. */
    private static List<String> connections(TestDatabase database) throws SQLException {
      List<String> ids = new ArrayList<>();
      try (Connection connection = database.connect();
          Statement statement = connection.createStatement();
          ResultSet rows = statement.executeQuery("SHOW PROCESSLIST")) {
        while (rows.next()) {
          if (rows.getString("User").equals(USER)) {
            ids.add(rows.getString("Id"));
          }
        }
      }
      return ids;
    }

    @Override
    public boolean hasControlSchema(TestDatabase database) throws SQLException {
      return database
          .queryText(
              "SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = 'zdm_osc'"
                  + " AND TABLE_NAME = 'log_position'")
          .equals("1");
    }

    @Override
    public String openCondition() {
      return "open_table IS NOT NULL";
    }

    @Override
    public void assertNoTraces(TestDatabase database) {
      Awaitility.await()
          .atMost(Runs.PATIENCE)
          .untilAsserted(
              () -> {
                List<String> found =
                    column(
                        database,
                        "SELECT CONCAT(TABLE_SCHEMA, '.', TABLE_NAME) FROM information_schema.TABLES"
                            + " WHERE TABLE_NAME LIKE 'zdm\\_%' AND TABLE_NAME NOT LIKE '%\\_old'"
                            + " AND TABLE_NAME NOT LIKE 'zdm\\_workload%'"
                            + " UNION ALL SELECT CONCAT('open migration ', id) FROM zdm_osc.migration"
                            + " WHERE open_table IS NOT NULL"
                            + " UNION ALL SELECT CONCAT('chunk ', number) FROM zdm_osc.chunk"
                            + " UNION ALL SELECT CONCAT('place ', file) FROM zdm_osc.log_position"
                            + " UNION ALL SELECT token FROM zdm_osc.fence");
                connections(database).forEach(id -> found.add("connection " + id));
                if (!found.isEmpty()) {
                  throw new AssertionError("left behind: " + found);
                }
              });
    }

    private static List<String> column(TestDatabase database, String sql) throws SQLException {
      List<String> values = new ArrayList<>();
      try (Connection connection = database.connect();
          Statement statement = connection.createStatement();
          ResultSet rows = statement.executeQuery(sql)) {
        while (rows.next()) {
          values.add(rows.getString(1));
        }
      }
      return values;
    }
  }
}
