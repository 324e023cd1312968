package io.zdmosc.harness.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.cli.server.Product;
import io.zdmosc.engine.ChangeRequest;
import io.zdmosc.engine.Migration;
import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.RunOptions;
import io.zdmosc.engine.progress.MigrationListener;
import io.zdmosc.engine.progress.Summary;
import io.zdmosc.engine.spi.ControlStore;
import io.zdmosc.engine.spi.CutOver;
import io.zdmosc.engine.spi.Database;
import io.zdmosc.engine.spi.SourceWatch;
import io.zdmosc.harness.migration.mysql.FamilyTables;
import io.zdmosc.harness.migration.mysql.MySqlTraces;
import io.zdmosc.harness.server.mysql.MySqlDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransactionRollbackException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The process dies, or loses a connection, at each statement that moves foreign keys. From then on
 * writes may be refused, but no row is orphaned and none is lost; and cleanup, or whoever goes on,
 * brings everything to where it belongs.
 */
class MySqlForeignKeyFaultsIT {
  private static final Duration BUDGET = KeyAttempt.BUDGET;
  private static final RunOptions OPTIONS =
      RunOptions.defaults().withCutOverBudget(Duration.ofSeconds(2));
  private static final String CHANGE = KeyAttempt.CHANGE;

  @ParameterizedTest(name = "{2} at {0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "_new` .*ADD CONSTRAINT|false|MYSQL",
        "`c1` .*_oldkey_|false|MYSQL",
        "`c;2` .*_oldkey_|false|MYSQL",
        "RENAME TABLE|false|MYSQL",
        "_old` DROP FOREIGN KEY|true|MYSQL",
        "`c1` DROP FOREIGN KEY `zdm|true|MYSQL",
        "`c;2` DROP FOREIGN KEY `zdm|true|MYSQL",
        "`t` DROP FOREIGN KEY `zdm|true|MYSQL",
        "UPDATE zdm_osc.migration SET state = 'swapped'|true|MYSQL",
        "`c1` .*_oldkey_|false|MARIADB",
        "RENAME TABLE|false|MARIADB",
        "DROP TABLE `[^`]*`.`t_zdm\\d+_old`|false|MARIADB",
        "LOCK TABLES `[^`]*`.`t` WRITE, `[^`]*`.`t_zdm\\d+_old` WRITE|true|MARIADB",
        "`c1` DROP FOREIGN KEY `zdm|true|MARIADB"
      })
  void aDeathLeavesNoOrphanAndLosesNothing(String statement, boolean swapped, Product product)
      throws Exception {
    try (FamilyTables tables = FamilyTables.create(product)) {
      tables.fill();
      Map<String, String> before = tables.definitions("t");
      dieAt(statement, tables.shop());
      Until.holds(
          "the lock is given back", () -> tables.texts("SELECT 1 FROM t LIMIT 1").size() == 1);
      String t = tables.definition("t");
      assertThat(t.contains("`x`")).isEqualTo(swapped);

      BrokenOffKeys.attack(tables);

      BrokenOffKeys.cleanUp(tables.shop());
      Map<String, String> after = tables.definitions("t");
      after.put(
          "t", after.get("t").replace(",\n  `x` " + tables.shown("int") + " DEFAULT NULL", ""));
      assertThat(after).isEqualTo(before);
      tables.assertNoOrphans("t", "id");
      BrokenOffKeys.assertTheyHold(tables);
      MySqlTraces.assertNoneButTheRetiredTable(tables.shop());
    }
  }

  /** The other statements on MariaDB. */
  @ParameterizedTest(name = "at {0}")
  @EnabledIfSystemProperty(named = "zdm.long", matches = "true")
  @CsvSource(
      delimiter = '|',
      value = {
        "_new` .*ADD CONSTRAINT|false",
        "`c;2` .*_oldkey_|false",
        "`p` WRITE$|false",
        "LOCK TABLES `[^`]*`.`c1` WRITE$|false",
        "LOCK TABLES `[^`]*`.`t` WRITE$|false",
        "_old` DROP FOREIGN KEY|true",
        "`c;2` DROP FOREIGN KEY `zdm|true",
        "`t` DROP FOREIGN KEY `zdm|true",
        "UPDATE zdm_osc.migration SET state = 'swapped'|true"
      })
  void aDeathElsewhereIsNoWorse(String statement, boolean swapped) throws Exception {
    aDeathLeavesNoOrphanAndLosesNothing(statement, swapped, Product.MARIADB);
  }

  /** Opens the cut-over, goes through it, and is gone at that statement. */
  private static void dieAt(String statement, MySqlDatabase database) throws Exception {
    StatementCutter cutter = StatementCutter.dyingAt(statement, database.server().port());
    CompletableFuture<Void> process =
        Background.run(
            () -> {
              Database opened = BrokenOffKeys.open(cutter.to(database));
              CutOver cutOver = KeyAttempt.prepare(opened, database).cutOver();
              cutOver.lock(BUDGET, BUDGET);
              cutOver.flush(List.of());
              cutOver.swap(BUDGET);
              cutOver.commit();
            });
    Until.holds("it is dead", () -> cutter.isDone() || process.isDone());
    if (!cutter.isDone()) {
      process.join(); // throws what it has died of instead
    }
  }

  /** Only one connection is lost, and the same process goes on. */
  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({"MYSQL,STATEMENT", "MYSQL,ANSWER", "MARIADB,STATEMENT", "MARIADB,ANSWER"})
  void aLostConnectionIsMadeUpFor(Product product, StatementCutter.Lost lost) throws Exception {
    List<String> statements =
        new ArrayList<>(
            List.of(
                "LOCK TABLES `[^`]*`.`t` READ", "`c1` .*_oldkey_", "`c1` DROP FOREIGN KEY `zdm"));
    if (product == Product.MARIADB) {
      statements.addAll(
          List.of(
              "LOCK TABLES `[^`]*`.`c1` WRITE$",
              "DROP TABLE `[^`]*`.`t_zdm\\d+_old`",
              "LOCK TABLES `[^`]*`.`t` WRITE, `[^`]*`.`t_zdm\\d+_old` WRITE"));
    }
    for (String statement : statements) {
      try (FamilyTables tables = FamilyTables.create(product);
          StatementCutter cutter =
              StatementCutter.at(statement, lost, tables.shop().server().port())) {
        tables.fill();
        Map<String, String> before = tables.definitions("t");
        try (Database opened = BrokenOffKeys.open(cutter.to(tables.shop()))) {
          Summary summary = migration(opened).run();

          assertThat(cutter.isDone()).isTrue();
          assertThat(summary.state()).isEqualTo(MigrationState.SWAPPED);
          assertThat(summary.notes()).isEmpty();
        }
        assertWhole(tables, before);
      }
    }
  }

  private static Migration migration(Database opened) {
    return new Migration(opened, new ChangeRequest("t", CHANGE), OPTIONS, MigrationListener.none());
  }

  private static void assertWhole(FamilyTables tables, Map<String, String> before)
      throws SQLException {
    Map<String, String> after = tables.definitions("t");
    after.put("t", after.get("t").replace(",\n  `x` " + tables.shown("int") + " DEFAULT NULL", ""));
    assertThat(after).isEqualTo(before);
    BrokenOffKeys.assertTheyHold(tables);
  }

  /** Whoever writes to the tables one after the other waits, and is not ended as a deadlock. */
  @ParameterizedTest(name = "{0}, what is referred to first: {1}")
  @CsvSource({"MYSQL,true", "MYSQL,false", "MARIADB,true", "MARIADB,false"})
  void aTransactionOnSeveralTablesIsNotEnded(Product product, boolean parentsFirst)
      throws Exception {
    try (FamilyTables tables = FamilyTables.create(product);
        Database opened = BrokenOffKeys.open(tables.shop());
        Connection connection = tables.shop().connect();
        Statement statement = connection.createStatement()) {
      tables.fill();
      List<String> writes =
          parentsFirst
              ? List.of(
                  "INSERT INTO p VALUES (70)",
                  "INSERT INTO t (id, code, p) VALUES (70, 'y', 70)",
                  "INSERT INTO c1 VALUES (70, 70, 0, 'y')",
                  "INSERT INTO " + tables.elsewhere() + " VALUES (70, 70)")
              : List.of(
                  "DELETE FROM " + tables.elsewhere() + " WHERE id = 2",
                  "DELETE FROM c1 WHERE id = 2",
                  "DELETE FROM t WHERE id = 2",
                  "DELETE FROM p WHERE id = 3");
      try (KeyAttempt attempt = KeyAttempt.prepare(opened, tables.shop())) {
        connection.setAutoCommit(false);
        statement.execute(writes.get(0));
        CompletableFuture<Void> lock = attempt.lock(Duration.ofSeconds(parentsFirst ? 50 : 4));
        Until.holds("it waits for the transaction", () -> isWaiting(tables));
        for (String write : writes.subList(1, writes.size())) {
          statement.execute(write);
        }
        connection.commit();
        lock.handle((done, failure) -> failure).join();
        assertThat(lock.isCompletedExceptionally()).isEqualTo(!parentsFirst);
      }
      assertThat(tables.texts("SELECT id FROM t ORDER BY id")).hasSize(parentsFirst ? 4 : 2);
      BrokenOffKeys.cleanUp(tables.shop());
    }
  }

  /** The moment for the lock may come late; the server must not have ended a connection by then. */
  @Test
  void nothingIsGivenUpBeforeTheLock() throws Exception {
    try (FamilyTables tables = FamilyTables.create();
        Database opened = BrokenOffKeys.open(tables.shop())) {
      tables.fill();
      try (KeyAttempt attempt = KeyAttempt.prepare(opened, tables.shop())) {
        List<String> patience =
            tables.texts(
                "SELECT v.VARIABLE_VALUE FROM performance_schema.variables_by_thread v"
                    + " JOIN performance_schema.threads t ON t.THREAD_ID = v.THREAD_ID"
                    + " JOIN performance_schema.session_connect_attrs a"
                    + " ON a.PROCESSLIST_ID = t.PROCESSLIST_ID"
                    + " WHERE v.VARIABLE_NAME = 'wait_timeout' AND a.ATTR_NAME = 'program_name'"
                    + " AND a.ATTR_VALUE = 'zdm-osc cut-over barrier'");
        assertThat(patience).isNotEmpty().containsOnly("28800");
        attempt.lock(BUDGET).join();
      }
      BrokenOffKeys.cleanUp(tables.shop());
    }
  }

  /** Transactions that are possible one beside the other, whoever comes first. */
  private static final List<List<String>> WAITERS =
      List.of(
          List.of("DELETE FROM t WHERE id = 3"), // by itself from c1
          List.of(
              "SELECT id FROM t WHERE id = 1 FOR UPDATE", "INSERT INTO c1 VALUES (70, 1, 0, 'a')"),
          List.of("INSERT INTO c1 VALUES (71, 2, 0, 'b')", "UPDATE t SET v = 1 WHERE id = 2"),
          List.of("INSERT INTO g VALUES (70, 1)", "UPDATE c1 SET z = 1 WHERE id = 1"),
          List.of("DELETE FROM p WHERE id = 3"),
          List.of("INSERT INTO p VALUES (70)", "INSERT INTO t (id, code, p) VALUES (70, 'x', 70)"));

  /**
   * Whoever came to the tables while they were locked finds the keys themselves. On a busy machine
   * one may come to a table on MariaDB before its next holder does, and be ended as any transaction
   * may be.
   */
  @ParameterizedTest
  @EnumSource(Product.class)
  void whoHasWaitedIsNotRefused(Product product) throws Exception {
    try (FamilyTables tables = FamilyTables.create(product);
        Database opened = BrokenOffKeys.open(tables.shop())) {
      tables.fill();
      List<CompletableFuture<Void>> waiters = new ArrayList<>();
      try (KeyAttempt attempt = KeyAttempt.prepare(opened, tables.shop())) {
        attempt.lock(BUDGET).join();
        attempt.cutOver().flush(List.of());
        attempt.cutOver().swap(BUDGET);
        WAITERS.forEach(
            each -> waiters.add(Background.run(() -> transactPatiently(product, tables, each))));
        Until.holds(
            "all of them wait", () -> BrokenOffKeys.waitingStatements(tables) == WAITERS.size());
        attempt.cutOver().commit();

        waiters.forEach(CompletableFuture::join); // throws what one has been refused with
        assertThat(attempt.change().complete()).isEmpty();
      }
      assertThat(tables.texts("SELECT id FROM t ORDER BY id")).containsExactly("1", "2", "70");
      assertThat(tables.texts("SELECT id FROM c1 ORDER BY id"))
          .containsExactly("1", "2", "70", "71");
      BrokenOffKeys.cleanUp(tables.shop());
    }
  }

  /** Once more where it has been ended by a deadlock. */
  private static void transactPatiently(
      Product product, FamilyTables tables, List<String> statements) throws SQLException {
    try {
      BrokenOffKeys.transact(tables, statements);
    } catch (SQLTransactionRollbackException e) {
      assertThat(product).as(e.getMessage()).isEqualTo(Product.MARIADB);
      BrokenOffKeys.transact(tables, statements);
    }
  }

  private static boolean isWaiting(FamilyTables tables) throws SQLException {
    return !tables
        .texts(
            "SELECT ID FROM information_schema.PROCESSLIST WHERE INFO LIKE 'LOCK TABLES%'"
                + " AND STATE = 'Waiting for table metadata lock'")
        .isEmpty();
  }

  /** Who looks at the source's shape may come to it right behind the swap. */
  @ParameterizedTest
  @EnumSource(Product.class)
  void theSwapItselfIsNoChangeOfTheSource(Product product) throws Exception {
    try (FamilyTables tables = FamilyTables.create(product);
        Database opened = BrokenOffKeys.open(tables.shop())) {
      tables.fill();
      try (KeyAttempt attempt = KeyAttempt.prepare(opened, tables.shop());
          SourceWatch watch = attempt.change().openWatch()) {
        assertThat(watch.shapeChanges()).isEmpty();
        attempt.lock(BUDGET).join();
        attempt.cutOver().flush(List.of());
        attempt.cutOver().swap(BUDGET);
        attempt.cutOver().commit();

        assertThat(watch.shapeChanges()).isEmpty();
        assertThat(attempt.change().complete()).isEmpty();
      }
      BrokenOffKeys.cleanUp(tables.shop());
    }
  }

  /** An attempt that gives up behind the first statements takes them back. */
  @ParameterizedTest
  @EnumSource(Product.class)
  void anAttemptThatGivesUpLeavesNothing(Product product) throws Exception {
    try (FamilyTables tables = FamilyTables.create(product);
        Database opened = BrokenOffKeys.open(tables.shop())) {
      tables.fill();
      Map<String, String> before = tables.definitions("t");
      try (KeyAttempt attempt = KeyAttempt.prepare(opened, tables.shop())) {
        attempt.lock(BUDGET).join();
        attempt.cutOver().flush(List.of());
        attempt.cutOver().swap(BUDGET);
        attempt.cutOver().close();

        assertThat(tables.definitions("t")).isEqualTo(before);
        BrokenOffKeys.assertTheyHold(tables);
      }
      BrokenOffKeys.cleanUp(tables.shop());
      assertThat(tables.definitions("t")).isEqualTo(before);
    }
  }

  /** Before the exchange of the names and behind it. */
  @ParameterizedTest
  @EnumSource(Product.class)
  void whoGoesOnFinishesIt(Product product) throws Exception {
    for (String statement : List.of("RENAME TABLE", "`c1` DROP FOREIGN KEY `zdm")) {
      try (FamilyTables tables = FamilyTables.create(product)) {
        tables.fill();
        Map<String, String> before = tables.definitions("t");
        StatementCutter cutter = StatementCutter.dyingAt(statement, tables.shop().server().port());
        Background.run(() -> migration(BrokenOffKeys.open(cutter.to(tables.shop()))).run());
        Until.holds("it is dead", cutter::isDone);

        try (Database opened = BrokenOffKeys.open(tables.shop())) {
          long id =
              opened.control().unfinished().stream()
                  .filter(each -> each.table().contains("`" + tables.shop().name() + "`"))
                  .mapToLong(ControlStore.Unfinished::id)
                  .findFirst()
                  .orElseThrow();
          Summary summary = Migration.unfinished(opened, id, false, MigrationListener.none()).run();

          assertThat(summary.state()).isEqualTo(MigrationState.SWAPPED);
          assertThat(summary.notes()).isEmpty();
        }
        assertWhole(tables, before);
      }
    }
  }
}
