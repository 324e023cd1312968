package io.zdmosc.harness.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zdmosc.engine.spi.ChangeStream;
import io.zdmosc.harness.server.SharedServers;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Streams take no more than the listener and the memory can hold. */
interface PressureContract extends StreamUnderTest {
  int MANY_ROWS = 200_000;
  long ALLOWED_BYTES = 150L << 20;

  @Test
  default void whileTheListenerIsNotReadyTheConnectionIsKeptAlive() throws SQLException {
    try (StreamedTable table = StreamedTable.simple(SharedServers.newestMajor())) {
      table.execute(
          "ALTER DATABASE \"" + table.database().name() + "\" SET wal_sender_timeout = '4s'");
      Recorder recorder = new Recorder();
      try (ChangeStream stream = start(table, recorder)) {
        table.execute("INSERT INTO t VALUES (0)");
        recorder.awaitChanges(1);
        String reader = table.reader();
        recorder.setReady(false);
        await().pollDelay(Duration.ofMillis(200)).until(() -> true); // for the call in progress
        recorder.wasToldAnything();
        table.execute("INSERT INTO t SELECT generate_series(1, 100000)");
        Duration farBeyondTheTimeout = Duration.ofSeconds(10);
        await()
            .during(farBeyondTheTimeout)
            .atMost(farBeyondTheTimeout.plusSeconds(5))
            .until(() -> table.slotIsActive());
        assertThat(recorder.changes()).hasSize(1);
        assertThat(recorder.failures()).isEmpty();

        recorder.setReady(true);
        recorder.awaitChanges(100_001);
        assertThat(table.reader()).isEqualTo(reader);
      }
    }
  }

  @Test
  default void aLargeTransactionNeedsNoMoreMemoryThanASmallOne() throws SQLException {
    try (StreamedTable table = StreamedTable.simple(SharedServers.newestMajor())) {
      table.execute("INSERT INTO t SELECT generate_series(1, " + MANY_ROWS + ")");
      Recorder recorder = new Recorder();
      try (ChangeStream stream = start(table, recorder)) {
        stream.writeFence("begin");
        recorder.awaitFence("begin");
        recorder.setReady(false);
        long before = usedMemory();
        table.execute("UPDATE t SET v = repeat('x', 500)");
        await().during(SETTLING).atMost(SETTLING.plusSeconds(5)).until(() -> true);
        assertThat(usedMemory() - before).isLessThan(ALLOWED_BYTES);

        recorder.setReady(true);
        recorder.awaitChanges(2 * MANY_ROWS);
        assertThat(recorder.changes().subList(MANY_ROWS, 2 * MANY_ROWS))
            .extracting(Recorder.Change::transaction)
            .containsOnly(recorder.changes().get(MANY_ROWS).transaction());
      }
    }
  }

  private static long usedMemory() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }
}
