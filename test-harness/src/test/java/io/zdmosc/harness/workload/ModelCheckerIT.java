package io.zdmosc.harness.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.harness.server.TestDatabase;
import io.zdmosc.harness.workload.check.CheckReport;
import io.zdmosc.harness.workload.check.Difference;
import io.zdmosc.harness.workload.check.ModelChecker;
import io.zdmosc.harness.workload.model.Effect;
import io.zdmosc.harness.workload.table.KeyKind;
import io.zdmosc.harness.workload.table.TableCase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The harness sees what is wrong with a table. */
class ModelCheckerIT {

  static List<Site> sites() {
    return Site.all();
  }

  static Stream<Arguments> faults() {
    return sites().stream()
        .flatMap(site -> Fault.of(site).stream().map(fault -> Arguments.of(site, fault)));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void reportsEveryFaultByKeyAndColumn(Site site, Fault fault) throws Exception {
    TableCase plain = site.plain();
    try (TestDatabase database = site.database();
        Connection connection = database.connect();
        Workload workload = filled(site, database, plain)) {
      ModelChecker.checkSource(connection, plain, workload.model()).assertClean();
      List<List<String>> spoiled = fault.inflict(connection);

      CheckReport report = ModelChecker.checkSource(connection, plain, workload.model());

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

  @ParameterizedTest
  @MethodSource("sites")
  void reportsASecondRowOfTheSameKey(Site site) throws Exception {
    TableCase plain = site.plain();
    boolean postgres = plain.dialect().hasDeferrableConstraints();
    String row = postgres ? "1000042" : "42";
    try (TestDatabase database = site.database();
        Connection connection = database.connect();
        Workload workload = filled(site, database, plain)) {
      database.execute(
          postgres
              ? "ALTER TABLE orders DROP CONSTRAINT orders_pkey, DROP CONSTRAINT orders_u_key"
              : "ALTER TABLE orders MODIFY id int NOT NULL, DROP PRIMARY KEY, DROP INDEX orders_u_key",
          "INSERT INTO orders SELECT * FROM orders WHERE id = " + row);

      CheckReport report = ModelChecker.checkSource(connection, plain, workload.model());

      assertThat(report.extra()).isEqualTo(1);
      assertThat(report.differences().get(0).key()).containsExactly(row);
    }
  }

  /** Two spellings of a key that the server takes for equal. */
  record Respelling(String key, String from, String to) {}

  static Stream<Arguments> respellings() {
    Set<Respelling> all =
        Set.of(
            new Respelling("numeric", "-12", "-12.000"),
            new Respelling("citext", "Item-c", "iTEM-C"),
            new Respelling("text_nondeterministic", "äpfel-12", "ÄpFeL-12"),
            new Respelling("varchar_0900_ai_ci", "äpfel-12", "ApFeL-12"),
            new Respelling("varchar_uca1400_ai_ci", "äpfel-12", "ApFeL-12 "),
            new Respelling("unique_index_only", "k''\\\\\"-12", "k''\\\\\"-12 "),
            new Respelling("varchar_latin1", "Straße 12", "straße 12 "));
    return sites().stream()
        .flatMap(
            site ->
                all.stream()
                    .filter(each -> kind(site, each).findFirst().isPresent())
                    .filter(each -> !(postgres(site) && each.key().equals("unique_index_only")))
                    .map(each -> Arguments.of(site, each)));
  }

  private static boolean postgres(Site site) {
    return site.plain().dialect().hasDeferrableConstraints();
  }

  private static Stream<KeyKind> kind(Site site, Respelling respelling) {
    return site.catalogue().keys().stream().filter(key -> key.name().equals(respelling.key()));
  }

  @ParameterizedTest
  @MethodSource("respellings")
  void reportsAnotherSpellingOfAnEqualKey(Site site, Respelling respelling) throws Exception {
    KeyKind kind = kind(site, respelling).findFirst().orElseThrow();
    TableCase tableCase =
        site.catalogue()
            .pair(site.catalogue().table(kind).build(), site.catalogue().change("rebuild"));
    try (TestDatabase database = site.database();
        Connection connection = database.connect()) {
      Trials.assumeSupported(connection, tableCase);
      try (Workload workload = filled(site, database, tableCase)) {
        String column = kind.columns().get(0).id();
        String sql =
            String.format(
                "UPDATE orders SET %1$s = '%2$s' WHERE %1$s = '%3$s'",
                column, respelling.to(), respelling.from());
        assertThat(update(connection, sql)).isEqualTo(1);

        CheckReport report = ModelChecker.checkSource(connection, tableCase, workload.model());

        assertThat(report.different()).isEqualTo(1);
        assertThat(report.differences().get(0).columns()).containsOnlyKeys(column);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("sites")
  void reportsFaultsAfterTheChangeByTheNewColumns(Site site) throws Exception {
    boolean postgres = postgres(site);
    TableCase tableCase =
        site.catalogue().named(postgres ? "bigserial/using_cents" : "int_auto/decimal_scale");
    String row = postgres ? "1000042" : "42";
    try (TestDatabase database = site.database();
        Connection connection = database.connect();
        Workload workload = filled(site, database, tableCase)) {
      tableCase.alterNatively(connection);
      ModelChecker.check(connection, "orders", tableCase, workload.model()).assertClean();
      database.execute("UPDATE orders SET amount = amount + 1 WHERE id = " + row);

      CheckReport report = ModelChecker.check(connection, "orders", tableCase, workload.model());

      assertThat(report.differences()).hasSize(1);
      assertThat(report.differences().get(0).key()).containsExactly(row);
      assertThat(report.differences().get(0).columns()).containsOnlyKeys("amount");
    }
  }

  @ParameterizedTest
  @MethodSource("sites")
  void reportsColumnsThatAreAbsentOrTooMany(Site site) throws Exception {
    TableCase plain = site.plain();
    try (TestDatabase database = site.database();
        Connection connection = database.connect();
        Workload workload = filled(site, database, plain)) {
      database.execute("ALTER TABLE orders DROP COLUMN note, ADD COLUMN surprise text");

      CheckReport report = ModelChecker.checkSource(connection, plain, workload.model());

      assertThat(report.shapeProblems())
          .containsExactly("column note is absent", "column surprise should not be there");
    }
  }

  @ParameterizedTest
  @MethodSource("sites")
  void isNotCleanWhileATransactionIsUnresolved(Site site) throws Exception {
    TableCase plain = site.plain();
    try (TestDatabase database = site.database();
        Connection connection = database.connect();
        Workload workload = filled(site, database, plain)) {
      workload.model().markUnresolved(List.of(new Effect.Remove(workload.model().id(0, 20))));
      assertThat(ModelChecker.checkSource(connection, plain, workload.model()).clean()).isFalse();
    }
  }

  /** A table with rows, to which nobody writes. */
  private static Workload filled(Site site, TestDatabase database, TableCase tableCase)
      throws Exception {
    WorkloadOptions options = Trials.small().withWriters(1).withInitialRows(150);
    Workload workload = Workload.start(site.application(database), tableCase, 31, options);
    workload.stop();
    return workload;
  }

  private static int update(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      return statement.executeUpdate(sql);
    }
  }
}
