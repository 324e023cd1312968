package io.zdmosc.harness.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.engine.progress.Summary;
import io.zdmosc.engine.spi.Orders.Ending;
import io.zdmosc.harness.schema.SchemaDump;
import io.zdmosc.harness.server.SharedServers;
import io.zdmosc.harness.server.TestDatabase;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Foreign keys from the table to itself, and to others, follow every change of it. */
class SelfReferenceIT {
  private static final String TABLE = "\"T) REFERENCES\"";

  private static List<String> setup(int major) {
    String emptied = major >= 15 ? " (\"up b\")" : "";
    return List.of(
        "CREATE SCHEMA \"else\"",
        "CREATE TABLE other (x int, y text, PRIMARY KEY (y, x))",
        "INSERT INTO other SELECT i, 'b' || i FROM generate_series(1, 9) i",
        """
        CREATE TABLE "T) REFERENCES" (
          gone int, id int PRIMARY KEY, "a ""a" int NOT NULL, b text NOT NULL, up int,
          "up a" int, "up b" text, UNIQUE ("a ""a", b),
          CONSTRAINT plain FOREIGN KEY (up) REFERENCES "T) REFERENCES" ON DELETE CASCADE,
          CONSTRAINT late FOREIGN KEY (up) REFERENCES "T) REFERENCES" DEFERRABLE INITIALLY DEFERRED,
          CONSTRAINT "two,2" FOREIGN KEY ("up b", "up a") REFERENCES "T) REFERENCES" (b, "a ""a")
            ON UPDATE CASCADE ON DELETE SET NULL%s,
          CONSTRAINT "out" FOREIGN KEY ("up a", "up b") REFERENCES other (x, y) MATCH FULL
            ON DELETE SET NULL)\
        """
            .formatted(emptied),
        "ALTER TABLE \"T) REFERENCES\" DROP COLUMN gone",
        "INSERT INTO \"T) REFERENCES\" SELECT i, i, 'b' || i, i - 1, i - 1, 'b' || i - 1"
            + " FROM generate_series(2, 10) i UNION ALL SELECT 1, 1, 'b1', NULL::int, NULL::int, NULL",
        "ALTER TABLE \"T) REFERENCES\" ADD CONSTRAINT loose FOREIGN KEY (\"a \"\"a\")"
            + " REFERENCES \"T) REFERENCES\" NOT VALID",
        "COMMENT ON CONSTRAINT \"two,2\" ON \"T) REFERENCES\" IS 'two'");
  }

  static Stream<Arguments> changes() {
    List<String> clauses =
        List.of(
            "ALTER COLUMN id TYPE bigint; ALTER COLUMN up TYPE bigint",
            "RENAME COLUMN id TO \"n r\"; RENAME COLUMN \"up b\" TO \"u) (\"; RENAME COLUMN b TO c;"
                + " ALTER COLUMN \"up a\" TYPE bigint",
            "RENAME COLUMN up TO id2; RENAME TO \"new\"\"name\"",
            "SET SCHEMA \"else\"",
            "RENAME CONSTRAINT plain TO \"not so plain\"; DROP CONSTRAINT late;"
                + " VALIDATE CONSTRAINT loose");
    List<Integer> majors = SharedServers.majors();
    List<Arguments> cases = new ArrayList<>();
    for (String clause : clauses) {
      int place = cases.size() % 2 == 0 ? majors.size() - 1 : 0;
      cases.add(Arguments.of(clause, majors.get(place)));
    }
    return cases.stream();
  }

  @ParameterizedTest(name = "{0} on PostgreSQL {1}")
  @MethodSource("changes")
  void sameAsAfterANativeChange(String clause, int major) throws Exception {
    try (TestDatabase migrated = SharedServers.freshDatabase(major);
        TestDatabase altered = SharedServers.freshDatabase(major);
        Connection one = migrated.connect();
        Connection other = altered.connect()) {
      migrated.execute(setup(major).toArray(String[]::new));
      altered.execute(setup(major).toArray(String[]::new));
      String table = TABLE;
      for (String action : clause.split("; ")) {
        altered.execute("ALTER TABLE " + table + " " + action);
        table = action.startsWith("RENAME TO") ? action.substring(10) : table;
        table = action.startsWith("SET SCHEMA") ? "\"else\"." + TABLE : table;
      }
      SchemaDump before = SchemaDump.of(one, TABLE);
      try (HeldMigration held =
          HeldMigration.begin(
              () -> Runs.open(migrated), TABLE, clause.replace(";", ","), Map.of())) {
        assertThat(SchemaDump.of(one, table).lines())
            .filteredOn(line -> !line.startsWith("publication zdm_osc"))
            .containsExactlyElementsOf(SchemaDump.of(other, table).lines());
        assertThat(held.end(Ending.ROLLBACK_AND_DROP).notes()).isEmpty();
      }
      assertThat(SchemaDump.of(one, TABLE).lines()).containsExactlyElementsOf(before.lines());
      Summary summary = Runs.migrate(migrated, TABLE, clause.replace(";", ","));
      assertThat(summary.notes()).isEmpty();
      assertThat(SchemaDump.of(one, table).lines())
          .containsExactlyElementsOf(SchemaDump.of(other, table).lines());
      Traces.assertNoneButTheRetiredTable(migrated);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ALTER COLUMN id TYPE text    | plain | incompatible types",
        "DROP COLUMN id, ADD COLUMN n bigint GENERATED ALWAYS AS IDENTITY | constraint | drops",
        "DROP CONSTRAINT \"T) REFERENCES_a \"\"a_b_key\" | two,2 | no unique constraint"
      })
  void whatCannotFollowIsRefused(String clause, String constraint, String words) throws Exception {
    int major = SharedServers.newestMajor();
    try (TestDatabase database = SharedServers.freshDatabase(major)) {
      database.execute(setup(major).toArray(String[]::new));
      assertThatThrownBy(() -> Runs.migrate(database, TABLE, clause))
          .isInstanceOf(RefusedException.class)
          .hasMessageContaining(constraint)
          .hasMessageContaining(words);
      Traces.assertNone(database);
    }
  }
}
