package io.zdmosc.harness.stream;

import static io.zdmosc.harness.stream.Recorder.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zdmosc.engine.error.Problem;
import io.zdmosc.engine.spi.ChangeStream;
import io.zdmosc.harness.server.SharedServers;
import io.zdmosc.postgres.sql.Session;
import io.zdmosc.postgres.stream.debezium.DebeziumChangeStream;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against what Debezium would do in silence, our stream guards. */
class DebeziumGuardsIT {
  private static final int MAJOR = SharedServers.newestMajor();

  @Test
  void aSlotThatDebeziumMadeAnewIsAFailureAndNothingOfItIsDelivered() throws Exception {
    try (StreamedTable table = StreamedTable.simple(MAJOR);
        Session other = table.sessions().open("other");
        ChangeStream stream = new DebeziumChangeStream(table.settings())) {
      Recorder recorder = new Recorder();
      stream.start(recorder);
      // Debezium reads the types before it looks for the slot: here it waits, and the slot goes
      table.execute("BEGIN", "LOCK TABLE pg_enum IN ACCESS EXCLUSIVE MODE");
      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  other.test(
                      "SELECT count(*) > 0 FROM pg_locks"
                          + " WHERE NOT granted AND relation = 'pg_enum'::regclass"));
      other.text("SELECT pg_drop_replication_slot(?)", table.settings().slot());
      table.execute("INSERT INTO t VALUES (1)", "COMMIT");
      await().atMost(PATIENCE).until(() -> !recorder.failures().isEmpty());

      assertThat(recorder.failures().get(0)).hasMessageContaining("made anew");
      table.execute("INSERT INTO t VALUES (2)");
      assertThat(recorder.events()).isEmpty();
    }
  }

  @Test
  void aSlotThatIsStillReadIsWaitedFor() throws Exception {
    try (StreamedTable table = StreamedTable.simple(MAJOR)) {
      Recorder first = new Recorder();
      Recorder second = new Recorder();
      ChangeStream busy = new DebeziumChangeStream(table.settings());
      busy.start(first);
      table.execute("INSERT INTO t VALUES (1)");
      first.awaitChanges(1);
      try (ChangeStream waiting = new DebeziumChangeStream(table.settings())) {
        waiting.start(second);
        await()
            .during(Duration.ofSeconds(2))
            .atMost(Duration.ofSeconds(5))
            .until(() -> second.failures().isEmpty() && second.keys().isEmpty());
        busy.close();
        assertThat(first.failures()).isEmpty();
        second.awaitChanges(1);
      }
    }
  }

  @Test
  void theSlotIsFreeAsSoonAsTheStreamIsClosed() throws SQLException {
    try (StreamedTable table = StreamedTable.simple(MAJOR)) {
      Recorder recorder = new Recorder();
      try (ChangeStream stream = new DebeziumChangeStream(table.settings())) {
        stream.start(recorder);
        table.execute("INSERT INTO t SELECT generate_series(1, 20000)");
        recorder.awaitChanges(1);
      }
      assertThat(table.slotIsActive()).isFalse();
    }
  }

  @ParameterizedTest
  @CsvSource({"Order Items-ü$1, Id Ä", "select, WHERE", "日本, キー"})
  void unusualNamesAreRead(String name, String column) throws SQLException {
    try (StreamedTable table = StreamedTable.inNewDatabase(MAJOR)) {
      table.execute(
          "CREATE SCHEMA \"My schema\"",
          "CREATE TABLE \"My schema\".\"%s\" (\"%s\" int PRIMARY KEY)".formatted(name, column));
      table.publish("My schema", name, column);
      Recorder recorder = new Recorder();
      try (ChangeStream stream = new DebeziumChangeStream(table.settings())) {
        stream.start(recorder);
        table.execute("INSERT INTO \"My schema\".\"%s\" VALUES (1)".formatted(name));
        recorder.awaitChanges(1);
        assertThat(recorder.keys()).containsExactly("1");
      }
    }
  }

  @Test
  void namesThatDebeziumMayMisreadAreRefused() throws SQLException {
    assertThat(problems("CREATE TABLE t (\"a\"\"b\" int PRIMARY KEY)", "a\"b"))
        .singleElement()
        .satisfies(problem -> assertThat(problem.object()).isEqualTo("column public.t.a\"b"));
    assertThat(
            problems(
                "CREATE TABLE t (\"a,b\" int, \"c.d\" int, PRIMARY KEY (\"a,b\", \"c.d\"))",
                "a,b",
                "c.d"))
        .hasSize(2);
    assertThat(
            problems(
                "CREATE TABLE t (id int PRIMARY KEY, \"ID\" int); ALTER TABLE t REPLICA IDENTITY"
                    + " FULL",
                "id"))
        .singleElement()
        .satisfies(problem -> assertThat(problem.what()).contains("differs from it only by case"));
  }

  @Test
  void typesThatShareTheirNameAreRefusedSinceDebeziumConfusesThem() throws SQLException {
    assertThat(
            problems(
                "CREATE SCHEMA a; CREATE DOMAIN a.code AS boolean; CREATE DOMAIN code AS text;"
                    + " CREATE TABLE t (id code PRIMARY KEY)",
                "id"))
        .singleElement()
        .satisfies(problem -> assertThat(problem.what()).contains("type code shares its name"));
    assertThat(
            problems("CREATE DOMAIN serial AS text; CREATE TABLE t (id serial PRIMARY KEY)", "id"))
        .isEmpty(); // the grammar's serial: an integer
    assertThat(
            problems(
                "CREATE DOMAIN serial AS text; CREATE TABLE t (id public.serial PRIMARY KEY)",
                "id"))
        .singleElement()
        .satisfies(problem -> assertThat(problem.what()).contains("type serial shares its name"));
  }

  @Test
  void aDatabaseAtWhoseTypesDebeziumFailsIsRefused() throws SQLException {
    assertThat(
            problems(
                "CREATE TYPE color AS ENUM ('red'); CREATE DOMAIN paint AS color;"
                    + " CREATE TYPE nothing AS ENUM (); CREATE TABLE t (id int PRIMARY KEY)",
                "id"))
        .extracting(Problem::object)
        .containsExactly("type nothing", "type paint");
  }

  @Test
  void publishedColumnsAtWhoseValuesDebeziumFailsAreRefused() throws SQLException {
    String table =
        "CREATE TABLE t (id int PRIMARY KEY, a interval, b timetz, c money, d int[], e date)";
    assertThat(problems(table, "id")).isEmpty();
    assertThat(problems(table + "; ALTER TABLE t REPLICA IDENTITY FULL", "id"))
        .extracting(Problem::object)
        .containsExactly("column public.t.a", "column public.t.b");
  }

  @Test
  void datesAreRefusedWhereTheJvmSpeaksALanguageThatDebeziumCannotReadThemIn() throws SQLException {
    Locale before = Locale.getDefault(Locale.Category.FORMAT);
    try {
      Locale.setDefault(Locale.Category.FORMAT, Locale.GERMANY);
      assertThat(problems("CREATE TABLE t (id date PRIMARY KEY, v date)", "id"))
          .extracting(Problem::object)
          .containsExactly("column public.t.id");
    } finally {
      Locale.setDefault(Locale.Category.FORMAT, before);
    }
  }

  @ParameterizedTest
  @CsvSource({"int4range", "jsonb", "int[]", "pg_lsn", "xid8", "interval", "timetz", "money"})
  void keysOfOtherTypesAreRefused(String type) throws SQLException {
    assertThat(problems("CREATE TABLE t (id " + type + ")", "id"))
        .singleElement()
        .satisfies(problem -> assertThat(problem.toString()).contains("column public.t.id"));
  }

  private static List<Problem> problems(String ddl, String... keyColumns) throws SQLException {
    try (StreamedTable table = StreamedTable.inNewDatabase(MAJOR)) {
      table.execute(ddl);
      table.publish("public", "t", keyColumns);
      return DebeziumChangeStream.problems(
          table.sessions(), "public", "t", List.of(keyColumns), table.settings().publication());
    }
  }
}
