package io.zdmosc.harness.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.engine.spi.ChangeStream;
import io.zdmosc.harness.server.SharedServers;
import io.zdmosc.postgres.sql.Session;
import io.zdmosc.postgres.stream.PgTransaction;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What comes out of a stream, and in which order. */
interface OrderContract extends StreamUnderTest {
  @ParameterizedTest
  @MethodSource("io.zdmosc.harness.server.SharedServers#majors")
  default void commitsComeInTheirOrderWithTheirTransaction(int major) throws SQLException {
    try (StreamedTable table = StreamedTable.simple(major);
        Session other = table.sessions().open("other")) {
      Recorder recorder = new Recorder();
      try (ChangeStream stream = start(table, recorder)) {
        table.execute("BEGIN", "INSERT INTO t VALUES (1)");
        String late = table.session().text("SELECT pg_current_xact_id()::xid").orElseThrow();
        other.execute("BEGIN");
        other.execute("INSERT INTO t VALUES (2)");
        String early = other.text("SELECT pg_current_xact_id()::xid").orElseThrow();
        table.execute("SAVEPOINT s", "INSERT INTO t VALUES (3)", "ROLLBACK TO s");
        other.execute("COMMIT");
        Instant before = serverTime(table);
        table.execute("UPDATE t SET v = 'x' WHERE id = 1", "COMMIT");
        table.execute("BEGIN", "INSERT INTO t VALUES (4)", "ROLLBACK");
        table.execute("DELETE FROM t WHERE id = 1");

        recorder.awaitChanges(4);
        assertThat(recorder.keys()).containsExactly("2", "1", "1", "1");
        assertThat(recorder.changes().stream().map(OrderContract::xid))
            .startsWith(early, late, late);
        assertThat(recorder.changes().stream().map(change -> change.transaction().position()))
            .isSorted();
        assertThat(recorder.changes().get(1).transaction().committedAt())
            .isBetween(before.minusMillis(1), before.plusSeconds(30));
      }
    }
  }

  private static String xid(Recorder.Change change) {
    return Long.toString(((PgTransaction) change.transaction()).xid());
  }

  private static Instant serverTime(StreamedTable table) throws SQLException {
    String millis =
        table
            .session()
            .text("SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint")
            .orElseThrow();
    return Instant.ofEpochMilli(Long.parseLong(millis));
  }

  @Test
  default void aFenceComesAfterEveryEarlierCommitAndBeforeLaterOnes() throws SQLException {
    try (StreamedTable table = StreamedTable.simple(SharedServers.newestMajor());
        Session open = table.sessions().open("open")) {
      Recorder recorder = new Recorder();
      try (ChangeStream stream = start(table, recorder)) {
        open.execute("BEGIN");
        open.execute("INSERT INTO t VALUES (100)");
        table.execute("INSERT INTO t VALUES (1)");
        stream.writeFence("a");
        table.execute("INSERT INTO t VALUES (2)");
        stream.writeFence("ü, b");
        open.execute("COMMIT");
        stream.writeFence("c");
        recorder.awaitFence("c");

        assertThat(recorder.events())
            .containsExactly(
                "change 1", "fence a", "change 2", "fence ü, b", "change 100", "fence c");
      }
    }
  }

  @Test
  default void messagesOfOthersAreNoFences() throws SQLException {
    try (StreamedTable table = StreamedTable.simple(SharedServers.newestMajor())) {
      Recorder recorder = new Recorder();
      try (ChangeStream stream = start(table, recorder)) {
        table.session().text("SELECT pg_logical_emit_message(true, 'zdm_osc_other', 'x')");
        table.session().text("SELECT pg_logical_emit_message(true, 'my zdm_osc', 'x')");
        table.session().text("SELECT pg_logical_emit_message(false, 'somebody', 'x')");
        stream.writeFence("ours");
        recorder.awaitFence("ours");
        assertThat(recorder.events()).containsExactly("fence ours");
      }
    }
  }

  @Test
  default void fencesOfSeveralThreadsAllComeOut() throws SQLException {
    try (StreamedTable table = StreamedTable.simple(SharedServers.newestMajor())) {
      Recorder recorder = new Recorder();
      try (ChangeStream stream = start(table, recorder)) {
        List<CompletableFuture<Void>> writers = new ArrayList<>();
        for (int writer = 0; writer < 4; writer++) {
          String name = "w" + writer + "-";
          writers.add(
              CompletableFuture.runAsync(
                  () -> IntStream.range(0, 50).forEach(i -> stream.writeFence(name + i))));
        }
        writers.forEach(CompletableFuture::join);
        stream.writeFence("last");
        recorder.awaitFence("last");
        assertThat(recorder.events()).hasSize(201).doesNotHaveDuplicates();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.zdmosc.harness.server.SharedServers#majors")
  default void truncatesAreReported(int major) throws SQLException {
    try (StreamedTable table = StreamedTable.simple(major)) {
      Recorder recorder = new Recorder();
      try (ChangeStream stream = start(table, recorder)) {
        table.execute(
            "INSERT INTO t VALUES (1)", "TRUNCATE t", "TRUNCATE t RESTART IDENTITY CASCADE");
        stream.writeFence("end");
        recorder.awaitFence("end");
        assertThat(recorder.events())
            .containsExactly("change 1", "truncate", "truncate", "fence end");
      }
    }
  }
}
