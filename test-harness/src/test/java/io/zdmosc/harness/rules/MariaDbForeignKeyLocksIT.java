package io.zdmosc.harness.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zdmosc.cli.server.Product;
import io.zdmosc.engine.spi.CutOver;
import io.zdmosc.engine.spi.Database;
import io.zdmosc.engine.spi.LockTimeoutException;
import io.zdmosc.harness.migration.mysql.FamilyTables;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which tables are locked for the RENAME of a table with foreign keys, and stay locked. */
class MariaDbForeignKeyLocksIT {
  private static final Duration BUDGET = KeyAttempt.BUDGET;

  /**
   * A write to a table that refers to a child locks the child in MariaDB's storage engine alone.
   * The RENAME would trip over it; and when it trips between its two halves, the table is gone.
   */
  @Test
  void whoWritesToAGrandchildIsWaitedFor() throws Exception {
    try (FamilyTables tables = FamilyTables.create(Product.MARIADB);
        Database opened = BrokenOffKeys.open(tables.shop());
        Connection connection = tables.shop().connect();
        Statement statement = connection.createStatement()) {
      tables.fill();
      Map<String, String> before = tables.definitions("t");
      try (KeyAttempt attempt = KeyAttempt.prepare(opened, tables.shop())) {
        connection.setAutoCommit(false);
        statement.execute("INSERT INTO g VALUES (9, 1)");
        assertThatThrownBy(() -> attempt.cutOver().lock(Duration.ofSeconds(1), BUDGET))
            .isInstanceOf(LockTimeoutException.class);
        statement.execute("UPDATE c1 SET z = 9 WHERE id = 1");
        statement.execute("UPDATE t SET v = 9 WHERE id = 1");
        connection.commit();
      }
      assertThat(tables.definitions("t")).isEqualTo(before);
      BrokenOffKeys.cleanUp(tables.shop());
    }
  }

  /** The further table would not be locked, and a write to it could be in the RENAME's way. */
  @Test
  void aGrandchildThatCameMeanwhileEndsTheAttempt() throws Exception {
    try (FamilyTables tables = FamilyTables.create(Product.MARIADB);
        Database opened = BrokenOffKeys.open(tables.shop())) {
      tables.fill();
      try (KeyAttempt attempt = KeyAttempt.prepare(opened, tables.shop())) {
        tables.shop().execute("CREATE TABLE h (c1 INT, FOREIGN KEY (c1) REFERENCES c1 (id))");
        attempt.lock(BUDGET).join();
        attempt.cutOver().flush(List.of());
        assertThatThrownBy(() -> attempt.cutOver().swap(BUDGET))
            .isInstanceOf(LockTimeoutException.class)
            .hasMessageContaining("further tables");
        attempt.cutOver().close();

        try (CutOver next = attempt.change().openCutOver()) {
          next.approach(BUDGET);
          next.lock(BUDGET, BUDGET);
          next.flush(List.of());
          next.swap(BUDGET);
          CompletableFuture<Void> writer =
              Background.run(
                  () -> BrokenOffKeys.transact(tables, List.of("INSERT INTO h VALUES (1)")));
          Until.holds("it waits", () -> BrokenOffKeys.waitingStatements(tables) == 1);
          next.commit();
          writer.join();
        }
        assertThat(attempt.change().complete()).isEmpty();
      }
      tables.shop().execute("DROP TABLE h");
      BrokenOffKeys.cleanUp(tables.shop());
    }
  }

  /** Somebody ends one of the sessions that are to keep tables while the names are exchanged. */
  @ParameterizedTest
  @ValueSource(strings = {"p", "c1", "g", "t"})
  void aKeeperThatIsLostEndsTheAttempt(String table) throws Exception {
    try (FamilyTables tables = FamilyTables.create(Product.MARIADB);
        Database opened = BrokenOffKeys.open(tables.shop())) {
      tables.fill();
      Map<String, String> before = tables.definitions("t");
      try (KeyAttempt attempt = KeyAttempt.prepare(opened, tables.shop())) {
        attempt.lock(BUDGET).join();
        attempt.cutOver().flush(List.of());
        attempt.cutOver().swap(BUDGET);
        String keeper =
            tables
                .texts(
                    "SELECT ID FROM information_schema.PROCESSLIST WHERE INFO = 'LOCK TABLES `"
                        + tables.shop().name()
                        + "`.`"
                        + table
                        + "` WRITE'")
                .get(0);
        tables.shop().execute("KILL " + keeper);
        Until.holds(
            "it is gone",
            () ->
                tables
                    .texts("SELECT ID FROM information_schema.PROCESSLIST WHERE ID = " + keeper)
                    .isEmpty());
        assertThatThrownBy(attempt.cutOver()::commit)
            .isInstanceOf(LockTimeoutException.class)
            .hasMessageContaining("a place in the queue");
        attempt.cutOver().close();

        assertThat(tables.definitions("t")).isEqualTo(before);
        BrokenOffKeys.assertTheyHold(tables);
      }
      BrokenOffKeys.cleanUp(tables.shop());
    }
  }
}
