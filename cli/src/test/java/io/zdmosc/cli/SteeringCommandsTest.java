package io.zdmosc.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.cli.output.Samples;
import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.spi.ControlStore.Unfinished;
import io.zdmosc.engine.spi.MigrationStatus;
import io.zdmosc.engine.spi.Orders;
import io.zdmosc.engine.window.Outlook;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SteeringCommandsTest {
  @TempDir private Path folder;

  private Tool tool;

  @BeforeEach
  void openTool() {
    tool = new Tool(folder);
  }

  @Test
  void pauseIsAnOrderThatResumeTakesBack() {
    unfinished(3, true);
    assertThat(run("pause")).isZero();
    assertThat(orders().pause()).isTrue();
    assertThat(tool.out()).contains("Migration 3 of t (copying): pauses", "resume --id 3");
    assertThat(run("status")).isZero();
    assertThat(tool.out()).contains("5 rows of about 10 copied", "It pauses by order");
    assertThat(run("resume")).isZero();
    assertThat(orders().pause()).isFalse();
    assertThat(tool.database.resumed).isEmpty();
    assertThat(tool.out()).contains("goes on within seconds");
  }

  @Test
  void saysWhenNobodyHears() {
    unfinished(3, false);
    assertThat(run("pause")).isZero();
    assertThat(tool.out()).contains("its process is gone", "zdm-osc resume --id 3");
    assertThat(run("status")).isZero();
    assertThat(tool.out()).contains("(1@host) is gone. Next: zdm-osc resume --id 3");
  }

  @Test
  void cutOverAndLimitsAreOrders() {
    unfinished(3, true);
    assertThat(run("cut-over")).isZero();
    assertThat(orders().cutOver()).isTrue();
    assertThat(run("throttle", "--chunk-time", "50ms")).isZero();
    assertThat(run("throttle", "--max-lag", "2s")).isZero();
    assertThat(run("throttle", "--threads", "7")).isZero();
    assertThat(orders().threads()).contains(7);
    assertThat(orders().chunkTime()).contains(Duration.ofMillis(50));
    assertThat(orders().maxLag()).contains(Duration.ofSeconds(2));
  }

  @Test
  void throttleWantsALimitThatCanBe() {
    unfinished(3, true);
    assertThat(run("throttle")).isEqualTo(2);
    assertThat(run("throttle", "--chunk-time", "1ms")).isEqualTo(2);
    assertThat(tool.err()).contains("must be at least 10 ms");
    assertThat(run("throttle", "--threads", "0")).isEqualTo(2);
    assertThat(run("throttle", "--threads", "65")).isEqualTo(2);
    assertThat(tool.err()).contains("must be from 1 to 64");
    assertThat(tool.database.orders).isEmpty();
  }

  @Test
  void abortTellsAProcessAndRemovesWhatADeadOneLeft() {
    unfinished(3, true);
    assertThat(run("abort")).isZero();
    assertThat(orders().abort()).isTrue();
    assertThat(tool.database.removed).isEmpty();
    tool.database.unfinished.clear();
    unfinished(4, false);
    assertThat(run("abort", "--id", "4")).isZero();
    assertThat(tool.database.removed).hasSize(1);
    assertThat(tool.out()).contains("its process was gone");
  }

  @Test
  void historyAndStatusAsJson() {
    unfinished(3, true);
    assertThat(run("history", "--output", "json")).isZero();
    assertThat(tool.out()).contains("\"event\":\"transition\"", "\"detail\":\"resumed\"");
    assertThat(run("status", "--output", "json")).isZero();
    assertThat(tool.out()).contains("\"event\":\"status\"", "\"rows_copied\":5", "\"next\":");
    assertThat(run("history")).isZero();
    assertThat(tool.out()).contains("1970-01-01T00:00:00Z copying: resumed");
  }

  @Test
  void statusTellsWhatTheProcessReported() {
    unfinished(3, true);
    Outlook outlook =
        new Outlook(Optional.of(Instant.EPOCH), 2, Optional.of(Instant.EPOCH.plusSeconds(60)));
    tool.database.reports.put(
        3L, new MigrationStatus.Report(Samples.progress("outside the window", outlook), 700));
    assertThat(run("status")).isZero();
    assertThat(tool.out())
        .contains(
            "52.3 %, 104,600 of 200,000 rows, 38,200 rows/s, ETA 2 s",
            "lag 1.1 MB 300 ms", "throttled: outside the window")
        .doesNotContain("ago", "of about 10 copied");
    assertThat(run("status", "--output", "json")).isZero();
    assertThat(tool.out())
        .contains(
            "\"progress\":{\"state\":\"copying\",\"rows_done\":104600",
            "\"window_opens_at\":\"1970-01-01T00:00:00Z\",\"windows_left\":2,"
                + "\"done_at\":\"1970-01-01T00:01:00Z\"",
            "\"age_ms\":700");
  }

  @Test
  void statusTellsWhenAReportIsOldAndNothingByOneOfAnotherState() {
    unfinished(3, false);
    tool.database.reports.put(3L, new MigrationStatus.Report(Samples.progress(""), 180_000));
    assertThat(run("status")).isZero();
    assertThat(tool.out()).contains("as of 3 min 0 s ago:", "52.3 %");
    tool.database.reports.put(3L, new MigrationStatus.Report(Samples.progress(""), 700));
    assertThat(run("status")).isZero();
    assertThat(tool.out()).contains("as of 700 ms ago:");
    tool.database.reports.put(
        3L, new MigrationStatus.Report(Samples.progressWithoutTotal(), 180_000));
    assertThat(run("status")).isZero();
    assertThat(tool.out()).contains("5 rows of about 10 copied").doesNotContain("ago");
  }

  @Test
  void whereThereIsNothingToTellTheySayWhere() {
    assertThat(run("status")).isZero();
    assertThat(tool.out()).contains("No migration is unfinished.", "zdm-osc status --all");
    assertThat(run("status", "--table=users")).isZero();
    assertThat(tool.out()).contains("No migration of users is unfinished.");
    assertThat(run("history")).isZero();
    assertThat(tool.out()).contains("No migration is recorded in this database.");
    assertThat(run("history", "--id=77")).isEqualTo(2);
    assertThat(tool.err()).contains("migration 77: is not recorded", "zdm-osc status --all");
    assertThat(run("status", "--id=77")).isEqualTo(2);
    assertThat(run("pause")).isEqualTo(2);
    assertThat(tool.err()).contains("this database: has no unfinished migration");
  }

  private Orders orders() {
    return tool.database.orders.get(3L);
  }

  private void unfinished(long id, boolean alive) {
    tool.database.unfinished.add(new Unfinished(id, "t", MigrationState.COPYING, alive, List.of()));
  }

  private int run(String command, String... more) {
    String[] all = new String[more.length + 2];
    all[0] = command;
    all[1] = "--url=jdbc:fake:x";
    System.arraycopy(more, 0, all, 2, more.length);
    return tool.run(all);
  }
}
