package io.zdmosc.harness.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zdmosc.cli.server.Product;
import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.RunOptions;
import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.engine.progress.Summary;
import io.zdmosc.engine.spi.CutOver;
import io.zdmosc.engine.spi.PreparedChange;
import io.zdmosc.harness.migration.mysql.MySqlTraces;
import io.zdmosc.harness.server.TestDatabase;
import io.zdmosc.harness.server.mysql.MySqlDatabase;
import io.zdmosc.harness.server.mysql.MySqlRelease;
import io.zdmosc.harness.server.mysql.SharedMySqlServers;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Rule 9 on MySQL and MariaDB: whoever stands in the way of the cut-over, the application is held
 * no longer than the budget, nobody gets an error, and the cut-over succeeds when the way is free.
 *
 * <p>The obstacles appear at the worst moment: when the way was found free and the lock is about to
 * be asked for.
 */
@Tag("alone")
class MySqlCutOverContentionIT {
  private static final String RELEASES = "io.zdmosc.harness.server.mysql.SharedMySqlServers#newest";
  private static final Duration BUDGET = Duration.ofMillis(500);

  /** What a busy machine may add to the budget. */
  private static final Duration NOISE = Duration.ofSeconds(3);

  private static final RunOptions OPTIONS = Run.OPTIONS.withCutOverBudget(BUDGET);

  /** Somebody in the way. */
  private enum Obstacle {
    LONG_SELECT(null, "SELECT SLEEP(600) FROM t WHERE id = 2"),
    IDLE_READER(null, "START TRANSACTION", "SELECT * FROM t WHERE id = 2"),
    IDLE_WRITER(null, "START TRANSACTION", "UPDATE t SET v = 'w' WHERE id = 2"),
    LOCKED_FOR_READING(null, "LOCK TABLES t READ"),
    SHADOW_READER(null, "START TRANSACTION", "SELECT COUNT(*) FROM {shadow}"),
    PREPARED(
        null, "XA START 'p'", "UPDATE t SET v = 'p' WHERE id = 3", "XA END 'p'", "XA PREPARE 'p'"),
    BACKUP_LOCK(Product.MYSQL, "LOCK INSTANCE FOR BACKUP"),
    BACKUP_STAGE(
        Product.MARIADB, "BACKUP STAGE START", "BACKUP STAGE FLUSH", "BACKUP STAGE BLOCK_DDL");

    private final Product only;
    private final List<String> statements;

    Obstacle(Product only, String... statements) {
      this.only = only;
      this.statements = List.of(statements);
    }

    private String end() {
      return switch (this) {
        case LOCKED_FOR_READING -> "UNLOCK TABLES";
        case PREPARED -> "XA COMMIT 'p'";
        case BACKUP_LOCK -> "UNLOCK INSTANCE";
        case BACKUP_STAGE -> "BACKUP STAGE END";
        default -> "COMMIT";
      };
    }
  }

  static Stream<Arguments> obstacles() {
    return SharedMySqlServers.newest().stream()
        .flatMap(
            release ->
                Stream.of(Obstacle.values())
                    .filter(each -> each.only == null || each.only == release.product())
                    .map(each -> Arguments.of(release, each)));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("obstacles")
  void theCutOverGivesWayAndSucceedsWhenTheWayIsFree(MySqlRelease release, Obstacle obstacle)
      throws Exception {
    try (MySqlDatabase database = table(release);
        Connection other = database.connect();
        Probe probe = Probe.start(database)) {
      Gate firstLock = new Gate("before the first lock");
      try (Run run = start(database, firstLock)) {
        firstLock.awaitReached();
        CompletableFuture<Void> statements = begin(database, other, obstacle.statements);
        awaitHeld(database, obstacle, statements);
        firstLock.open();

        run.awaitNote("gave up");
        free(database, other, obstacle, statements);

        Summary summary = run.await();
        assertThat(summary.cutOverAttempts()).isGreaterThan(1);
        if (obstacle != Obstacle.LOCKED_FOR_READING) { // that alone holds writers
          assertThat(probe.stop()).isLessThan(BUDGET.plus(NOISE));
        } else {
          probe.stop();
        }
        assertSame(database, summary);
      }
    }
  }

  /**
   * On MariaDB a prepared transaction gives its metadata locks back when its connection ends. What
   * it has changed can be committed at any time; after the exchange it would change the old table.
   */
  @ParameterizedTest(name = "{0}")
  @MethodSource(RELEASES)
  void aPreparedTransactionWithoutAConnectionIsWaitedFor(MySqlRelease release) throws Exception {
    try (MySqlDatabase database = table(release)) {
      Gate firstLock = new Gate("before the first lock");
      try (Run run = start(database, firstLock)) {
        firstLock.awaitReached();
        try (Connection other = database.connect()) {
          begin(database, other, Obstacle.PREPARED.statements).join();
        }
        firstLock.open();
        run.awaitNote("gave up");
        database.execute(Obstacle.PREPARED.end());

        Summary summary = run.await();
        assertThat(database.queryText("SELECT v FROM t WHERE id = 3")).isEqualTo("p");
        assertSame(database, summary);
      } finally {
        rollbackPrepared(database);
      }
    }
  }

  private static void rollbackPrepared(MySqlDatabase database) {
    try {
      database.execute("XA ROLLBACK 'p'");
    } catch (SQLException e) {
      // it has ended, as it should
    }
  }

  /** MySQL's list of transactions fails as a whole while one of them shows such a statement. */
  @ParameterizedTest(name = "{0}")
  @MethodSource(RELEASES)
  void aStatementWithAnEmojiIsNotInTheWay(MySqlRelease release) throws Exception {
    try (MySqlDatabase database = table(release);
        Connection other = database.connect()) {
      database.execute("CREATE TABLE elsewhere (id INT PRIMARY KEY)");
      Gate firstLock = new Gate("before the first lock");
      try (Run run = start(database, firstLock)) {
        firstLock.awaitReached();
        CompletableFuture<Void> statement =
            begin(
                database,
                other,
                List.of(
                    "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED",
                    "START TRANSACTION",
                    "INSERT INTO elsewhere VALUES (1)",
                    "SELECT SLEEP(20), '\uD83D\uDE00'"));
        Until.holds("it runs", () -> showsTheEmoji(database));
        firstLock.open();
        Summary summary = run.await();

        assertThat(statement).isNotDone();
        assertSame(database, summary);
        for (long session : database.sessions()) {
          database.endSession(session);
        }
      }
    }
  }

  private static boolean showsTheEmoji(MySqlDatabase database) throws SQLException {
    try (Connection connection = database.server().connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SHOW PROCESSLIST")) {
      while (rows.next()) {
        if (String.valueOf(rows.getString("Info")).contains("SLEEP(20)")) {
          return true;
        }
      }
      return false;
    }
  }

  /** Ten cut-overs of a busy table: the application is never held for longer than the budget. */
  @ParameterizedTest(name = "{0}")
  @MethodSource(RELEASES)
  void theStallIsWithinTheBudgetTimeAfterTime(MySqlRelease release) throws Exception {
    try (MySqlDatabase database = table(release);
        Probe one = Probe.start(database);
        Probe two = Probe.start(database)) {
      for (int i = 1; i <= 10; i++) {
        try (Run run =
            Run.start(
                database, "t", "ADD COLUMN w" + i + " INT", OPTIONS, UnaryOperator.identity())) {
          Summary summary = run.await();
          assertThat(summary.state()).isEqualTo(MigrationState.SWAPPED);
          assertThat(summary.cutOverStallMillis()).isLessThan(BUDGET.toMillis() * 1.2);
          database.execute("DROP TABLE " + summary.retiredTable());
        }
      }
      assertThat(one.stop()).isLessThan(BUDGET.plus(NOISE));
      assertThat(two.stop()).isLessThan(BUDGET.plus(NOISE));
    }
  }

  /** Global read locks stop the application by themselves; the cut-over must only survive them. */
  @ParameterizedTest(name = "{0}")
  @MethodSource(RELEASES)
  void aGlobalReadLockIsWaitedFor(MySqlRelease release) throws Exception {
    try (MySqlDatabase database = table(release);
        Connection other = database.connect()) {
      Gate firstLock = new Gate("before the first lock");
      try (Run run = start(database, firstLock)) {
        firstLock.awaitReached();
        begin(database, other, List.of("FLUSH TABLES WITH READ LOCK")).join();
        firstLock.open();
        run.awaitNote("gave up");
        begin(database, other, List.of("UNLOCK TABLES")).join();

        assertSame(database, run.await());
      }
    }
  }

  /**
   * MariaDB's RENAME waits for its turn. The server lets writes pass it when this is low, and they
   * would go to the old table: with 1 they do as soon as the lock had to be waited for.
   */
  @Test
  void writesThatMayPassTheExchangeAreNotRisked() throws Exception {
    MySqlRelease release =
        SharedMySqlServers.newest().stream()
            .filter(each -> each.product() == Product.MARIADB)
            .findFirst()
            .orElseThrow();
    try (MySqlDatabase database = table(release)) {
      Gate firstLock = new Gate("before the first lock");
      try (Run run = start(database, firstLock)) {
        firstLock.awaitReached();
        database.execute("SET GLOBAL max_write_lock_count = 1");
        firstLock.open();

        assertThatThrownBy(run::await).hasMessageContaining("max_write_lock_count");
        assertThat(database.queryText("SELECT COUNT(*) FROM t")).isEqualTo("200");
        try (Run planned =
            Run.start(database, "t", "ADD COLUMN w INT", OPTIONS, UnaryOperator.identity())) {
          assertThatThrownBy(planned::await)
              .isInstanceOf(RefusedException.class)
              .hasMessageContaining("max_write_lock_count");
        }
        MySqlTraces.assertNone(database);
      } finally {
        database.execute("SET GLOBAL max_write_lock_count = DEFAULT");
      }
    }
  }

  private static void awaitHeld(
      MySqlDatabase database, Obstacle obstacle, CompletableFuture<Void> statements)
      throws Exception {
    if (obstacle == Obstacle.LONG_SELECT) {
      Until.holds(
          "it runs",
          () ->
              database
                  .queryText(
                      "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE INFO LIKE 'SELECT"
                          + " SLEEP%' AND DB = DATABASE()")
                  .equals("1"));
    } else {
      statements.join();
    }
  }

  private static void free(
      MySqlDatabase database,
      Connection other,
      Obstacle obstacle,
      CompletableFuture<Void> statements)
      throws SQLException {
    if (obstacle == Obstacle.LONG_SELECT) {
      database.endSession(
          Long.parseLong(
              database.queryText(
                  "SELECT ID FROM information_schema.PROCESSLIST WHERE INFO LIKE 'SELECT SLEEP%'"
                      + " AND DB = DATABASE()")));
      statements.handle((nothing, failure) -> null).join();
      return;
    }
    try (Statement statement = other.createStatement()) {
      statement.execute(obstacle.end());
    }
  }

  private static CompletableFuture<Void> begin(
      TestDatabase database, Connection connection, List<String> statements) {
    return Background.run(
        () -> {
          try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
              statement.execute(
                  sql.contains("{shadow}")
                      ? sql.replace("{shadow}", Tables.shadow(database))
                      : sql);
            }
          }
        });
  }

  private static Run start(MySqlDatabase database, Gate firstLock) {
    return Run.start(
        database,
        "t",
        "ADD COLUMN w INT",
        OPTIONS,
        (PreparedChange change) ->
            new ChangeDelegate(change) {
              @Override
              public CutOver openCutOver() {
                return new CutOverDelegate(super.openCutOver()) {
                  @Override
                  public void lock(Duration timeout, Duration budget) {
                    firstLock.pass();
                    super.lock(timeout, budget);
                  }
                };
              }
            });
  }

  private static MySqlDatabase table(MySqlRelease release) throws SQLException {
    MySqlDatabase database = SharedMySqlServers.freshDatabase(release);
    database.execute(
        "CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(20))",
        IntStream.rangeClosed(1, 200)
            .mapToObj(i -> "(" + i + ", 'old')")
            .collect(Collectors.joining(", ", "INSERT INTO t VALUES ", "")));
    return database;
  }

  /** Nobody writes any more, but for row 1. */
  private static void assertSame(MySqlDatabase database, Summary summary) throws SQLException {
    assertThat(Tables.rows(database, "SELECT CONCAT(id, ',', v) FROM t WHERE id > 1"))
        .hasSize(199)
        .isEqualTo(
            Tables.rows(
                database,
                "SELECT CONCAT(id, ',', v) FROM " + summary.retiredTable() + " WHERE id > 1"));
    MySqlTraces.assertNoneButTheRetiredTable(database);
  }
}
