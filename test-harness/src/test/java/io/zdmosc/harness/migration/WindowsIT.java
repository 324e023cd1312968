package io.zdmosc.harness.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.progress.MigrationListener;
import io.zdmosc.engine.progress.Progress;
import io.zdmosc.engine.window.Hours;
import io.zdmosc.harness.server.SharedServers;
import io.zdmosc.harness.server.TestDatabase;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** A migration that may work and swap only at certain times. */
class WindowsIT {

  @Test
  void workAndSwapWaitForTheirWindowsWhileChangesAreFollowed() throws Exception {
    Instant work = Instant.now().truncatedTo(ChronoUnit.SECONDS).plusSeconds(15);
    Instant swap = work.plusSeconds(25);
    try (TestDatabase database = SharedServers.freshDatabase(SharedServers.newestMajor())) {
      database.execute(
          "CREATE TABLE t (id int PRIMARY KEY, v int)",
          "INSERT INTO t SELECT n, 0 FROM generate_series(1, 2000) n");
      Watch watch = new Watch(() -> database.execute("UPDATE t SET v = 1 WHERE id <= 700"));

      Runs.migrate(
          database,
          "t",
          "ALTER COLUMN v TYPE bigint",
          Runs.options().withHours(new Hours(opensAt(work), opensAt(swap), "UTC")),
          watch);

      assertThat(watch.entered.get(MigrationState.COPYING)).isBefore(work);
      assertThat(watch.entered.get(MigrationState.INDEXING)).isAfterOrEqualTo(work);
      assertThat(watch.entered.get(MigrationState.CUTTING_OVER)).isBefore(swap);
      assertThat(watch.entered.get(MigrationState.SWAPPED)).isAfterOrEqualTo(swap);
      assertThat(watch.waiting(MigrationState.COPYING))
          .isNotEmpty()
          .allMatch(moment -> moment.rowsDone() == 0)
          .allMatch(moment -> moment.outlook().orElseThrow().opensAt().equals(Optional.of(work)));
      assertThat(watch.waiting(MigrationState.CUTTING_OVER))
          .anyMatch(moment -> moment.changesApplied() >= 700);
      assertThat(database.queryText("SELECT count(*) || ' ' || sum(v) FROM t"))
          .isEqualTo("2000 700");
    }
  }

  /** A window of an hour, in a zone whose clocks show noon at this instant. */
  private static String opensAt(Instant instant) {
    int secondOfDay = LocalTime.ofInstant(instant, ZoneOffset.UTC).toSecondOfDay();
    return "12:00-13:00 " + ZoneOffset.ofTotalSeconds(12 * 3600 - secondOfDay).getId();
  }

  private interface Change {
    void run() throws SQLException;
  }

  /** Remembers when states were entered; changes rows while the swap waits. */
  private static final class Watch implements MigrationListener {
    private final Map<MigrationState, Instant> entered = new ConcurrentHashMap<>();
    private final List<Progress> waiting = new CopyOnWriteArrayList<>();
    private final Change change;

    Watch(Change change) {
      this.change = change;
    }

    @Override
    public void onState(MigrationState state, String detail) {
      entered.put(state, Instant.now());
      if (state == MigrationState.CUTTING_OVER) {
        try {
          change.run();
        } catch (SQLException e) {
          throw new IllegalStateException(e);
        }
      }
    }

    @Override
    public void onProgress(Progress progress) {
      if (progress.throttle().contains("outside the window")) {
        waiting.add(progress);
      }
    }

    List<Progress> waiting(MigrationState state) {
      return waiting.stream().filter(moment -> moment.state() == state).toList();
    }
  }
}
