package io.zdmosc.harness.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.engine.progress.Summary;
import io.zdmosc.engine.spi.Chunk;
import io.zdmosc.engine.spi.Flusher;
import io.zdmosc.engine.spi.PreparedChange;
import io.zdmosc.engine.spi.Settlement;
import io.zdmosc.harness.server.TestDatabase;
import io.zdmosc.harness.server.mysql.MySqlRelease;
import io.zdmosc.harness.server.mysql.SharedMySqlServers;
import java.sql.SQLException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The copy meets a row that was copied before and has given its new primary key away since. */
class MySqlCopyConflictsIT {
  private static final int COPIED = 5;
  private static final int TO_COPY = 95;

  @ParameterizedTest(name = "{0}")
  @MethodSource("io.zdmosc.harness.server.mysql.SharedMySqlServers#newest")
  void theCopyWaitsForTheFlush(MySqlRelease release) throws Exception {
    try (TestDatabase database = SharedMySqlServers.freshDatabase(release)) {
      database.execute(
          "CREATE TABLE t (id INT PRIMARY KEY, u INT NOT NULL UNIQUE)",
          IntStream.rangeClosed(1, 100)
              .mapToObj(i -> "(" + i + ", " + i + ")")
              .collect(Collectors.joining(", ", "INSERT INTO t VALUES ", "")));
      try (Run run =
          Run.start(
              database,
              "t",
              "DROP PRIMARY KEY, ADD PRIMARY KEY (u), ADD UNIQUE KEY (id)",
              change -> new Exchanged(change, database))) {
        Summary summary = run.await();

        assertThat(summary.divergentRows()).isZero();
        assertThat(database.queryText("SELECT COUNT(*) FROM t")).isEqualTo("100");
        assertThat(database.queryText("SELECT u FROM t WHERE id = " + COPIED)).isEqualTo("95");
        assertThat(database.queryText("SELECT u FROM t WHERE id = " + TO_COPY)).isEqualTo("5");
      }
    }
  }

  /** Two rows exchange their values; nothing is flushed until the copy has met that. */
  private static final class Exchanged extends ForcedChange {
    private final TestDatabase database;
    private volatile boolean flushing;

    Exchanged(PreparedChange change, TestDatabase database) {
      super(change);
      this.database = database;
    }

    @Override
    void afterChunk(Chunk chunk) {
      if (chunk.number() != 1) {
        return;
      }
      try {
        database.execute(
            "UPDATE t SET u = -1 WHERE id = " + COPIED,
            "UPDATE t SET u = " + COPIED + " WHERE id = " + TO_COPY,
            "UPDATE t SET u = " + TO_COPY + " WHERE id = " + COPIED);
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    void beforeChunk(Chunk chunk) {
      if (chunk.number() == 10) {
        Background.run(
            () -> {
              Thread.sleep(500);
              flushing = true;
            });
      }
    }

    @Override
    Flusher flusher(Flusher real) {
      return new FlusherDelegate(real) {
        @Override
        public Settlement settlement() {
          Settlement settlement = super.settlement();
          return transaction -> flushing && settlement.contains(transaction);
        }
      };
    }
  }
}
