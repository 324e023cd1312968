package io.zdmosc.harness.migration.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zdmosc.cli.server.Product;
import io.zdmosc.engine.ChangeRequest;
import io.zdmosc.engine.Retire;
import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.engine.progress.Summary;
import io.zdmosc.engine.spi.ConnectionSettings;
import io.zdmosc.engine.spi.ControlStore;
import io.zdmosc.engine.spi.CutOver;
import io.zdmosc.engine.spi.Database;
import io.zdmosc.engine.spi.PlannedChange;
import io.zdmosc.engine.spi.PreparedChange;
import io.zdmosc.harness.server.mysql.MySqlDatabase;
import io.zdmosc.harness.server.mysql.MySqlRelease;
import io.zdmosc.harness.server.mysql.SharedMySqlServers;
import io.zdmosc.mysql.MySqlConnector;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Triggers: each write fires them once, before, in and after the cut-over. */
class TriggersIT {
  private static final String RELEASES = "io.zdmosc.harness.server.mysql.SharedMySqlServers#newest";
  private static final Duration BUDGET = Duration.ofSeconds(5);

  private static final String DEFINITIONS =
      "SELECT GROUP_CONCAT(CONCAT_WS('|', TRIGGER_NAME, EVENT_OBJECT_TABLE, ACTION_TIMING,"
          + " EVENT_MANIPULATION, ACTION_ORDER, ACTION_STATEMENT, DEFINER, SQL_MODE,"
          + " CHARACTER_SET_CLIENT, COLLATION_CONNECTION, DATABASE_COLLATION) ORDER BY TRIGGER_NAME"
          + " SEPARATOR '\\n') FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE()";

  @ParameterizedTest(name = "{0}")
  @MethodSource(RELEASES)
  void everyAcknowledgedWriteFiresEachTriggerOnce(MySqlRelease release) throws Exception {
    try (MySqlDatabase database = SharedMySqlServers.freshDatabase(release)) {
      AuditedWriters.createTable(database);
      String before = definitions(database);
      try (AuditedWriters writers = AuditedWriters.start(database, 7)) {
        Thread.sleep(500);
        Summary summary = MySqlRuns.migrate(database, "t", "ADD COLUMN x INT, ADD KEY v (v)");
        Thread.sleep(500);
        writers.stop();

        assertThat(writers.errors()).isEmpty();
        assertThat(summary.notes()).isEmpty();
        assertThat(writers.differences(database)).isEmpty();
        assertThat(writers.count()).isGreaterThan(200);
        assertThat(definitions(database)).isEqualTo(before);
        assertThat(summary.changesApplied()).isPositive();
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource(RELEASES)
  void definitionsStayAsTheyWere(MySqlRelease release) throws Exception {
    try (MySqlDatabase database = SharedMySqlServers.freshDatabase(release)) {
      String user = "zdm_someone";
      database.execute(
          "CREATE USER IF NOT EXISTS " + user,
          "CREATE TABLE log (w TEXT)",
          "CREATE TABLE `t``;\"x` (id INT PRIMARY KEY, v INT, `a;``b` INT)",
          "CREATE TRIGGER `tr``;\"1` BEFORE INSERT ON `t``;\"x` FOR EACH ROW BEGIN -- it's; one\n"
              + " SET NEW.`a;``b` = 1; /* and; more */ END",
          "CREATE DEFINER = "
              + user
              + " TRIGGER zz AFTER UPDATE ON `t``;\"x` FOR EACH ROW INSERT"
              + " INTO log VALUES ('é; \\\\ €') -- the end",
          "CREATE TRIGGER aa AFTER UPDATE ON `t``;\"x` FOR EACH ROW FOLLOWS zz SET @x = 1",
          "CREATE TRIGGER mm AFTER UPDATE ON `t``;\"x` FOR EACH ROW PRECEDES zz SET @x = 1",
          "SET sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES'",
          "SET SESSION session_track_system_variables = ''",
          "SET SESSION character_set_client = latin1, collation_connection = latin1_german1_ci",
          "CREATE TRIGGER \"q\" BEFORE DELETE ON `t``;\"x` FOR EACH ROW INSERT INTO log (\"w\")"
              + " VALUES ('\\')");
      String before = definitions(database);
      assertThat(before).contains("ANSI_QUOTES", "latin1_german1_ci", user);
      String shown = database.queryText("SELECT COUNT(*) FROM information_schema.TRIGGERS");

      MySqlRuns.migrate(database, "`t``;\"x`", "ADD COLUMN y INT, RENAME TO `u``;\"x`");

      assertThat(definitions(database)).isEqualTo(before.replace("|t`;\"x|", "|u`;\"x|"));
      assertThat(database.queryText("SELECT COUNT(*) FROM information_schema.TRIGGERS"))
          .isEqualTo(shown);
      database.execute("INSERT INTO `u``;\"x` (id) VALUES (1)", "DELETE FROM `u``;\"x`");
      assertThat(database.queryText("SELECT w FROM log")).isEqualTo("\\");
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource(RELEASES)
  void aTriggerThatDoesNotFitIsRefusedByName(MySqlRelease release) throws Exception {
    try (MySqlDatabase database = SharedMySqlServers.freshDatabase(release)) {
      database.execute(
          "CREATE TABLE t (id INT PRIMARY KEY, a INT, b INT)",
          "CREATE TRIGGER uses_a BEFORE INSERT ON t FOR EACH ROW SET NEW . `A` = 1");
      refused(database, "DROP COLUMN a", "trigger `uses_a`", "drops, renames");
      refused(database, "RENAME COLUMN a TO c", "trigger `uses_a`", "drops, renames");
      refused(database, "RENAME COLUMN a TO b, RENAME COLUMN b TO a", "uses_a", "drops, renames");
      refused(database, "DROP COLUMN a, ADD COLUMN A TEXT", "uses_a", "drops, renames");
      String generated = "MODIFY a INT GENERATED ALWAYS AS (b) STORED";
      refused(database, generated, "uses_a", "has generated");
      if (release.product() == Product.MYSQL) {
        database.execute("ALTER TABLE t ADD CONSTRAINT positive CHECK (b > 0)");
        refused(database, "ADD COLUMN x INT", "triggers of table", "check constraints");
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource(RELEASES)
  void whatTheUserMayNotDoIsRefusedWithTheGrant(MySqlRelease release) throws Exception {
    try (MySqlDatabase database = SharedMySqlServers.freshDatabase(release)) {
      database.execute(
          "CREATE TABLE t (id INT PRIMARY KEY, a INT)",
          "CREATE TRIGGER of_root BEFORE INSERT ON t FOR EACH ROW SET @x = 1");
      String on = " ON `" + database.name() + "`.*";
      String rights =
          "SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, ALTER, INDEX, CREATE TEMPORARY TABLES,"
              + " LOCK TABLES";
      String global =
          "REPLICATION SLAVE, PROCESS, "
              + (release.product() == Product.MYSQL ? "REPLICATION CLIENT" : "BINLOG MONITOR")
              + " ON *.*";
      String control = rights + ", TRIGGER ON zdm_osc.*";
      database.server().createUser("zdm_blind", "pw", global, control, rights + on);
      refusedTo("zdm_blind", database, "lacks TRIGGER on `" + database.name() + "`.*", "GRANT");
      database.server().createUser("zdm_seeing", "pw", global, control, rights + ", TRIGGER" + on);
      refusedTo("zdm_seeing", database, "trigger `of_root`", "GRANT");
    }
  }

  private static void refusedTo(String user, MySqlDatabase database, String... words) {
    ConnectionSettings settings = new ConnectionSettings(database.jdbcUrl(), user, "pw", Map.of());
    try (Database opened = new MySqlConnector().connect(settings)) {
      assertThatThrownBy(() -> opened.plan(new ChangeRequest("t", "ADD COLUMN x INT")))
          .isInstanceOf(RefusedException.class)
          .hasMessageContainingAll(words);
    }
  }

  private static void refused(MySqlDatabase database, String alter, String... words) {
    assertThatThrownBy(() -> MySqlRuns.migrate(database, "t", alter))
        .as(alter)
        .isInstanceOf(RefusedException.class)
        .hasMessageContainingAll(words);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource(RELEASES)
  void whatAttemptsAtTheCutOverMadeIsGoneBeforeTheFlushGoesOn(MySqlRelease release)
      throws Exception {
    try (MySqlDatabase database = SharedMySqlServers.freshDatabase(release);
        Attempt attempt = Attempt.on(database)) {
      String before = definitions(database);
      attempt.swap();
      assertThat(definitions(database)).isNotEqualTo(before);
      attempt.giveUp();
      assertThat(definitions(database)).isEqualTo(before);

      attempt.swap();
      attempt.killConnections(database);
      attempt.giveUp();
      assertThat(definitions(database)).isEqualTo(before);

      attempt.swap();
      attempt.commit();
      assertThat(attempt.finish()).isEmpty();
      assertThat(definitions(database)).isEqualTo(before);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource(RELEASES)
  void aTriggerOfSomebodyElseIsNoticedUnderTheLock(MySqlRelease release) throws Exception {
    try (MySqlDatabase database = SharedMySqlServers.freshDatabase(release);
        Attempt attempt = Attempt.on(database)) {
      database.execute("CREATE TRIGGER other BEFORE DELETE ON t FOR EACH ROW SET @x = 1");

      assertThatThrownBy(attempt::swap)
          .isInstanceOf(MigrationFailedException.class)
          .hasMessageContaining("triggers were changed");
      attempt.giveUp();
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource(RELEASES)
  void cleanupFinishesWhatADeadProcessLeftAtAnyStep(MySqlRelease release) throws Exception {
    List<String> steps =
        List.of(
            "DROP TRIGGER t_first",
            "CREATE TRIGGER zdm%1$d_guard_%2$d BEFORE INSERT ON t FOR EACH ROW SIGNAL SQLSTATE '45000'"
                + " SET MESSAGE_TEXT = 'guarded'",
            "DROP TRIGGER zdm%1$d_trigger_%2$d",
            "CREATE TRIGGER t_first BEFORE INSERT ON t FOR EACH ROW PRECEDES zdm%1$d_trigger_%3$d SET"
                + " NEW.note = CONCAT(NEW.note, 'a')");
    for (int done = 0; done <= steps.size(); done++) {
      try (MySqlDatabase database = SharedMySqlServers.freshDatabase(release)) {
        String before;
        try (Attempt attempt = Attempt.on(database)) {
          before = definitions(database);
          attempt.swap();
          attempt.commit();
          for (String step : steps.subList(0, done)) {
            long number = attempt.numberOf(database, "t_first");
            database.execute(step.formatted(attempt.id(), number, number + 1));
          }
        }
        if (done > 1) {
          assertThatThrownBy(() -> database.execute("INSERT INTO t VALUES (1, 1, '', 1)"))
              .hasMessageContaining("guarded");
        }
        cleanUp(database);

        assertThat(definitions(database)).as("after %s steps", done).isEqualTo(before);
        database.execute("INSERT INTO t VALUES (2, 1, '', 1)");
        assertThat(database.queryText("SELECT GROUP_CONCAT(what) FROM audit"))
            .isEqualTo("insert 2 1 ab");
      }
    }
  }

  private static void cleanUp(MySqlDatabase database) {
    try (Database opened = MySqlRuns.open(database)) {
      for (ControlStore.Unfinished unfinished : opened.control().unfinished()) {
        if (unfinished.table().contains("`" + database.name() + "`")) {
          assertThat(unfinished.objects()).isNotEmpty();
          assertThat(opened.control().remove(unfinished)).isEmpty();
        }
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource(RELEASES)
  void aBusyTableGetsTheNamesLater(MySqlRelease release) throws Exception {
    try (MySqlDatabase database = SharedMySqlServers.freshDatabase(release);
        Attempt attempt = Attempt.on(database);
        var application = database.connect();
        var statement = application.createStatement()) {
      String before = definitions(database);
      attempt.swap();
      attempt.commit();
      application.setAutoCommit(false);
      statement.execute("INSERT INTO t VALUES (1, 1, '', 1)");
      CompletableFuture<List<String>> names = CompletableFuture.supplyAsync(attempt::finish);
      Thread.sleep(2_500);
      assertThat(names).isNotDone();
      statement.execute("INSERT INTO t VALUES (2, 1, '', 1)");
      application.commit();

      assertThat(names.get()).isEmpty();
      assertThat(definitions(database)).isEqualTo(before);
      assertThat(database.queryText("SELECT GROUP_CONCAT(what ORDER BY id) FROM audit"))
          .isEqualTo("insert 1 1 ab,insert 2 1 ab");
    }
  }

  private static String definitions(MySqlDatabase database) throws SQLException {
    try (var connection = database.connect();
        var statement = connection.createStatement()) {
      statement.execute("SET SESSION group_concat_max_len = 1000000");
      try (var rows = statement.executeQuery(DEFINITIONS)) {
        rows.next();
        return rows.getString(1);
      }
    }
  }

  /** The cut-over step by step, on an empty table. */
  private static final class Attempt implements AutoCloseable {
    private final Database database;
    private final ControlStore.Lease lease;
    private final PreparedChange change;
    private CutOver cutOver;

    private Attempt(Database database) {
      this.database = database;
      PlannedChange planned = database.plan(new ChangeRequest("t", "ADD COLUMN x INT"));
      this.lease = database.control().register(planned.plan(), "", false);
      this.change = planned.prepare(lease, true, note -> {});
    }

    static Attempt on(MySqlDatabase database) throws SQLException {
      AuditedWriters.createTable(database);
      return new Attempt(MySqlRuns.open(database));
    }

    long id() {
      return lease.migrationId();
    }

    long numberOf(MySqlDatabase at, String trigger) throws SQLException {
      return Long.parseLong(
          at.queryText(
              "SELECT number FROM zdm_osc.table_trigger WHERE migration_id = "
                  + id()
                  + " AND name = '"
                  + trigger
                  + "'"));
    }

    void swap() {
      cutOver = change.openCutOver();
      cutOver.approach(BUDGET);
      cutOver.lock(BUDGET, BUDGET);
      cutOver.flush(List.of());
      cutOver.swap(BUDGET);
    }

    void killConnections(MySqlDatabase at) throws SQLException {
      for (String id :
          at.queryText(
                  "SELECT GROUP_CONCAT(ID) FROM information_schema.PROCESSLIST WHERE COMMAND ="
                      + " 'Sleep' AND DB = DATABASE() AND ID NOT IN (SELECT CONNECTION_ID())")
              .split(",")) {
        if (!id.equals(at.queryText("SELECT IS_USED_LOCK('zdm_osc_" + id() + "')"))) {
          at.endSession(Long.parseLong(id));
        }
      }
    }

    void commit() {
      cutOver.commit();
      cutOver.close();
    }

    void giveUp() {
      cutOver.close();
    }

    List<String> finish() {
      return change.finish(Retire.KEEP);
    }

    @Override
    public void close() {
      change.close();
      lease.close();
      database.close();
    }
  }
}
