package io.zdmosc.harness.stream.mysql;

import static io.zdmosc.harness.stream.mysql.LogContract.upToNow;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.engine.spi.ChangeStream;
import io.zdmosc.harness.server.mysql.MySqlRelease;
import io.zdmosc.harness.stream.Recorder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What stands in the log as a statement either means nothing, or is told. */
interface StatementContract extends LogContract {
  @ParameterizedTest
  @MethodSource("io.zdmosc.harness.server.mysql.SharedMySqlServers#releases")
  default void truncatesAreReported(MySqlRelease release) throws SQLException {
    try (LogTable table = LogTable.simple(release)) {
      table.execute("CREATE TABLE t2 (id INT PRIMARY KEY)");
      Recorder recorder = new Recorder();
      try (ChangeStream stream = start(table, recorder)) {
        table.execute(
            "INSERT INTO t VALUES (1, '')",
            "TRUNCATE t2",
            "TRUNCATE t",
            "/* c */ truncate table `" + table.schema() + "` . `t`");
        assertThat(upToNow(stream, recorder)).containsExactly("change 1", "truncate", "truncate");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.zdmosc.harness.server.mysql.SharedMySqlServers#releases")
  default void aChangeOfTheTableEndsTheStream(MySqlRelease release) throws SQLException {
    for (String change :
        List.of(
            "ALTER TABLE t ADD c INT",
            "CREATE INDEX i ON t (v(5))",
            "RENAME TABLE t TO gone",
            "DROP TABLE `o`,`t`",
            "ALTER TABLE o RENAME TO p, COMMENT = 'x'; ")) {
      try (LogTable table = LogTable.simple(release)) {
        table.execute("CREATE TABLE o (id INT PRIMARY KEY)");
        Recorder recorder = new Recorder();
        try (ChangeStream stream = start(table, recorder)) {
          if (change.endsWith("; ")) {
            table.execute(change.substring(0, change.length() - 2), "INSERT INTO t VALUES (1, '')");
            assertThat(upToNow(stream, recorder)).containsExactly("change 1");
          } else {
            upToNow(stream, recorder); // it has read the catalog by now
            table.execute(change);
            await().atMost(Recorder.PATIENCE).until(() -> !recorder.failures().isEmpty());
            assertThat(recorder.failures().get(0))
                .isInstanceOf(MigrationFailedException.class)
                .hasMessageContaining(table.schema() + ".t was changed")
                .hasMessageContaining(change);
          }
        }
      }
    }
  }

  /** There a text that ends in a backslash ends there, and what follows it is no text. */
  @ParameterizedTest
  @MethodSource("io.zdmosc.harness.server.mysql.SharedMySqlServers#releases")
  default void aChangeBehindABackslashIsSeenWhereItEscapesNothing(MySqlRelease release)
      throws SQLException {
    try (LogTable table = LogTable.simple(release)) {
      table.execute("CREATE TABLE o (id INT PRIMARY KEY, v TEXT)");
      Recorder recorder = new Recorder();
      try (ChangeStream stream = start(table, recorder)) {
        upToNow(stream, recorder);
        table.execute(
            "SET SESSION sql_mode = 'NO_BACKSLASH_ESCAPES'",
            "ALTER TABLE o COMMENT = 'harmless\\'",
            "RENAME TABLE /* zdm-osc */ t TO gone",
            "ALTER TABLE o COMMENT = 'x\\', RENAME TO t");
        await().atMost(Recorder.PATIENCE).until(() -> !recorder.failures().isEmpty());
        assertThat(recorder.failures().get(0))
            .isInstanceOf(MigrationFailedException.class)
            .hasMessageContaining("RENAME TO t");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.zdmosc.harness.server.mysql.SharedMySqlServers#releases")
  default void rowsWrittenAsAStatementEndTheStream(MySqlRelease release) throws SQLException {
    try (LogTable table = LogTable.simple(release)) {
      Recorder recorder = new Recorder();
      try (ChangeStream stream = start(table, recorder)) {
        table.execute(
            "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ",
            "SET SESSION binlog_format = STATEMENT",
            "INSERT INTO t VALUES (1, '')");
        await().atMost(Recorder.PATIENCE).until(() -> !recorder.failures().isEmpty());
        assertThat(recorder.failures().get(0))
            .isInstanceOf(MigrationFailedException.class)
            .hasMessageContaining("INSERT INTO t VALUES (1, '')")
            .hasMessageContaining("binlog_format");
        assertThat(recorder.keys()).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.zdmosc.harness.server.mysql.SharedMySqlServers#releases")
  default void rowsLoadedAsAStatementEndTheStream(MySqlRelease release) throws Exception {
    Path file = Files.createTempFile("zdm", ".csv");
    Files.writeString(file, "21\tx\n");
    file.toFile().setReadable(true, false);
    try (LogTable table = LogTable.simple(release)) {
      Recorder recorder = new Recorder();
      try (ChangeStream stream = start(table, recorder)) {
        table.execute(
            "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ",
            "SET SESSION binlog_format = STATEMENT",
            "LOAD DATA INFILE '" + file + "' INTO TABLE t");
        await().atMost(Recorder.PATIENCE).until(() -> !recorder.failures().isEmpty());
        assertThat(recorder.failures().get(0)).hasMessageContaining("LOAD DATA");
      }
    } finally {
      Files.delete(file);
    }
  }

  @ParameterizedTest
  @MethodSource("io.zdmosc.harness.server.mysql.SharedMySqlServers#releases")
  default void everythingElseGoesBy(MySqlRelease release) throws SQLException {
    try (LogTable table = LogTable.simple(release)) {
      Recorder recorder = new Recorder();
      try (ChangeStream stream = start(table, recorder)) {
        table.execute(
            "CREATE TABLE o (id INT PRIMARY KEY, t INT) ENGINE = MEMORY",
            "CREATE TEMPORARY TABLE tmp (id INT)",
            "INSERT INTO tmp VALUES (1)",
            "DROP TEMPORARY TABLE tmp",
            "CREATE TEMPORARY TABLE t (id INT)",
            "DROP TEMPORARY TABLE t",
            "ALTER TABLE o ADD x INT, DROP COLUMN t",
            "CREATE VIEW w AS SELECT * FROM t",
            "CREATE TABLE copy LIKE t",
            "CREATE TABLE filled AS SELECT * FROM t",
            "CREATE PROCEDURE p() UPDATE t SET v = 'p'",
            "ANALYZE TABLE t",
            "OPTIMIZE TABLE o",
            "CREATE ROLE r" + table.schema(),
            "GRANT SELECT ON t TO r" + table.schema(),
            "DROP ROLE r" + table.schema(),
            "INSERT INTO t VALUES (1, '')",
            "CALL p()",
            "/* zdm-osc */ ALTER TABLE t COMMENT = 'ours'",
            "RENAME TABLE /* zdm-osc */ t TO moved",
            "RENAME TABLE /* zdm-osc */ moved TO t",
            "INSERT INTO t VALUES (2, '')");
        assertThat(upToNow(stream, recorder)).containsExactly("change 1", "change 1", "change 2");
      }
    }
  }
}
