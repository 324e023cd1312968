package io.zdmosc.harness.migration;

import static io.zdmosc.harness.migration.EverythingSetup.CHANGE;
import static io.zdmosc.harness.migration.EverythingSetup.TABLE;
import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.engine.ChangeRequest;
import io.zdmosc.engine.Migration;
import io.zdmosc.engine.Retire;
import io.zdmosc.engine.progress.Summary;
import io.zdmosc.engine.spi.Database;
import io.zdmosc.engine.spi.Orders.Ending;
import io.zdmosc.harness.schema.DatabaseDump;
import io.zdmosc.harness.server.SharedServers;
import io.zdmosc.harness.server.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Everything at once: a table with all that is carried over, driven by a role with no more than the
 * documented privileges, while its application does all that it does and a subscriber follows a
 * publication. The whole database is afterwards what the server's own ALTER TABLE makes of another
 * one like it, and after a rollback what it was.
 */
class EverythingIT {

  static Stream<Integer> majors() {
    List<Integer> majors = SharedServers.majors();
    return Stream.of(majors.get(0), majors.get(majors.size() - 1)).distinct();
  }

  @ParameterizedTest(name = "on PostgreSQL {0}")
  @MethodSource("majors")
  void nothingIsLostAndNobodyNotices(int major) throws Exception {
    try (TestDatabase database = SharedServers.freshDatabase(major);
        TestDatabase other = SharedServers.freshDatabase(major);
        TestDatabase subscriber = SharedServers.freshDatabase(major)) {
      EverythingSetup setup = new EverythingSetup(database.name(), major);
      EverythingSetup twin = new EverythingSetup(other.name(), major);
      try (Subscription subscription = new Subscription(database, subscriber, setup)) {
        database.execute(setup.statements().toArray(String[]::new));
        other.execute(twin.statements().toArray(String[]::new));
        subscription.begin();
        database.execute(setup.rows().toArray(String[]::new));
        other.execute("ALTER TABLE " + TABLE + " " + CHANGE);
        DatabaseDump before = dump(database);
        DatabaseDump after = dump(other);
        assertThat(before).isNotEqualTo(after);
        try (Application application = new EverythingApplication(database, setup).start()) {
          application.awaitRounds(20);
          forthAndBack(database, setup, application, before, after);
          Summary summary = forth(database, setup);
          assertThat(summary.notes()).isEmpty();
          application.awaitRounds(20);
          application.stop();
        }
        assertThat(after.differences(dump(database))).isEmpty();
        subscription.assertSame();
        Traces.assertNone(database);
      } finally {
        drop(database, setup);
        drop(other, twin);
      }
    }
  }

  private static void forthAndBack(
      TestDatabase database,
      EverythingSetup setup,
      Application application,
      DatabaseDump before,
      DatabaseDump after)
      throws Exception {
    try (HeldMigration held =
        HeldMigration.begin(
            () -> Runs.open(database, setup.migrator(), "p"),
            TABLE,
            CHANGE,
            Map.of("doc", "doc::jsonb"))) {
      application.awaitRounds(20);
      assertThat(after.differences(dump(database))).isEmpty();
      Summary summary = held.end(Ending.ROLLBACK_AND_DROP);
      assertThat(summary.notes()).isEmpty();
      assertThat(summary.divergentRows()).isZero();
    }
    application.awaitRounds(20);
    assertThat(before.differences(dump(database))).isEmpty();
    Traces.assertNone(database);
  }

  private static Summary forth(TestDatabase database, EverythingSetup setup) {
    try (Database opened = Runs.open(database, setup.migrator(), "p")) {
      return new Migration(
              opened,
              new ChangeRequest(TABLE, CHANGE),
              Runs.options().withRetire(Retire.DROP),
              new Trail())
          .run();
    }
  }

  /** Everything but the tool's own, whatever the database is called. */
  private static DatabaseDump dump(TestDatabase database) throws SQLException {
    try (Connection connection = database.connect()) {
      return new DatabaseDump(
          DatabaseDump.of(connection).lines().stream()
              .map(line -> line.replace(database.name(), "DATABASE"))
              .sorted()
              .toList());
    }
  }

  private static void drop(TestDatabase database, EverythingSetup setup) throws SQLException {
    for (String role : setup.roles()) {
      if (database
          .queryText("SELECT to_regrole('" + role.replace("'", "''") + "') IS NOT NULL")
          .equals("t")) {
        database.execute("DROP OWNED BY " + role + " CASCADE", "DROP ROLE " + role);
      }
    }
  }

  /** A subscriber in another database, from before the first row on. */
  private record Subscription(
      TestDatabase publisher, TestDatabase subscriber, EverythingSetup setup)
      implements AutoCloseable {
    private static final String ROWS =
        "SELECT count(*) || ' ' || coalesce(md5(string_agg(concat_ws(',', \"ID\", \"ten ant\","
            + " amount), ';' ORDER BY \"ID\")), '') FROM "
            + TABLE;

    void begin() throws SQLException {
      String slot = "sub_" + publisher.name();
      publisher.execute("SELECT pg_create_logical_replication_slot('" + slot + "', 'pgoutput')");
      String address = publisher.jdbcUrl().replaceFirst("^jdbc:postgresql://", "");
      String host = address.replaceFirst("[:/].*", "");
      String port = address.replaceFirst("^[^:]*:", "").replaceFirst("/.*", "");
      String password = publisher.password().isEmpty() ? "" : " password=" + publisher.password();
      subscriber.execute(
          "CREATE SCHEMA " + EverythingSetup.SCHEMA,
          "CREATE TABLE "
              + TABLE
              + " (\"ID\" bigint PRIMARY KEY, \"ten ant\" text, up int, kind int, \"sélect\" text,"
              + " amount numeric, doc text, n bigint, \"new one\" int)",
          "CREATE SUBSCRIPTION sub CONNECTION 'host="
              + host
              + " port="
              + port
              + " user="
              + publisher.user()
              + password
              + " dbname="
              + publisher.name()
              + "' PUBLICATION \"pub \"\""
              + publisher.name()
              + "\" WITH (create_slot = false, slot_name = '"
              + slot
              + "', copy_data = false)");
    }

    void assertSame() throws SQLException {
      String rows = publisher.queryText(ROWS);
      Awaitility.await()
          .atMost(Runs.PATIENCE)
          .untilAsserted(() -> assertThat(subscriber.queryText(ROWS)).isEqualTo(rows));
    }

    @Override
    public void close() throws SQLException {
      if (subscriber
          .queryText(
              "SELECT count(*) FROM pg_subscription WHERE subname = 'sub'"
                  + " AND subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())")
          .equals("1")) {
        subscriber.execute(
            "ALTER SUBSCRIPTION sub DISABLE",
            "ALTER SUBSCRIPTION sub SET (slot_name = NONE)",
            "DROP SUBSCRIPTION sub");
      }
    }
  }
}
