package io.zdmosc.harness.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.OperatingSystemMXBean;
import io.zdmosc.engine.spi.ChangeListener;
import io.zdmosc.engine.spi.ChangeStream;
import io.zdmosc.engine.spi.Key;
import io.zdmosc.engine.spi.Position;
import io.zdmosc.engine.spi.SourceTransaction;
import io.zdmosc.harness.server.SharedServers;
import io.zdmosc.postgres.stream.PgOutputStream;
import io.zdmosc.postgres.stream.StreamSettings;
import io.zdmosc.postgres.stream.debezium.DebeziumChangeStream;
import java.lang.management.ManagementFactory;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Measures how fast changes come out of each stream and what this costs, and prints it.
 *
 * <p>A million updates of single rows by key, in transactions of 100,000, lie in the log before the
 * stream begins. The clock runs from the first change to the fence behind the last. The processor
 * time is that of the whole JVM with all its threads; the server's is not in it. The second round
 * is that of a warm JVM.
 */
@EnabledIfSystemProperty(named = "zdm.long", matches = "true")
class StreamSpeedIT {
  private static final int ROWS = 1_000_000;
  private static final int TRANSACTIONS = 10;
  private static final int ROUNDS = 3;
  private static final int FENCES = 200;

  @Test
  void debezium() throws Exception {
    measure("debezium", DebeziumChangeStream::new);
  }

  @Test
  void pgoutput() throws Exception {
    measure("pgoutput", PgOutputStream::new);
  }

  private static void measure(String name, Function<StreamSettings, ChangeStream> opener)
      throws Exception {
    try (StreamedTable table = StreamedTable.inNewDatabase(SharedServers.newestMajor())) {
      table.execute(
          "CREATE TABLE t (id bigint PRIMARY KEY, v text)",
          "INSERT INTO t SELECT generate_series(1, " + ROWS + ")");
      table.publish("public", "t", "id");
      for (int round = 1; round <= ROUNDS; round++) {
        updateAllRows(table);
        Counter counter = new Counter();
        try (ChangeStream stream = opener.apply(table.settings())) {
          counter.fence = "end " + round;
          stream.writeFence(counter.fence);
          stream.start(counter);
          assertThat(counter.end.await(20, TimeUnit.MINUTES)).isTrue();
          counter.print(name, round);
          awaitConfirmed(table, stream, counter);
        }
      }
      latency(name, opener, table);
    }
  }

  /** Single-row statements would take an hour; a loop on the server writes the same log. */
  private static void updateAllRows(StreamedTable table) throws SQLException {
    int each = ROWS / TRANSACTIONS;
    for (int i = 0; i < TRANSACTIONS; i++) {
      table.execute(
          "UPDATE t SET v = 'x' WHERE id BETWEEN %d AND %d"
              .formatted(i * each + 1, (i + 1) * each));
    }
  }

  private static void awaitConfirmed(StreamedTable table, ChangeStream stream, Counter counter)
      throws Exception {
    Position last = counter.lastProgress;
    stream.acknowledge(last);
    while (table.confirmed().compareTo(last) < 0) {
      Thread.sleep(100);
    }
  }

  private static void latency(
      String name, Function<StreamSettings, ChangeStream> opener, StreamedTable table)
      throws Exception {
    Counter counter = new Counter();
    try (ChangeStream stream = opener.apply(table.settings())) {
      stream.start(counter);
      long[] micros = new long[FENCES];
      for (int i = -20; i < FENCES; i++) {
        counter.end = new CountDownLatch(1);
        counter.fence = "fence " + i;
        long begin = System.nanoTime();
        stream.writeFence(counter.fence);
        assertThat(counter.end.await(1, TimeUnit.MINUTES)).isTrue();
        if (i >= 0) {
          micros[i] = (System.nanoTime() - begin) / 1_000;
        }
        Thread.sleep(5); // so that the next one does not meet a stream that is still busy
      }
      Arrays.sort(micros);
      System.out.printf(
          "%s: a fence takes %.1f ms (median), %.1f ms (99 %%)%n",
          name, micros[FENCES / 2] / 1e3, micros[FENCES * 99 / 100] / 1e3);
      idle(name);
    }
  }

  private static void idle(String name) throws InterruptedException {
    long begin = cpuNanos();
    Thread.sleep(10_000);
    System.out.printf("%s: idle, %.1f %% of a core%n", name, (cpuNanos() - begin) / 1e8);
  }

  private static long cpuNanos() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static final class Counter implements ChangeListener {
    private volatile CountDownLatch end = new CountDownLatch(1);
    private volatile String fence;
    private volatile Position lastProgress;
    private long changes;
    private long beginNanos;
    private long beginCpu;
    private long endNanos;
    private long endCpu;

    @Override
    public boolean ready() {
      return true;
    }

    @Override
    public void onChange(Key key, SourceTransaction transaction) {
      if (changes++ == 0) {
        beginNanos = System.nanoTime();
        beginCpu = cpuNanos();
      }
    }

    @Override
    public void onProgress(Position position) {
      lastProgress = position;
    }

    @Override
    public void onFence(String token) {
      if (token.equals(fence)) {
        endNanos = System.nanoTime();
        endCpu = cpuNanos();
        end.countDown();
      }
    }

    @Override
    public void onTruncate() {}

    @Override
    public void onFailure(RuntimeException failure) {
      throw failure;
    }

    void print(String name, int round) {
      double seconds = (endNanos - beginNanos) / 1e9;
      System.out.printf(
          "%s, round %d: %d changes in %.2f s, %.0f a second, %.2f s of processor time per"
              + " million%n",
          name,
          round,
          changes,
          seconds,
          changes / seconds,
          (endCpu - beginCpu) / 1e9 * 1e6 / changes);
    }
  }
}
