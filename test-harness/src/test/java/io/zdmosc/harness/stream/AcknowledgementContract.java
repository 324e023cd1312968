package io.zdmosc.harness.stream;

import static io.zdmosc.harness.stream.Recorder.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zdmosc.engine.spi.ChangeStream;
import io.zdmosc.engine.spi.Position;
import io.zdmosc.postgres.stream.Lsn;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the server may forget, and what comes again. */
interface AcknowledgementContract extends StreamUnderTest {
  @ParameterizedTest
  @MethodSource("io.zdmosc.harness.server.SharedServers#majors")
  default void whatWasNotAcknowledgedComesAgainAfterARestart(int major) throws SQLException {
    try (StreamedTable table = StreamedTable.simple(major)) {
      Recorder first = new Recorder();
      try (ChangeStream stream = start(table, first)) {
        table.execute("INSERT INTO t VALUES (1), (2)", "INSERT INTO t VALUES (3)");
        first.awaitChanges(3);
      }
      table.execute("INSERT INTO t VALUES (4)");
      Recorder second = new Recorder();
      try (ChangeStream stream = start(table, second)) {
        second.awaitChanges(4);
        assertThat(second.keys()).containsExactly("1", "2", "3", "4");

        stream.acknowledge(second.changes().get(2).transaction().position());
        awaitConfirmed(table, second.changes().get(2).transaction().position());
      }
      Recorder third = new Recorder();
      try (ChangeStream stream = start(table, third)) {
        third.awaitChanges(2);
        assertThat(third.keys()).containsExactly("3", "4");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.zdmosc.harness.stream.StreamUnderTest#oldestAndNewest")
  default void aTransactionIsDeliveredWholeAgainWhenItsOwnPositionWasAcknowledged(int major)
      throws SQLException {
    try (StreamedTable table = StreamedTable.simple(major)) {
      Recorder first = new Recorder();
      try (ChangeStream stream = start(table, first)) {
        table.execute("INSERT INTO t SELECT generate_series(1, 5)");
        first.awaitChanges(5);
        stream.acknowledge(first.changes().get(4).transaction().position());
        stayConfirmedAtMost(table, first.changes().get(4).transaction().position());
      }
      Recorder second = new Recorder();
      try (ChangeStream stream = start(table, second)) {
        second.awaitChanges(5);
        assertThat(second.keys()).containsExactly("1", "2", "3", "4", "5");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.zdmosc.harness.stream.StreamUnderTest#oldestAndNewest")
  default void theSlotConfirmsWhatWasAcknowledgedAndNothingElse(int major) throws SQLException {
    try (StreamedTable table = StreamedTable.simple(major)) {
      table.execute("CREATE TABLE other (v text)");
      Recorder recorder = new Recorder();
      try (ChangeStream stream = start(table, recorder)) {
        Lsn begin = table.confirmed();
        for (int i = 1; i <= 20; i++) {
          table.execute("INSERT INTO t VALUES (" + i + ")", "INSERT INTO other VALUES ('x')");
        }
        recorder.awaitChanges(20);
        stayConfirmedAtMost(table, begin);

        Position middle = recorder.changes().get(10).transaction().position();
        stream.acknowledge(middle);
        awaitConfirmed(table, middle);
        table.execute("INSERT INTO t VALUES (21)", "INSERT INTO other VALUES ('x')");
        recorder.awaitChanges(21);
        stayConfirmedAtMost(table, middle);
      }
      assertThat(table.confirmed()).isEqualTo(recorder.changes().get(10).transaction().position());
    }
  }

  @ParameterizedTest
  @MethodSource("io.zdmosc.harness.server.SharedServers#majors")
  default void progressGoesOnWhileOnlyOtherTablesAreWritten(int major) throws SQLException {
    try (StreamedTable table = StreamedTable.simple(major)) {
      table.execute("CREATE TABLE other (v text)", "INSERT INTO t VALUES (1)");
      Recorder recorder = new Recorder();
      try (ChangeStream stream = start(table, recorder)) {
        for (int round = 0; round < 3; round++) {
          table.execute("INSERT INTO other SELECT repeat('x', 100) FROM generate_series(1, 10000)");
          Lsn written = table.logEnd();
          await()
              .atMost(PATIENCE)
              .until(
                  () -> {
                    List<Position> progress = recorder.progress();
                    if (!progress.isEmpty()) {
                      stream.acknowledge(progress.get(progress.size() - 1));
                    }
                    return table.confirmed().compareTo(written) >= 0;
                  });
        }
        assertThat(recorder.keys()).containsExactly("1");
        assertThat(recorder.progress()).isSorted();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.zdmosc.harness.stream.StreamUnderTest#oldestAndNewest")
  default void progressNeverPassesACommitThatWasNotDelivered(int major) throws SQLException {
    try (StreamedTable table = StreamedTable.simple(major)) {
      Recorder recorder = new Recorder();
      try (ChangeStream stream = start(table, recorder)) {
        recorder.setReady(false);
        Lsn before = table.logEnd();
        table.execute(
            "INSERT INTO t SELECT generate_series(1, 100000)", "INSERT INTO t VALUES (0)");
        await()
            .during(SETTLING)
            .atMost(SETTLING.plusSeconds(5))
            .until(() -> recorder.keys().isEmpty());
        assertThat(recorder.progress()).allMatch(position -> position.compareTo(before) <= 0);
        recorder.setReady(true);
        recorder.awaitChanges(100_001);
      }
    }
  }

  private static void awaitConfirmed(StreamedTable table, Position position) {
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(table.confirmed()).isEqualTo(position));
  }

  private static void stayConfirmedAtMost(StreamedTable table, Position limit) {
    await()
        .during(SETTLING)
        .atMost(SETTLING.plusSeconds(5))
        .until(() -> table.confirmed().compareTo(limit) <= 0);
  }
}
