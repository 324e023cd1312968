package io.zdmosc.harness.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.spi.ControlStore.Unfinished;
import io.zdmosc.engine.spi.Database;
import io.zdmosc.engine.spi.Orders;
import io.zdmosc.harness.server.TestDatabase;
import io.zdmosc.harness.workload.Site;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The tool itself, told to end by a signal. */
@DisabledOnOs(OS.WINDOWS)
class SignalsToTheProcessIT {
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  static List<Site> sites() {
    return Site.all();
  }

  /** Days of copying are not thrown away by a key that was pressed, nor by a machine that stops. */
  @ParameterizedTest
  @MethodSource("sites")
  void keepTheMigrationWhichIsResumed(Site site) throws Exception {
    try (TestDatabase database = site.database();
        Database opened = AnyDatabase.open(database)) {
      long id;
      try (ChildProcess child = run(database, "kept_at_stop")) {
        id = awaitReady(opened, "kept_at_stop", child);
        child.signal("TERM"); // not INT, which a shell lets its background jobs ignore
        assertThat(child.exitStatus(PATIENCE)).as(child.toString()).isEqualTo(6);
        assertThat(child.toString())
            .contains("kept as it is")
            .contains("zdm-osc resume --id " + id)
            .contains("zdm-osc abort --id " + id);
      }
      assertThat(unfinished(opened, "kept_at_stop"))
          .hasValueSatisfying(left -> assertThat(left.alive()).isFalse())
          .hasValueSatisfying(left -> assertThat(left.objects()).isNotEmpty());
      database.execute("UPDATE kept_at_stop SET n = 20 WHERE id = 2");
      opened.control().order(id, Orders::toCutOver);
      try (ChildProcess child = ChildProcess.tool(database, "resume", "--id", Long.toString(id))) {
        assertThat(child.exitStatus(PATIENCE)).as(child.toString()).isZero();
        assertThat(child.toString()).doesNotContain("copying");
      }
      assertThat(database.queryText("SELECT sum(n) + count(x) FROM kept_at_stop")).isEqualTo("24");
    }
  }

  @ParameterizedTest
  @MethodSource("sites")
  void removeItWhereThatWasAskedFor(Site site) throws Exception {
    try (TestDatabase database = site.database();
        Database opened = AnyDatabase.open(database);
        ChildProcess child = run(database, "gone_at_stop", "--on-stop", "discard")) {
      awaitReady(opened, "gone_at_stop", child);
      child.signal("TERM");
      assertThat(child.exitStatus(PATIENCE)).as(child.toString()).isEqualTo(6);
      assertThat(child.toString()).contains("Nothing is left behind");
      assertThat(unfinished(opened, "gone_at_stop")).isEmpty();
    }
  }

  private static ChildProcess run(TestDatabase database, String table, String... more)
      throws Exception {
    database.execute(
        "CREATE TABLE " + table + " (id int PRIMARY KEY, n int)",
        "INSERT INTO " + table + " VALUES (1, 1), (2, 2), (3, 3)");
    List<String> options = new ArrayList<>();
    options.addAll(List.of("--table", table, "--alter", "ADD COLUMN x int"));
    options.add("--postpone-cut-over");
    options.addAll(List.of(more));
    return ChildProcess.tool(database, "run", options.toArray(String[]::new));
  }

  private static long awaitReady(Database opened, String table, ChildProcess child) {
    Awaitility.await()
        .atMost(PATIENCE)
        .until(
            () ->
                !child.isAlive()
                    || unfinished(opened, table)
                        .filter(it -> it.state() == MigrationState.READY)
                        .isPresent());
    assertThat(unfinished(opened, table)).as(child.toString()).isPresent();
    return unfinished(opened, table).orElseThrow().id();
  }

  /** MySQL's control schema is the whole server's. */
  private static Optional<Unfinished> unfinished(Database opened, String table) {
    return opened.control().unfinished().stream()
        .filter(each -> each.table().contains(table))
        .findFirst();
  }
}
