package io.zdmosc.harness.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.zdmosc.engine.ChangeRequest;
import io.zdmosc.engine.Migration;
import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.error.ExitCode;
import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.engine.progress.Summary;
import io.zdmosc.engine.spi.Database;
import io.zdmosc.harness.migration.mysql.MySqlTraces;
import io.zdmosc.harness.server.mysql.MySqlDatabase;
import io.zdmosc.harness.server.mysql.MySqlRelease;
import io.zdmosc.harness.server.mysql.MySqlServer;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Rows of MySQL and MariaDB that fit when they are copied, and are changed into what does not fit
 * while the migration runs: by an application whose sessions cut values and replace them, as the
 * server's {@code sql_mode} lets them. The run stops and names the row; nothing is cut.
 */
class LateBadRowsIT {
  private static final int ROWS = 500;

  private static final String TABLE =
      """
      CREATE TABLE t (
        id INT PRIMARY KEY,
        number VARCHAR(20) NOT NULL,
        short VARCHAR(20) NOT NULL,
        filled VARCHAR(20),
        small BIGINT NOT NULL,
        day VARCHAR(20) NOT NULL,
        moment VARCHAR(30) NOT NULL,
        json LONGTEXT NOT NULL,
        label VARCHAR(20) NOT NULL,
        plain VARCHAR(20) NOT NULL,
        bytes VARBINARY(9) NOT NULL,
        amount DECIMAL(12,2) NOT NULL,
        positive INT NOT NULL,
        one INT NOT NULL
      ) DEFAULT CHARSET = utf8mb4\
      """;

  private static final String CHANGE =
      "MODIFY number INT NOT NULL, MODIFY short VARCHAR(4) NOT NULL, MODIFY filled VARCHAR(20) NOT"
          + " NULL, MODIFY small TINYINT NOT NULL, MODIFY day DATE NOT NULL, MODIFY moment DATETIME"
          + " NOT NULL, MODIFY json JSON NOT NULL, MODIFY label ENUM('a', 'b') NOT NULL, MODIFY"
          + " plain VARCHAR(20) CHARACTER SET latin1 NOT NULL, MODIFY bytes BINARY(2) NOT NULL,"
          + " MODIFY amount DECIMAL(4,2) NOT NULL, ADD CONSTRAINT above CHECK (positive > 0), ADD"
          + " UNIQUE KEY one (one)";

  /** What the application writes, when, and what the error has to say of it. */
  private record Late(MigrationState at, String assignment, String words) {}

  private static final List<Late> LATE =
      List.of(
          new Late(MigrationState.INDEXING, "number = '12x'", "(number is '12x')"),
          new Late(MigrationState.VERIFYING, "short = 'abcde'", "(short is 'abcde')"),
          new Late(MigrationState.READY, "filled = NULL", "(filled is NULL)"),
          new Late(MigrationState.CUTTING_OVER, "small = 128", "(small is '128')"),
          new Late(MigrationState.INDEXING, "day = '2024-02-31'", "(day is '2024-02-31')"),
          new Late(MigrationState.VERIFYING, "json = '{\"a\":'", "json"),
          new Late(MigrationState.READY, "label = ''", "(label is '')"),
          new Late(MigrationState.CUTTING_OVER, "plain = '日本'", "(plain is '日本')"),
          new Late(MigrationState.READY, "one = 4711", "Duplicate entry '4711'"));

  /**
   * Duplicates take longest: a run waits some seconds, whether the rows that meet move out of each
   * other's way.
   */
  private static final List<Late> MORE =
      List.of(
          new Late(MigrationState.READY, "bytes = x'ff0000'", "(bytes is '0xFF0000')"),
          new Late(MigrationState.VERIFYING, "positive = 0", "above"),
          new Late(MigrationState.VERIFYING, "one = 4711", "Duplicate entry '4711'"),
          new Late(MigrationState.CUTTING_OVER, "one = 4711", "Duplicate entry '4711'"));

  @ParameterizedTest(name = "{0}")
  @MethodSource("io.zdmosc.harness.server.mysql.SharedMySqlServers#newest")
  void theRunStopsAtTheRowAndGoesThroughOnceItIsMended(MySqlRelease release) throws Exception {
    try (MySqlServer server = MySqlServer.start(release)) {
      server.execute("SET GLOBAL sql_mode = ''");
      try (MySqlDatabase database = server.createDatabase("late")) {
        create(database);
        String before = content(database);
        for (Late late : late()) {
          stopsAt(database, late);
          assertThat(content(database)).as(late.toString()).isEqualTo(before);
        }
        assertThat(migrate(database, new Trail()).state()).isEqualTo(MigrationState.SWAPPED);
        assertThat(database.queryText("SELECT COUNT(*) FROM t WHERE number = id AND one = -id"))
            .isEqualTo(Integer.toString(ROWS));
      }
    }
  }

  private static List<Late> late() {
    return Boolean.getBoolean("zdm.long")
        ? Stream.concat(LATE.stream(), MORE.stream()).toList()
        : LATE;
  }

  private static void create(MySqlDatabase database) throws SQLException {
    StringBuilder rows = new StringBuilder("INSERT INTO t VALUES ");
    for (int id = 1; id <= ROWS; id++) {
      rows.append(id == 1 ? "" : ", ")
          .append("(")
          .append(id)
          .append(", '")
          .append(id)
          .append("', 'abcd', 'x', 100, '2024-02-29', '2024-02-29 12:00:00', '{}', 'a', 'é',")
          .append(" x'ff00', 99.99, 1, -")
          .append(id)
          .append(")");
    }
    database.execute(TABLE, rows.toString(), "CREATE TABLE kept AS SELECT * FROM t");
  }

  private static void stopsAt(MySqlDatabase database, Late late) throws SQLException {
    String rows = late.assignment().startsWith("one") ? "(77, 99)" : "(77)";
    AtomicReference<String> written = new AtomicReference<>();
    Trail trail =
        new Trail()
            .on(
                late.at(),
                () -> {
                  database.execute("UPDATE t SET " + late.assignment() + " WHERE id IN " + rows);
                  written.set(content(database));
                });

    Throwable failure = catchThrowable(() -> migrate(database, trail));

    assertThat(failure)
        .as(late + "\n" + trail)
        .isInstanceOf(MigrationFailedException.class)
        .hasMessageContaining(late.words())
        .hasMessageNotContaining("(conn=");
    MigrationFailedException stop = (MigrationFailedException) failure;
    assertThat(stop.getMessage()).as(trail.toString()).containsAnyOf("key 77", "key 99");
    assertThat(stop.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(stop.state()).contains("untouched");
    assertThat(stop.next()).isNotBlank();
    MySqlTraces.assertNone(database);
    assertThat(content(database)).as(late.toString()).isEqualTo(written.get());
    database.execute("REPLACE INTO t SELECT * FROM kept WHERE id IN " + rows);
  }

  private static Summary migrate(MySqlDatabase database, Trail trail) {
    try (Database opened = AnyDatabase.open(database)) {
      return new Migration(
              opened,
              new ChangeRequest("t", CHANGE),
              Runs.options().withRetryTime(Duration.ZERO),
              trail)
          .run();
    }
  }

  /** The rows as bytes, and how the table is made. */
  private static String content(MySqlDatabase database) throws SQLException {
    String columns =
        "id, number, short, filled, small, day, moment, json, label, plain, bytes, amount,"
            + " positive, one";
    return database.queryText(
            "SELECT CONCAT(COUNT(*), ' ', SUM(CRC32(CONCAT_WS('|', ISNULL(filled), "
                + columns
                + ")))) FROM t")
        + database.queryText(
            "SELECT GROUP_CONCAT(COLUMN_NAME, COLUMN_TYPE, IS_NULLABLE, COALESCE(COLLATION_NAME,"
                + " '') ORDER BY ORDINAL_POSITION) FROM information_schema.COLUMNS WHERE"
                + " TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 't'");
  }
}
