package io.zdmosc.harness.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.spi.Orders.Ending;
import io.zdmosc.harness.server.TestDatabase;
import io.zdmosc.harness.workload.Site;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rows that do not fit on the way back, which wait longer than the log is kept for them. */
class WaitingRowsIT {
  static List<Site> sites() {
    return Site.all();
  }

  /**
   * The first process gives the log back; so the second one can know the rows by the record only.
   */
  @ParameterizedTest
  @MethodSource("sites")
  void areKnownToTheNextProcessAlthoughTheLogIsGivenBack(Site site) throws Exception {
    try (TestDatabase database = site.database()) {
      database.execute(
          "CREATE TABLE waits (id int PRIMARY KEY, n smallint NOT NULL)",
          "INSERT INTO waits VALUES (1, 1), (2, 2), (3, 3)");
      String change =
          site.name().startsWith("PostgreSQL")
              ? "ALTER COLUMN n TYPE int"
              : "MODIFY COLUMN n int NOT NULL";
      long id;
      try (HeldMigration held =
          HeldMigration.begin(() -> AnyDatabase.open(database), "waits", change, Map.of())) {
        id = held.id();
        database.execute(
            "UPDATE waits SET n = 100000 WHERE id = 1", "UPDATE waits SET n = 200000 WHERE id = 2");
        held.awaitDetail("2 rows wait");
        awaitRecorded(database, id, 2);
        awaitGoesOn(database, site, id);
        database.execute("UPDATE waits SET n = 30 WHERE id = 3");
        // one of them is mended while the process is there, the other one waits on
        database.execute("UPDATE waits SET n = 20 WHERE id = 2");
        awaitRecorded(database, id, 1);
        held.stop();
      }
      try (HeldMigration held = HeldMigration.follow(() -> AnyDatabase.open(database), id)) {
        held.awaitDetail("1 row waits");
        assertThat(held.status().detail()).contains("key 1");
        held.order(Ending.ROLLBACK);
        held.awaitDetail("the rollback was refused");
        database.execute("UPDATE waits SET n = 10 WHERE id = 1");
        awaitRecorded(database, id, 0);
        assertThat(held.end(Ending.ROLLBACK_AND_DROP).state())
            .isEqualTo(MigrationState.ROLLED_BACK);
      }
      assertThat(database.queryText("SELECT sum(n) FROM waits")).isEqualTo("60");
    }
  }

  private static void awaitRecorded(TestDatabase database, long id, int keys) {
    Awaitility.await()
        .atMost(Runs.PATIENCE)
        .until(
            () ->
                database.queryText(
                    "SELECT count(*) FROM zdm_osc.waiting_key WHERE migration_id = " + id),
            String.valueOf(keys)::equals);
  }

  /** A place that is held back moves once or twice at most, up to where it is held. */
  private static void awaitGoesOn(TestDatabase database, Site site, long id) throws Exception {
    for (int step = 0; step < 4; step++) {
      String before = acknowledged(database, site, id);
      Awaitility.await()
          .atMost(Runs.PATIENCE)
          .until(
              () -> {
                database.execute("UPDATE waits SET n = n + 1 WHERE id = 3");
                return !acknowledged(database, site, id).equals(before);
              });
    }
  }

  /** How far the server may forget the log. */
  private static String acknowledged(TestDatabase database, Site site, long id) throws Exception {
    return database.queryText(
        site.name().startsWith("PostgreSQL")
            ? "SELECT confirmed_flush_lsn FROM pg_replication_slots WHERE slot_name LIKE 'zdm%'"
                + " AND database = current_database()"
            : "SELECT concat(file, ' ', file_offset) FROM zdm_osc.log_position WHERE migration_id = "
                + id);
  }
}
