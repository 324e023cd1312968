package io.zdmosc.harness.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.cli.server.Product;
import io.zdmosc.engine.ChangeRequest;
import io.zdmosc.engine.Migration;
import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.Retire;
import io.zdmosc.engine.RunOptions;
import io.zdmosc.engine.durable.MigrationOrder;
import io.zdmosc.engine.durable.RecordText;
import io.zdmosc.engine.progress.MigrationListener;
import io.zdmosc.engine.progress.Summary;
import io.zdmosc.engine.spi.ControlStore;
import io.zdmosc.engine.spi.CutOver;
import io.zdmosc.engine.spi.Database;
import io.zdmosc.engine.spi.Orders.Ending;
import io.zdmosc.engine.spi.PlannedChange;
import io.zdmosc.engine.spi.PreparedChange;
import io.zdmosc.harness.migration.mysql.FamilyTables;
import io.zdmosc.harness.migration.mysql.MySqlTraces;
import io.zdmosc.harness.server.mysql.MySqlDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The process dies, or loses a connection, at each statement that moves foreign keys when a held
 * migration is swapped back. As on the way there no row is orphaned and none is lost, and every way
 * to go on brings the keys to where they belong.
 */
class MySqlForeignKeysBackIT {
  private static final Duration BUDGET = Duration.ofSeconds(10);
  private static final RunOptions OPTIONS =
      RunOptions.defaults().withCutOverBudget(Duration.ofSeconds(2));
  private static final ChangeRequest HELD =
      new ChangeRequest("t", "ADD COLUMN x INT", "", true, Map.of());
  private static final String ROWS =
      "SELECT CONCAT_WS('|', id, code, IFNULL(p, '-'), IFNULL(ra, '-'), IFNULL(rb, '-'),"
          + " IFNULL(up, '-'), IFNULL(v, '-')) FROM t ORDER BY id";

  /** What is done when the process is dead. */
  enum Next {
    ROLLBACK,
    RESUME,
    CONTRACT,
    CLEANUP
  }

  @ParameterizedTest(name = "{3} at {0}, then {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "_old` .*ADD CONSTRAINT|false|ROLLBACK|MYSQL",
        "`c1` .*_oldkey_|false|ROLLBACK|MYSQL",
        "`c1` .*_oldkey_|false|CLEANUP|MYSQL",
        "`c;2` .*_oldkey_|false|ROLLBACK|MYSQL",
        "RENAME TABLE|false|ROLLBACK|MYSQL",
        "RENAME TABLE|false|CONTRACT|MYSQL",
        "_new` DROP FOREIGN KEY|true|CLEANUP|MYSQL",
        "`c1` DROP FOREIGN KEY `zdm|true|RESUME|MYSQL",
        "`c;2` DROP FOREIGN KEY `zdm|true|CLEANUP|MYSQL",
        "`t` DROP FOREIGN KEY `zdm|true|RESUME|MYSQL",
        "UPDATE zdm_osc.migration SET state = 'rolled back'|true|RESUME|MYSQL",
        "DELETE FROM zdm_osc.table_key|true|CLEANUP|MYSQL",
        "`c1` .*_oldkey_|false|CLEANUP|MARIADB",
        "RENAME TABLE|false|ROLLBACK|MARIADB",
        "RENAME TABLE|false|CONTRACT|MARIADB",
        "`c1` DROP FOREIGN KEY `zdm|true|RESUME|MARIADB"
      })
  void aDeathLeavesNoOrphanAndLosesNothing(
      String statement, boolean swapped, Next next, Product product) throws Exception {
    try (FamilyTables tables = FamilyTables.create(product)) {
      tables.fill();
      Map<String, String> before = tables.definitions("t");
      long id = hold(tables.shop());
      dieAt(statement, tables.shop(), id);
      awaitItsEnd(tables, id);
      assertThat(tables.definition("t").contains("`x`")).isEqualTo(!swapped);

      BrokenOffKeys.attack(tables);

      List<String> rows = tables.texts(ROWS);
      goOn(tables.shop(), id, next);
      assertThat(tables.texts(ROWS)).isEqualTo(rows);
      boolean back = swapped || next == Next.ROLLBACK;
      assertWhole(tables, before, back);
      MySqlTraces.assertNoneBut(
          tables.shop(), next == Next.CONTRACT ? "^$" : back ? ".*_new$" : ".*_old$");
    }
  }

  /** The other statements on MariaDB. */
  @ParameterizedTest(name = "at {0}, then {2}")
  @EnabledIfSystemProperty(named = "zdm.long", matches = "true")
  @CsvSource(
      delimiter = '|',
      value = {
        "_old` .*ADD CONSTRAINT|false|ROLLBACK",
        "`c1` .*_oldkey_|false|ROLLBACK",
        "`c;2` .*_oldkey_|false|ROLLBACK",
        "_new` DROP FOREIGN KEY|true|CLEANUP",
        "`t` DROP FOREIGN KEY `zdm|true|RESUME",
        "DELETE FROM zdm_osc.table_key|true|CLEANUP"
      })
  void aDeathElsewhereIsNoWorse(String statement, boolean swapped, Next next) throws Exception {
    aDeathLeavesNoOrphanAndLosesNothing(statement, swapped, next, Product.MARIADB);
  }

  /** As {@code run --hold} leaves it, with the retired table about to be followed. */
  private static long hold(MySqlDatabase database) throws SQLException {
    try (Database opened = BrokenOffKeys.open(database)) {
      PlannedChange planned = opened.plan(HELD);
      String order = RecordText.write(new MigrationOrder(HELD, OPTIONS, planned.plan()));
      try (ControlStore.Lease lease = opened.control().register(planned.plan(), order, false);
          PreparedChange change = planned.prepare(lease, true, note -> {})) {
        database.execute(
            "INSERT INTO t_zdm"
                + lease.migrationId()
                + "_new (id, code, p, ra, rb, up, v) SELECT * FROM t");
        change.builds(1 << 20).forEach(step -> step.run(1));
        swap(change);
        assertThat(change.complete()).isEmpty();
        return lease.migrationId();
      }
    }
  }

  private static void swap(PreparedChange change) {
    try (CutOver cutOver = change.openCutOver()) {
      cutOver.approach(BUDGET);
      cutOver.lock(BUDGET, BUDGET);
      cutOver.flush(List.of());
      cutOver.swap(BUDGET);
      cutOver.commit();
    }
  }

  /** Swaps back, and is gone at that statement. */
  private static void dieAt(String statement, MySqlDatabase database, long id) throws Exception {
    StatementCutter cutter = StatementCutter.dyingAt(statement, database.server().port());
    CompletableFuture<Void> process =
        Background.run(
            () -> {
              Database opened = BrokenOffKeys.open(cutter.to(database));
              ControlStore.Lease lease = opened.control().resume(id, false);
              PreparedChange back = opened.reopen(lease).orElseThrow().wayBack().orElseThrow();
              back.builds(1 << 20); // marks the end of the copy
              swap(back);
              back.finish(Retire.KEEP);
            });
    Until.holds("it is dead", () -> cutter.isDone() || process.isDone());
    if (!cutter.isDone()) {
      process.join(); // throws what it has died of instead
    }
  }

  private static void awaitItsEnd(FamilyTables tables, long id) {
    Until.holds(
        "the lock is given back", () -> tables.texts("SELECT 1 FROM t LIMIT 1").size() == 1);
    Until.holds(
        "the lease is given back",
        () -> tables.texts("SELECT IS_FREE_LOCK('zdm_osc_" + id + "')").equals(List.of("1")));
  }

  private static void goOn(MySqlDatabase database, long id, Next next) {
    if (next == Next.CLEANUP) {
      BrokenOffKeys.cleanUp(database);
      return;
    }
    try (Database opened = BrokenOffKeys.open(database)) {
      if (next != Next.RESUME) {
        Ending ending = next == Next.CONTRACT ? Ending.CONTRACT : Ending.ROLLBACK;
        opened.control().order(id, orders -> orders.ending(Optional.of(ending)));
      }
      Summary summary = Migration.unfinished(opened, id, false, MigrationListener.none()).run();
      assertThat(summary.state())
          .isEqualTo(
              next == Next.CONTRACT ? MigrationState.CONTRACTED : MigrationState.ROLLED_BACK);
      assertThat(summary.notes()).isEmpty();
    }
  }

  /** All tables are as they were, but for the new column where the new table serves. */
  private static void assertWhole(FamilyTables tables, Map<String, String> before, boolean back)
      throws SQLException {
    Map<String, String> after = tables.definitions("t");
    if (!back) {
      String added = ",\n  `x` " + tables.shown("int") + " DEFAULT NULL";
      assertThat(after.get("t")).contains(added);
      after.put("t", after.get("t").replace(added, ""));
    }
    assertThat(after).isEqualTo(before);
    tables.assertNoOrphans("t", "id");
    assertThat(
            tables.texts(
                "SELECT CONCAT(TABLE_NAME, ' ', CONSTRAINT_NAME) FROM"
                    + " information_schema.REFERENTIAL_CONSTRAINTS WHERE CONSTRAINT_SCHEMA ="
                    + " DATABASE() AND TABLE_NAME LIKE '%\\_zdm%'"))
        .as("keys of the table that does not serve")
        .isEmpty();
    BrokenOffKeys.assertTheyHold(tables);
  }

  /** Whoever puts the keys back may die of it as well. */
  @Test
  void aSecondDeathIsNoWorse() throws Exception {
    try (FamilyTables tables = FamilyTables.create()) {
      tables.fill();
      Map<String, String> before = tables.definitions("t");
      long id = hold(tables.shop());
      dieAt("RENAME TABLE", tables.shop(), id);
      awaitItsEnd(tables, id);
      StatementCutter cutter =
          StatementCutter.dyingAt("`c1` DROP FOREIGN KEY `zdm", tables.shop().server().port());
      Background.run(
          () ->
              Migration.unfinished(
                      BrokenOffKeys.open(cutter.to(tables.shop())),
                      id,
                      false,
                      MigrationListener.none())
                  .run());
      Until.holds("it is dead", cutter::isDone);
      awaitItsEnd(tables, id);

      BrokenOffKeys.attack(tables);

      List<String> rows = tables.texts(ROWS);
      goOn(tables.shop(), id, Next.ROLLBACK);
      assertThat(tables.texts(ROWS)).isEqualTo(rows);
      assertWhole(tables, before, true);
    }
  }

  /** Only one connection is lost, and the same process goes on. */
  @ParameterizedTest(name = "at {0}, with the {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "_old` .*ADD CONSTRAINT|STATEMENT",
        "`c1` .*_oldkey_|ANSWER",
        "RENAME TABLE|ANSWER",
        "`c1` DROP FOREIGN KEY `zdm|STATEMENT"
      })
  void aLostConnectionIsMadeUpFor(String statement, StatementCutter.Lost lost) throws Exception {
    try (FamilyTables tables = FamilyTables.create();
        StatementCutter cutter =
            StatementCutter.at(statement, lost, tables.shop().server().port())) {
      tables.fill();
      Map<String, String> before = tables.definitions("t");
      long id = hold(tables.shop());
      try (Database opened = BrokenOffKeys.open(cutter.to(tables.shop()))) {
        opened.control().order(id, orders -> orders.ending(Optional.of(Ending.ROLLBACK)));
        Summary summary = Migration.rollback(opened, id, MigrationListener.none()).run();

        assertThat(cutter.isDone()).isTrue();
        assertThat(summary.state()).isEqualTo(MigrationState.ROLLED_BACK);
        assertThat(summary.notes()).isEmpty();
      }
      assertWhole(tables, before, true);
    }
  }
}
