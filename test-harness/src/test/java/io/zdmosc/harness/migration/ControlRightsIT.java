package io.zdmosc.harness.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zdmosc.engine.ChangeRequest;
import io.zdmosc.engine.Migration;
import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.engine.progress.MigrationListener;
import io.zdmosc.engine.spi.Database;
import io.zdmosc.engine.spi.ScheduleSession;
import io.zdmosc.harness.server.PostgresDatabase;
import io.zdmosc.harness.server.SharedServers;
import java.sql.SQLException;
import java.util.List;
import java.util.OptionalLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** A role that has rights on its table, and none on the record that another role has begun. */
class ControlRightsIT {
  @Test
  void itIsRefusedWhateverItWantsUntilItRunsWhatItIsTold() throws Exception {
    try (PostgresDatabase database = SharedServers.freshDatabase(SharedServers.newestMajor())) {
      String role = "second_" + database.name();
      database.execute(
          "CREATE ROLE " + role + " LOGIN REPLICATION PASSWORD 'p'",
          "GRANT CREATE ON DATABASE " + database.name() + " TO " + role,
          "GRANT ALL ON SCHEMA public TO " + role,
          "CREATE TABLE t (id bigint PRIMARY KEY, n int)",
          "ALTER TABLE t OWNER TO " + role,
          "INSERT INTO t VALUES (1, 1), (2, 2)");
      try (Database owner = Runs.open(database, database.user(), database.password())) {
        owner.openSchedule().close();
      }
      try (Database second = Runs.open(database, role, "p")) {
        refusedEverywhere(second, role);
        database.execute(
            "GRANT USAGE ON SCHEMA zdm_osc TO " + role,
            "GRANT SELECT ON ALL TABLES IN SCHEMA zdm_osc TO " + role);
        looks(second);
        database.execute(told(second).split("; "));
        database.execute(
            "CREATE TABLE zdm_osc.zdm_7_other_new ()"); // of a migration of the owner's
        new Migration(second, change(), Runs.options(), MigrationListener.none()).run();
        assertThat(database.queryText("SELECT sum(n) FROM t")).isEqualTo("3");
      } finally {
        database.execute("DROP OWNED BY " + role + " CASCADE", "DROP ROLE " + role);
      }
    }
  }

  private static ChangeRequest change() {
    return new ChangeRequest("t", "ALTER COLUMN n TYPE bigint");
  }

  private static void refusedEverywhere(Database second, String role) {
    List<ThrowingCallable> all =
        List.of(
            () -> second.plan(change()),
            () -> second.control().unfinished(),
            () -> second.control().latest(5),
            () -> second.control().history(1),
            () -> second.control().order(1, orders -> orders),
            () -> second.control().resume(1, false),
            second::openSchedule,
            () -> second.traffic("t"));
    for (ThrowingCallable one : all) {
      assertThatThrownBy(one)
          .isInstanceOf(RefusedException.class)
          .hasMessageContaining("role " + role + ": may not read and write the schema zdm_osc");
    }
  }

  private static void looks(Database second) {
    assertThat(second.control().unfinished()).isEmpty();
    assertThat(second.control().latest(5)).isEmpty();
    assertThat(second.traffic("t").stored()).isEmpty();
    try (ScheduleSession schedule = second.openSchedule()) {
      assertThat(schedule.entries(OptionalLong.empty())).isEmpty();
    }
    assertThatThrownBy(() -> second.traffic("t").sample()).isInstanceOf(RefusedException.class);
  }

  /** The statements that the plan tells the owner to run. */
  private static String told(Database second) throws SQLException {
    try {
      second.plan(change());
      throw new AssertionError("it was not refused");
    } catch (RefusedException e) {
      String remedy = e.problems().get(0).remedy();
      return remedy.substring(remedy.indexOf("GRANT"), remedy.indexOf("; (to look only"));
    }
  }
}
