package io.zdmosc.harness.stream.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.OperatingSystemMXBean;
import io.zdmosc.engine.spi.ChangeListener;
import io.zdmosc.engine.spi.ChangeStream;
import io.zdmosc.engine.spi.Key;
import io.zdmosc.engine.spi.Position;
import io.zdmosc.engine.spi.SourceTransaction;
import io.zdmosc.harness.server.mysql.MySqlRelease;
import io.zdmosc.mysql.stream.BinlogStream;
import io.zdmosc.mysql.stream.LogStart;
import java.lang.management.ManagementFactory;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Measures what rows of the source cost the reader, and rows of other tables, which are what a copy
 * puts into the log. Everything lies in the log before the stream begins; the clock runs from the
 * start of the stream to the fence behind the last row. The processor time is that of the JVM
 * alone. The first round is that of a cold JVM.
 */
@EnabledIfSystemProperty(named = "zdm.long", matches = "true")
class LogSpeedIT {
  private static final int ROWS = 400_000;
  private static final int ROUNDS = 3;

  @ParameterizedTest
  @MethodSource("io.zdmosc.harness.server.mysql.SharedMySqlServers#newest")
  void rowsOfTheSourceAndOfOthers(MySqlRelease release) throws Exception {
    try (LogTable table = LogTable.empty(release)) {
      table.execute(
          "CREATE TABLE t (id BIGINT PRIMARY KEY, a INT, b VARCHAR(50), c DATETIME(6), d DECIMAL(10,2),"
              + " v VARCHAR(100))",
          "INSERT INTO t WITH RECURSIVE n AS (SELECT 1 id UNION ALL SELECT id + 1 FROM n WHERE id < 1000)"
              + " SELECT id, id, 'some text that is not short', NOW(6), id / 100, REPEAT('x', 60) FROM n");
      for (int rows = 1_000; rows < ROWS; rows *= 2) {
        table.execute(
            "INSERT INTO t SELECT id + "
                + rows
                + ", a, b, c, d, v FROM t WHERE id + "
                + rows
                + " <= "
                + ROWS);
      }
      for (int round = 1; round <= ROUNDS; round++) {
        measure(table, "own rows, updated", round, "UPDATE t SET a = a + 1");
        table.execute("CREATE TABLE shadow LIKE t");
        measure(table, "other rows, inserted", round, "INSERT INTO shadow SELECT * FROM t");
        table.execute("DROP TABLE shadow");
      }
    }
  }

  private static void measure(LogTable table, String what, int round, String sql) throws Exception {
    table.read("t", "id");
    table.execute(sql);
    long bytes =
        LogStart.position(table.session()).offset() - table.settings().start().position().offset();
    Counter counter = new Counter();
    try (ChangeStream stream = new BinlogStream(table.settings())) {
      stream.writeFence("end");
      long begin = System.nanoTime();
      long beginCpu = cpuNanos();
      stream.start(counter);
      assertThat(counter.end.await(5, TimeUnit.MINUTES)).isTrue();
      double seconds = (System.nanoTime() - begin) / 1e9;
      System.out.printf(
          "%s, %s, round %d: %d keys of %d rows in %.2f s, %.0f rows a second, %.0f MB a second,"
              + " %.2f s of processor time per million rows%n",
          table.mariaDb() ? "MariaDB" : "MySQL",
          what,
          round,
          counter.changes,
          ROWS,
          seconds,
          ROWS / seconds,
          bytes / seconds / 1e6,
          (cpuNanos() - beginCpu) / 1e3 / ROWS);
    }
  }

  private static long cpuNanos() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static final class Counter implements ChangeListener {
    private final CountDownLatch end = new CountDownLatch(1);
    private long changes;

    @Override
    public boolean ready() {
      return true;
    }

    @Override
    public void onChange(Key key, SourceTransaction transaction) {
      changes++;
    }

    @Override
    public void onProgress(Position position) {}

    @Override
    public void onFence(String token) {
      end.countDown();
    }

    @Override
    public void onTruncate() {}

    @Override
    public void onFailure(RuntimeException failure) {
      throw failure;
    }
  }
}
