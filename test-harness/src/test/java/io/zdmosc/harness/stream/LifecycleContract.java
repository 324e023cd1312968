package io.zdmosc.harness.stream;

import static io.zdmosc.harness.stream.Recorder.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.engine.spi.ChangeStream;
import io.zdmosc.harness.server.SharedServers;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/** Streams begin, end and fail in order. */
interface LifecycleContract extends StreamUnderTest {
  @Test
  default void closingLeavesTheSlotFreeAndTellsNothingAfterwards() throws SQLException {
    try (StreamedTable table = StreamedTable.simple(SharedServers.newestMajor())) {
      for (int round = 0; round < 3; round++) {
        Recorder recorder = new Recorder();
        ChangeStream stream = start(table, recorder);
        table.execute(
            "INSERT INTO t SELECT (SELECT count(*) FROM t) + g FROM generate_series(1, 20000) g");
        recorder.awaitChanges(1);
        stream.close();
        recorder.wasToldAnything();
        await().atMost(PATIENCE).until(() -> !table.slotIsActive());
        table.execute("INSERT INTO t SELECT max(id) + 1 FROM t");
        assertThat(recorder.wasToldAnything()).isFalse();
        assertThat(recorder.failures()).isEmpty();
      }
    }
  }

  @Test
  default void closingIsPossibleAtAnyMoment() throws Exception {
    try (StreamedTable table = StreamedTable.simple(SharedServers.newestMajor())) {
      open(table.settings()).close();
      for (int millis : new int[] {0, 50, 200, 500, 900, 1300, 1800}) {
        Recorder recorder = new Recorder();
        recorder.setReady(millis % 100 == 0);
        ChangeStream stream = start(table, recorder);
        Thread.sleep(millis); // the moment is what is tried here
        stream.close();
        assertThat(recorder.failures()).isEmpty();
        await().atMost(PATIENCE).until(() -> !table.slotIsActive());
      }
    }
  }

  @Test
  default void aMissingSlotIsAFailureAndNoneIsMade() throws SQLException {
    try (StreamedTable table = StreamedTable.simple(SharedServers.newestMajor())) {
      table.session().text("SELECT pg_drop_replication_slot(?)", table.settings().slot());
      Recorder recorder = new Recorder();
      try (ChangeStream stream = start(table, recorder)) {
        await().atMost(PATIENCE).until(() -> !recorder.failures().isEmpty());
        assertThat(recorder.failures().get(0))
            .isInstanceOf(MigrationFailedException.class)
            .hasMessageContaining(table.settings().slot());
      }
      assertThat(table.database().replicationSlots()).isEmpty();
    }
  }

  @Test
  default void aLostConnectionIsOneFailureAndTheEnd() throws SQLException {
    try (StreamedTable table = StreamedTable.simple(SharedServers.newestMajor())) {
      Recorder recorder = new Recorder();
      try (ChangeStream stream = start(table, recorder)) {
        table.execute("INSERT INTO t VALUES (1)");
        recorder.awaitChanges(1);
        table.session().text("SELECT pg_terminate_backend(?::int)", table.reader());
        await().atMost(PATIENCE).until(() -> !recorder.failures().isEmpty());
        table.execute("INSERT INTO t VALUES (2)");
        await()
            .during(SETTLING)
            .atMost(SETTLING.plusSeconds(5))
            .until(() -> !table.slotIsActive() && recorder.failures().size() == 1);
        assertThat(recorder.failures().get(0)).isInstanceOf(MigrationFailedException.class);
        assertThat(recorder.keys()).containsExactly("1");
      }
    }
  }
}
