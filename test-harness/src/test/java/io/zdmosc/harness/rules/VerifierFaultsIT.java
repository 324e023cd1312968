package io.zdmosc.harness.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zdmosc.engine.error.DivergenceException;
import io.zdmosc.engine.progress.Summary;
import io.zdmosc.engine.spi.Flusher;
import io.zdmosc.engine.spi.PreparedChange;
import io.zdmosc.harness.server.SharedServers;
import io.zdmosc.harness.server.TestDatabase;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Rule 8: faults that are put into the copied shadow, each of which the verification must find,
 * name by its key and column, and repair.
 */
class VerifierFaultsIT {

  /**
   * One fault.
   *
   * @param sql what does it; {@code $} stands for the shadow table
   * @param found what the verification says of it
   */
  private record Fault(String sql, String found) {}

  private static Fault column(int key, String column, String value) {
    return new Fault(
        "UPDATE $ SET %s = %s WHERE id = %d".formatted(column, value, key),
        "different row, key %d: %s".formatted(key, column));
  }

  private static final List<String> TYPES =
      List.of(
          "CREATE EXTENSION citext",
          "CREATE COLLATION blind (provider = icu, locale = 'und-u-ks-level2',"
              + " deterministic = false)",
          "CREATE TYPE pair AS (a text, b numeric)",
          "CREATE DOMAIN price AS numeric CHECK (VALUE > 0)",
          """
          CREATE TABLE t (
            id int PRIMARY KEY, i int, l bigint, s text, v varchar(20), c char(5), y bytea,
            b bit varying(9), e text, n text, e1 text, e2 text, d numeric, f float8, r float4,
            j json, o jsonb, ts timestamptz, tz timetz, x text COLLATE blind, q citext, a int[],
            p pair, w price, u interval, acl aclitem, k "char")\
          """,
          """
          INSERT INTO t
          SELECT g, g, g, 'text', 'ab', 'ab', '\\x0102', B'1010', '', NULL, 'ab', 'c', 1.0, 0,
                 0, '{"a": 1}', '{"a": 1.0}', '2024-02-29 12:00:00.000001+00', '12:00+02', 'Case',
                 'Case', '{1,2}', '(ab,1.0)', 1.0, '1 day', 'postgres=r/postgres', 'a'
            FROM generate_series(1, 3000) AS g\
          """);

  private static final List<Fault> FAULTS =
      List.of(
          column(1, "i", "i # 1"),
          column(2, "l", "l # (1::bigint << 40)"),
          column(3, "s", "'tex' || chr(ascii('t') # 1)"),
          column(4, "y", "set_bit(y, 9, 1 - get_bit(y, 9))"),
          column(5, "b", "set_bit(b, 3, 1)"),
          column(6, "e", "NULL"),
          column(7, "n", "''"),
          column(8, "v", "'ab '"),
          column(9, "s", "'text '"),
          column(10, "y", "'\\x010200'"),
          column(11, "b", "B'10100'"),
          new Fault(
              "UPDATE $ SET e1 = 'a', e2 = 'bc' WHERE id = 12", "different row, key 12: e1, e2"),
          column(13, "d", "1.00"),
          column(14, "f", "'-0'"),
          column(15, "r", "'-0'"),
          column(16, "f", "'NaN'"),
          column(17, "d", "'NaN'"),
          column(18, "j", "'{\"a\":1}'"),
          column(19, "o", "'{\"a\": 1}'"),
          column(20, "ts", "ts + interval '1 microsecond'"),
          column(21, "tz", "'11:00+01'"),
          column(22, "x", "'case'"),
          column(23, "q", "'case'"),
          column(24, "a", "'[2:3]={1,2}'"),
          column(25, "a", "'{{1,2}}'"),
          column(26, "a", "'{1,NULL}'"),
          column(27, "p", "'(ab,1.00)'"),
          column(28, "w", "1.00"),
          column(29, "u", "'24 hours'"),
          column(30, "acl", "'postgres=w/postgres'"),
          column(31, "k", "'b'"),
          column(32, "c", "'aB'"),
          column(33, "f", "5e-324"),
          new Fault("UPDATE $ SET i = 41 WHERE id = 40", "different row, key 40: i"),
          new Fault("UPDATE $ SET i = 40 WHERE id = 41", "different row, key 41: i"),
          new Fault("DELETE FROM $ WHERE id = 50", "missing row, key 50"),
          new Fault("DELETE FROM $ WHERE id = 3000", "missing row, key 3000"),
          new Fault("INSERT INTO $ (id) VALUES (0)", "extra row, key 0"),
          new Fault("INSERT INTO $ (id) VALUES (-2147483648)", "extra row, key -2147483648"),
          new Fault("INSERT INTO $ (id) VALUES (3001)", "extra row, key 3001"),
          new Fault("UPDATE $ SET id = 5001 WHERE id = 60", "missing row, key 60"),
          new Fault("SELECT 1", "extra row, key 5001"));

  /** In parts, since the verification names no more than twenty rows at once. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void everyKindOfFaultIsFoundNamedAndRepaired(int part) throws Exception {
    int size = (FAULTS.size() + 2) / 3;
    int from = part * size;
    List<Fault> faults = FAULTS.subList(from, Math.min(FAULTS.size(), from + size));
    findAll(TYPES, "t", "ADD COLUMN added int", faults);
  }

  private static final List<String> PAIRS =
      List.of(
          "CREATE TABLE t (a text, b int, v text, PRIMARY KEY (a, b))",
          "INSERT INTO t SELECT 'k' || g % 10, g, 'v' FROM generate_series(1, 1000) AS g");

  @Test
  void aColumnOfACompositeKeyIsComparedToo() throws Exception {
    findAll(
        PAIRS,
        "t",
        "ALTER COLUMN b TYPE bigint",
        List.of(
            new Fault("UPDATE $ SET a = 'k5' WHERE b = 14", "missing row, key (k4, 14)"),
            new Fault("SELECT 1", "extra row, key (k5, 14)"),
            new Fault("UPDATE $ SET b = 1001 WHERE b = 991", "missing row, key (k1, 991)"),
            new Fault("SELECT 1", "extra row, key (k1, 1001)"),
            new Fault("UPDATE $ SET v = 'w' WHERE b = 17", "different row, key (k7, 17): v")));
  }

  @Test
  void rowsAreFoundThoughTheChangeAltersTheOrderOfKeys() throws Exception {
    findAll(
        List.of(
            "CREATE TABLE t (id int PRIMARY KEY, v text)",
            "INSERT INTO t SELECT g, 'v' FROM generate_series(1, 3000) AS g"),
        "t",
        "ALTER COLUMN id TYPE text",
        List.of(
            new Fault("DELETE FROM $ WHERE id = '70'", "missing row, key 70"),
            new Fault("UPDATE $ SET v = 'w' WHERE id = '80'", "different row, key 80: v"),
            new Fault("INSERT INTO $ VALUES ('4000', 'v')", "extra row, key 4000"),
            new Fault("INSERT INTO $ VALUES ('-1', 'v')", "extra row, key -1")));
  }

  @Test
  void extraRowsAreFoundWhoseKeysTheSourceCannotHold() throws Exception {
    findAll(
        List.of(
            "CREATE TABLE t (id int PRIMARY KEY, v text)",
            "INSERT INTO t SELECT g, 'v' FROM generate_series(1, 300) AS g"),
        "t",
        "ALTER COLUMN id TYPE bigint",
        List.of(
            new Fault("INSERT INTO $ VALUES (4000000000, 'v')", "extra row, key 4000000000"),
            new Fault("INSERT INTO $ VALUES (-4000000000, 'v')", "extra row, key -4000000000")));
  }

  @Test
  void extraRowsAreFoundByTheKeyThatTheChangeGaveThem() throws Exception {
    findAll(
        List.of(
            "CREATE TABLE t (id int PRIMARY KEY, v text)",
            "INSERT INTO t SELECT g, 'v' FROM generate_series(1, 300) AS g"),
        "t",
        "ALTER COLUMN id TYPE text USING 'n-' || id",
        List.of(
            new Fault("INSERT INTO $ VALUES ('n-400', 'v')", "extra row, key n-400"),
            new Fault("INSERT INTO $ VALUES ('x', 'v')", "extra row, key x"),
            new Fault("DELETE FROM $ WHERE id = 'n-7'", "missing row, key 7")));
  }

  @ParameterizedTest
  @CsvSource({"en-x-icu, C", "default, en-x-icu", "en-x-icu, default"})
  void rowsAreFoundThoughTheChangeAltersTheCollationOfKeys(String from, String to)
      throws Exception {
    findAll(
        List.of(
            "CREATE TABLE t (id text COLLATE \"" + from + "\" PRIMARY KEY, v text)",
            "INSERT INTO t SELECT 'k' || g, 'v' FROM generate_series(1, 3000) AS g"),
        "t",
        "ALTER COLUMN id TYPE text COLLATE \"" + to + "\"",
        List.of(
            new Fault("DELETE FROM $ WHERE id = 'k7'", "missing row, key k7"),
            new Fault("UPDATE $ SET v = 'w' WHERE id = 'k8'", "different row, key k8: v"),
            new Fault("INSERT INTO $ VALUES ('K9', 'v')", "extra row, key K9")));
  }

  @Test
  void aRangeFullOfFaultsIsRepairedAsAWhole() throws Exception {
    Faulty[] faulty = new Faulty[1];
    try (TestDatabase database =
        database(
            List.of(
                "CREATE TABLE t (id int PRIMARY KEY, v text)",
                "INSERT INTO t SELECT g, 'v' FROM generate_series(1, 9000) AS g"))) {
      Fault changed = new Fault("UPDATE $ SET v = 'w'", "");
      Fault missing = new Fault("DELETE FROM $ WHERE id > 6000", "");
      try (Run run =
          Run.start(
              database,
              "t",
              "ADD COLUMN w int",
              ForcedChange.keeping(
                  faulty,
                  change -> new Faulty(change, database, List.of(changed, missing), false)))) {
        Summary summary = run.await();

        assertThat(summary.divergentRows()).isEqualTo(9000);
        assertSame(database, "t", "id, v", summary);
      }
    }
  }

  @Test
  void aFaultThatComesBackEndsTheMigration() throws Exception {
    Faulty[] faulty = new Faulty[1];
    try (TestDatabase database = database(TYPES)) {
      Fault fault = column(77, "i", "i # 1");
      try (Run run =
          Run.start(
              database,
              "t",
              "ADD COLUMN added int",
              ForcedChange.keeping(
                  faulty, change -> new Faulty(change, database, List.of(fault), true)))) {
        assertThatThrownBy(run::await)
            .isInstanceOf(DivergenceException.class)
            .hasMessageContaining(fault.found());
        Tables.assertNothingLeftBehind(database);
      }
    }
  }

  @Test
  void changesUnderWayAreNoFaultAndFaultsBetweenThemAreFound() throws Exception {
    try (TestDatabase database =
        database(
            List.of(
                "CREATE TABLE t (id int PRIMARY KEY, v text)",
                "INSERT INTO t SELECT g, 'v' FROM generate_series(1, 3000) AS g"))) {
      List<Fault> faults =
          List.of(
              new Fault("UPDATE $ SET v = 'w' WHERE id = 100", "different row, key 100: v"),
              new Fault("DELETE FROM $ WHERE id = 200", "missing row, key 200"),
              new Fault("INSERT INTO $ VALUES (4000, 'v')", "extra row, key 4000"));
      for (List<Fault> injected : List.of(List.<Fault>of(), faults)) {
        Faulty[] faulty = new Faulty[1];
        try (HotRows hot = HotRows.start(database);
            Run run =
                Run.start(
                    database,
                    "t",
                    "ADD COLUMN w" + injected.size() + " int",
                    ForcedChange.keeping(
                        faulty, change -> new Faulty(change, database, injected, false)))) {
          Summary summary = run.await();
          hot.stop();

          assertThat(summary.divergentRows()).as("%s", run.notes()).isEqualTo(injected.size());
          assertFound(run, injected);
        }
      }
    }
  }

  private static void findAll(List<String> table, String name, String alter, List<Fault> faults)
      throws SQLException {
    Faulty[] faulty = new Faulty[1];
    try (TestDatabase database = database(table)) {
      try (Run run =
          Run.start(
              database,
              name,
              alter,
              ForcedChange.keeping(
                  faulty, change -> new Faulty(change, database, faults, false)))) {
        Summary summary = run.await();

        assertFound(run, faults);
        assertThat(summary.divergentRows()).isEqualTo(faults.size());
        assertThat(Tables.rows(database, "SELECT x::text FROM t AS x"))
            .isEqualTo(faulty[0].before)
            .isNotEmpty();
      }
    }
  }

  /** Every fault is a line of the note, as far as the note goes. */
  private static void assertFound(Run run, List<Fault> faults) {
    List<String> lines = new ArrayList<>();
    run.notes().forEach(note -> lines.addAll(note.lines().map(String::strip).toList()));
    SoftAssertions.assertSoftly(
        soft ->
            faults.forEach(
                fault ->
                    soft.assertThat(lines.contains(fault.found())).as(fault.found()).isTrue()));
  }

  private static void assertSame(
      TestDatabase database, String table, String columns, Summary summary) throws SQLException {
    assertThat(Tables.rows(database, columns, table))
        .isEqualTo(Tables.rows(database, columns, summary.retiredTable()));
  }

  private static TestDatabase database(List<String> statements) throws SQLException {
    TestDatabase database = SharedServers.freshDatabase(SharedServers.newestMajor());
    database.execute(statements.toArray(String[]::new));
    return database;
  }

  /** Injects faults when the shadow is complete; remembers what it held before. */
  private static final class Faulty extends ForcedChange {

    private final TestDatabase database;
    private final List<Fault> faults;
    private final boolean again;
    private volatile List<String> before;

    Faulty(PreparedChange change, TestDatabase database, List<Fault> faults, boolean again) {
      super(change);
      this.database = database;
      this.faults = faults;
      this.again = again;
      withChunkRows(100_000);
    }

    @Override
    void beforeVerification() {
      inject();
    }

    private void inject() {
      try {
        String shadow = Tables.shadow(database);
        before = Tables.rows(database, "SELECT x::text FROM " + shadow + " AS x");
        for (Fault fault : faults) {
          database.execute(fault.sql().replace("$", shadow));
        }
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }

    /** The second one that is opened is there for the repair. */
    @Override
    Flusher flusher(Flusher real) {
      boolean repair = before != null;
      return new FlusherDelegate(real) {
        @Override
        public void close() {
          super.close();
          if (repair && again) {
            inject();
          }
        }
      };
    }
  }
}
