package io.zdmosc.harness.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zdmosc.engine.ChangeRequest;
import io.zdmosc.engine.Migration;
import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.engine.progress.Summary;
import io.zdmosc.engine.spi.Database;
import io.zdmosc.harness.server.PostgresServer;
import io.zdmosc.harness.server.SharedServers;
import io.zdmosc.harness.server.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Conversions come out as in an ordinary session of the role, wherever the migration runs: by the
 * settings of role, database and server, and not by those of the client.
 */
class SessionSettingsIT {
  private static final String CLAUSE =
      "ALTER COLUMN at TYPE text, ALTER COLUMN zoned TYPE timestamptz,"
          + " ALTER COLUMN unzoned TYPE timestamp, ALTER COLUMN span TYPE text,"
          + " ALTER COLUMN day TYPE date USING day::date, ALTER COLUMN num TYPE text,"
          + " ALTER COLUMN bytes TYPE text, ALTER COLUMN cash TYPE text,"
          + " ALTER COLUMN n TYPE text USING to_char(at, 'TZ OF')";

  private static PostgresServer server;

  @BeforeAll
  static void startServer() {
    server =
        PostgresServer.start(
            SharedServers.newestMajor(),
            Map.of("timezone", "America/New_York", "datestyle", "ISO, MDY"));
  }

  @AfterAll
  static void closeServer() {
    server.close();
  }

  /**
   * @param settings of role and database
   * @param effective what an ordinary session of the role then has
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | SET TimeZone = 'America/New_York'",
        "ALTER DATABASE %1$s SET TimeZone = 'Asia/Kathmandu' | SET TimeZone = 'Asia/Kathmandu'",
        "ALTER ROLE %2$s SET TimeZone = 'Europe/Berlin'; ALTER DATABASE %1$s SET TimeZone = 'UTC'"
            + " | SET TimeZone = 'Europe/Berlin'",
        "ALTER ROLE %2$s IN DATABASE %1$s SET TimeZone = 'Australia/Adelaide';"
            + " ALTER ROLE %2$s SET TimeZone = 'UTC'; ALTER ROLE %2$s SET DateStyle = 'ISO, DMY';"
            + " ALTER ROLE %2$s SET IntervalStyle = 'iso_8601';"
            + " ALTER ROLE %2$s SET bytea_output = 'escape'"
            + " | SET TimeZone = 'Australia/Adelaide'; SET DateStyle = 'ISO, DMY';"
            + " SET IntervalStyle = 'iso_8601'; SET bytea_output = 'escape'"
      })
  void conversionsComeOutAsInAnOrdinarySession(String settings, String effective) throws Exception {
    TimeZone clients = TimeZone.getDefault();
    TimeZone.setDefault(TimeZone.getTimeZone("Asia/Tokyo"));
    try (TestDatabase database = database(settings, false)) {
      List<String> expected = altered(database, effective);
      try (Database opened = Runs.open(database, role(database), "p")) {
        Trail trail =
            new Trail()
                .on(
                    MigrationState.VERIFYING,
                    () -> database.execute("UPDATE t SET n = n WHERE n % 2 = 0"));
        Summary summary =
            new Migration(opened, new ChangeRequest("t", CLAUSE), Runs.options(), trail).run();
        assertThat(summary.divergentRows()).isZero();
        assertThat(summary.changesApplied()).isPositive();
      }
      assertThat(rows(database, "t")).isEqualTo(expected);
    } finally {
      TimeZone.setDefault(clients);
    }
  }

  /** What the driver cannot do is refused where it matters, and only there. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "DateStyle = 'German'     | ALTER COLUMN at TYPE text  | column at",
        "extra_float_digits = 0   | ALTER COLUMN num TYPE text | column num"
      })
  void settingsThatCannotBeHadAreRefused(String setting, String clause, String words)
      throws Exception {
    try (TestDatabase database = database("ALTER ROLE %2$s SET " + setting, true);
        Database opened = Runs.open(database, role(database), "p")) {
      assertThatThrownBy(() -> opened.plan(new ChangeRequest("t", clause)))
          .isInstanceOf(RefusedException.class)
          .hasMessageContaining(words)
          .hasMessageContaining("ALTER ROLE");
      assertThat(opened.plan(new ChangeRequest("t", "ALTER COLUMN n TYPE bigint"))).isNotNull();
    }
  }

  @ParameterizedTest
  @CsvSource({"ALTER COLUMN zoned TYPE timestamptz, 1", "ALTER COLUMN n TYPE bigint, 0"})
  void anUncertainTimeZoneIsNoted(String clause, int notes) throws Exception {
    try (TestDatabase database = database("", true);
        Database opened = Runs.open(database, role(database), "p")) {
      assertThat(opened.plan(new ChangeRequest("t", clause)).plan().warnings())
          .filteredOn(warning -> warning.contains("the zone of the server's log"))
          .hasSize(notes);
    }
  }

  private static String role(TestDatabase database) {
    return "role_" + database.name();
  }

  private static int databases;

  private static TestDatabase database(String settings, boolean hidden) throws SQLException {
    TestDatabase database = server.createDatabase("s" + ++databases);
    String role = role(database);
    database.execute(
        "CREATE ROLE " + role + " LOGIN REPLICATION PASSWORD 'p'",
        "GRANT CREATE ON DATABASE " + database.name() + " TO " + role,
        "GRANT CREATE ON SCHEMA public TO " + role,
        "CREATE TABLE t (id timestamptz PRIMARY KEY, at timestamptz, zoned timestamp,"
            + " unzoned timestamptz, span interval, day text, num float8, bytes bytea, cash money,"
            + " n int)",
        "INSERT INTO t SELECT '2024-01-01 00:30+00'::timestamptz + i * interval '37 hours',"
            + " '2024-01-01 00:30+00'::timestamptz + i * interval '37 hours',"
            + " '2024-01-01 00:30'::timestamp + i * interval '37 hours',"
            + " '2024-01-01 00:30+00'::timestamptz + i * interval '37 hours',"
            + " i * interval '1 day 2 hours', '03/0' || i % 9 + 1 || '/2024', 0.1 + i / 3.0,"
            + " '\\x00ff', i, i FROM generate_series(1, 300) i",
        "ALTER TABLE t OWNER TO " + role);
    if (!settings.isEmpty()) {
      database.execute(settings.formatted(database.name(), role).split(";"));
    }
    if (settings.isEmpty() && !hidden) {
      database.execute(
          "GRANT EXECUTE ON FUNCTION pg_show_all_file_settings() TO " + role,
          "GRANT SELECT ON pg_file_settings TO " + role);
    }
    return database;
  }

  /** What the server's own ALTER TABLE makes of a copy. */
  private static List<String> altered(TestDatabase database, String effective) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE copy AS TABLE t");
      statement.execute("SET DateStyle = 'ISO, MDY'");
      statement.execute(effective);
      statement.execute("ALTER TABLE copy " + CLAUSE);
    }
    return rows(database, "copy");
  }

  private static List<String> rows(TestDatabase database, String table) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery("SELECT t::text FROM " + table + " t ORDER BY 1")) {
      while (result.next()) {
        rows.add(result.getString(1));
      }
    }
    return rows;
  }
}
