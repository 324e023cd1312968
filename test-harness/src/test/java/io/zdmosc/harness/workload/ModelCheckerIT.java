package io.zdmosc.harness.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.harness.server.TestDatabase;
import io.zdmosc.harness.workload.check.CheckReport;
import io.zdmosc.harness.workload.check.Difference;
import io.zdmosc.harness.workload.check.Difference.Kind;
import io.zdmosc.harness.workload.check.ModelChecker;
import io.zdmosc.harness.workload.model.Effect;
import io.zdmosc.harness.workload.postgres.PostgresCatalogue;
import io.zdmosc.harness.workload.postgres.PostgresOtherKeys;
import io.zdmosc.harness.workload.postgres.PostgresTables;
import io.zdmosc.harness.workload.postgres.PostgresTextKeys;
import io.zdmosc.harness.workload.table.KeyKind;
import io.zdmosc.harness.workload.table.TableCase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ModelCheckerIT {
  private static final TableCase PLAIN = PostgresCatalogue.named("bigserial/rebuild");

  /** A statement that spoils rows, and returns their keys. */
  record Fault(String name, Kind kind, Set<String> columns, String sql) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Fault> faults() {
    return List.of(
        fault("deleted row", Kind.MISSING, "DELETE FROM orders WHERE id = 1000042"),
        fault(
            "added row",
            Kind.EXTRA,
            "INSERT INTO orders SELECT 77, era, bucket, cnt, note, big, doc, amount, at, flag, NULL"
                + " FROM orders WHERE id = 1000042"),
        fault(
            "flipped bit of a long text",
            "big",
            "SET big = overlay(big PLACING chr(ascii(substr(big, 99, 1)) # 1) FROM 99)",
            "length(big) > 2500"),
        fault("NULL becomes empty", "note", "SET note = ''", "note IS NULL"),
        fault("empty becomes NULL", "note", "SET note = NULL", "note = ''"),
        fault("trailing blank", "note", "SET note = note || ' '", "note = 'plain'"),
        fault("lost trailing blank", "note", "SET note = rtrim(note)", "note LIKE '%trailing  '"),
        fault(
            "trailing zero of a number",
            "amount",
            "SET amount = (amount || '0')::numeric",
            "amount::text LIKE '%.%'"),
        fault("a microsecond", "at", "SET at = at + '1 microsecond'", "at IS NOT NULL"),
        fault("a boolean", "flag", "SET flag = NOT flag", "flag IS NOT NULL"),
        fault("JSON number 1.0 becomes 1", "doc", "SET doc = doc || '{\"b\": 1}'", "doc ? 'b'"),
        fault("counter", "cnt", "SET cnt = cnt + 1", "cnt > 0"),
        new Fault(
            "two rows exchange values",
            Kind.DIFFERENT,
            Set.of("cnt"),
            "UPDATE orders t SET cnt = o.cnt FROM orders o WHERE (t.id, o.id) IN"
                + " ((1000042, 1000044), (1000044, 1000042)) RETURNING t.id"),
        new Fault(
            "text moves to the next column",
            Kind.DIFFERENT,
            Set.of("note", "big"),
            "UPDATE orders SET note = note || left(big, 1), big = substr(big, 2) WHERE id ="
                + " (SELECT min(id) FROM orders WHERE note <> '' AND big <> '') RETURNING id"));
  }

  private static Fault fault(String name, Kind kind, String sql) {
    return new Fault(name, kind, Set.of(), sql + " RETURNING id");
  }

  private static Fault fault(String name, String column, String set, String where) {
    return new Fault(
        name,
        Kind.DIFFERENT,
        Set.of(column),
        "UPDATE orders "
            + set
            + " WHERE id = (SELECT min(id) FROM orders WHERE "
            + where
            + ") RETURNING id");
  }

  @ParameterizedTest
  @MethodSource("faults")
  void reportsEveryFaultByKeyAndColumn(Fault fault) throws Exception {
    try (TestDatabase database = Trials.database();
        Connection connection = database.connect();
        Workload workload = filled(database, PLAIN)) {
      ModelChecker.checkSource(connection, PLAIN, workload.model()).assertClean();
      List<List<String>> spoiled = run(connection, fault.sql());
      assertThat(spoiled).isNotEmpty();

      CheckReport report = ModelChecker.checkSource(connection, PLAIN, workload.model());

      assertThat(report.clean()).isFalse();
      assertThat(report.differences())
          .extracting(Difference::key)
          .containsExactlyInAnyOrderElementsOf(spoiled);
      assertThat(report.differences())
          .allSatisfy(
              difference -> {
                assertThat(difference.kind()).isEqualTo(fault.kind());
                assertThat(difference.columns().keySet()).isEqualTo(fault.columns());
              });
    }
  }

  @Test
  void reportsASecondRowOfTheSameKey() throws Exception {
    try (TestDatabase database = Trials.database();
        Connection connection = database.connect();
        Workload workload = filled(database, PLAIN)) {
      database.execute(
          "ALTER TABLE orders DROP CONSTRAINT orders_pkey, DROP CONSTRAINT orders_u_key",
          "INSERT INTO orders SELECT * FROM orders WHERE id = 1000042");

      CheckReport report = ModelChecker.checkSource(connection, PLAIN, workload.model());

      assertThat(report.extra()).isEqualTo(1);
      assertThat(report.differences().get(0).key()).containsExactly("1000042");
    }
  }

  /** Two spellings of a key that the server takes for equal. */
  record Respelling(KeyKind key, String column, String from, String to) {
    @Override
    public String toString() {
      return key.name() + ": " + from + " becomes " + to;
    }
  }

  static List<Respelling> respellings() {
    return List.of(
        new Respelling(PostgresOtherKeys.NUMERIC, "id", "-12", "-12.000"),
        new Respelling(PostgresTextKeys.CITEXT, "code", "Item-c", "iTEM-C"),
        new Respelling(PostgresTextKeys.TEXT_NONDETERMINISTIC, "code", "äpfel-12", "ÄpFeL-12"));
  }

  @ParameterizedTest
  @MethodSource("respellings")
  void reportsAnotherSpellingOfAnEqualKey(Respelling respelling) throws Exception {
    TableCase tableCase =
        PostgresCatalogue.pair(
            PostgresTables.with(respelling.key()).build(), PostgresCatalogue.change("rebuild"));
    try (TestDatabase database = Trials.database();
        Connection connection = database.connect()) {
      Trials.assumeSupported(connection, tableCase);
      try (Workload workload = filled(database, tableCase)) {
        String column = respelling.column();
        String sql =
            String.format(
                "UPDATE orders SET %1$s = '%2$s' WHERE %1$s = '%3$s' RETURNING 1",
                column, respelling.to(), respelling.from());
        assertThat(run(connection, sql)).hasSize(1);

        CheckReport report = ModelChecker.checkSource(connection, tableCase, workload.model());

        assertThat(report.different()).isEqualTo(1);
        assertThat(report.differences().get(0).columns()).containsOnlyKeys(column);
      }
    }
  }

  @Test
  void reportsFaultsAfterTheChangeByTheNewColumns() throws Exception {
    TableCase tableCase = PostgresCatalogue.named("bigserial/using_cents");
    try (TestDatabase database = Trials.database();
        Connection connection = database.connect();
        Workload workload = filled(database, tableCase)) {
      tableCase.alterNatively(connection);
      ModelChecker.check(connection, "orders", tableCase, workload.model()).assertClean();
      database.execute("UPDATE orders SET amount = amount + 1 WHERE id = 1000042");

      CheckReport report = ModelChecker.check(connection, "orders", tableCase, workload.model());

      assertThat(report.differences()).hasSize(1);
      assertThat(report.differences().get(0).key()).containsExactly("1000042");
      assertThat(report.differences().get(0).columns()).containsOnlyKeys("amount");
    }
  }

  @Test
  void reportsColumnsThatAreAbsentOrTooMany() throws Exception {
    try (TestDatabase database = Trials.database();
        Connection connection = database.connect();
        Workload workload = filled(database, PLAIN)) {
      database.execute("ALTER TABLE orders DROP COLUMN note, ADD COLUMN surprise text");

      CheckReport report = ModelChecker.checkSource(connection, PLAIN, workload.model());

      assertThat(report.shapeProblems())
          .containsExactly("column note is absent", "column surprise should not be there");
    }
  }

  @Test
  void isNotCleanWhileATransactionIsUnresolved() throws Exception {
    try (TestDatabase database = Trials.database();
        Connection connection = database.connect();
        Workload workload = filled(database, PLAIN)) {
      workload.model().markUnresolved(List.of(new Effect.Remove(workload.model().id(0, 20))));
      assertThat(ModelChecker.checkSource(connection, PLAIN, workload.model()).clean()).isFalse();
    }
  }

  /** A table with rows, to which nobody writes. */
  private static Workload filled(TestDatabase database, TableCase tableCase) throws Exception {
    Workload workload =
        Workload.start(
            database::connect, tableCase, 31, Trials.small().withWriters(1).withInitialRows(150));
    workload.stop();
    return workload;
  }

  private static List<List<String>> run(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<List<String>> keys = new ArrayList<>();
      while (rows.next()) {
        keys.add(List.of(rows.getString(1)));
      }
      return keys;
    }
  }
}
