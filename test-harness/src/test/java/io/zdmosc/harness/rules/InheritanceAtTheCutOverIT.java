package io.zdmosc.harness.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.engine.spi.CutOver;
import io.zdmosc.harness.server.SharedServers;
import io.zdmosc.harness.server.TestDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/**
 * A statement on a parent looks up the children, and then locks them. One that comes while the
 * cut-over has its locks must not have looked them up: it would write to the retired table.
 */
class InheritanceAtTheCutOverIT {

  @Test
  void aStatementOnAParentWaitsForTheParentAndGoesOnWithTheNewTable() throws Exception {
    try (TestDatabase database = SharedServers.freshDatabase(SharedServers.newestMajor())) {
      database.execute(
          "CREATE TABLE root (id int, n int)",
          "CREATE TABLE parent () INHERITS (root)",
          "CREATE TABLE t (PRIMARY KEY (id)) INHERITS (parent)",
          "INSERT INTO t SELECT g, 0 FROM generate_series(1, 100) AS g");
      AtomicReference<CompletableFuture<Void>> update = new AtomicReference<>();
      try (Run run =
          Run.start(
              database,
              "t",
              "ADD COLUMN w int",
              Run.OPTIONS.withCutOverBudget(Duration.ofSeconds(20)),
              change ->
                  new ChangeDelegate(change) {
                    @Override
                    public CutOver openCutOver() {
                      return new CutOverDelegate(super.openCutOver()) {
                        @Override
                        public void swap(Duration timeout) {
                          update.compareAndSet(null, waitingUpdate(database));
                          super.swap(timeout);
                        }
                      };
                    }
                  })) {
        assertThat(run.await().cutOverAttempts()).isEqualTo(1);
      }
      update.get().get(30, TimeUnit.SECONDS);
      assertThat(database.queryText("SELECT sum(n) FROM root")).isEqualTo("100");
      assertThat(database.queryText("SELECT sum(n) FROM t")).isEqualTo("100");
      assertThat(database.queryText("SELECT sum(n) FROM zdm_1_t_old")).isEqualTo("0");
    }
  }

  /** Begins one, and returns when it waits. */
  private static CompletableFuture<Void> waitingUpdate(TestDatabase database) {
    CompletableFuture<Void> update =
        CompletableFuture.runAsync(() -> execute(database, "UPDATE root SET n = n + 1"));
    Until.holds(
        "it waits",
        () ->
            !Tables.rows(
                    database,
                    "SELECT l.pid FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid"
                        + " WHERE NOT l.granted AND a.query LIKE 'UPDATE root%'"
                        + " AND a.datname = current_database()")
                .isEmpty());
    return update;
  }

  private static void execute(TestDatabase database, String sql) {
    try {
      database.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
