package io.zdmosc.harness.stream.mysql;

import static io.zdmosc.harness.stream.mysql.LogContract.upToNow;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.engine.spi.ChangeStream;
import io.zdmosc.engine.spi.ConnectionSettings;
import io.zdmosc.harness.server.mysql.MySqlRelease;
import io.zdmosc.harness.stream.Recorder;
import io.zdmosc.mysql.sql.SessionFactory;
import io.zdmosc.mysql.stream.LogStart;
import io.zdmosc.mysql.stream.ServerIdentity;
import io.zdmosc.mysql.stream.StreamSettings;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Streams begin, end, break off and go on in order. */
interface LifecycleContract extends LogContract {
  int MANY = 50_000;

  @ParameterizedTest
  @MethodSource("io.zdmosc.harness.server.mysql.SharedMySqlServers#releases")
  default void aLostConnectionLosesAndSkipsNothing(MySqlRelease release) throws Exception {
    try (LogTable table = LogTable.simple(release)) {
      fill(table, "source");
      Recorder recorder = new Recorder();
      try (ChangeStream stream = start(table, recorder)) {
        table.execute("INSERT INTO t VALUES (-1, '')");
        recorder.awaitChanges(1);
        table.execute("INSERT INTO t SELECT id, '' FROM source");
        for (int i = 0; i < 6; i++) {
          Thread.sleep(30); // to meet different moments of the same transaction
          table.killReaders();
          table.execute("INSERT INTO t VALUES (" + (-2 - i) + ", '')");
        }
        upToNow(stream, recorder);
        assertThat(recorder.failures()).isEmpty();
        assertThat(recorder.keys().stream().map(Long::parseLong).collect(Collectors.toSet()))
            .containsExactlyInAnyOrderElementsOf(
                IntStream.rangeClosed(-7, MANY)
                    .filter(i -> i != 0)
                    .mapToObj(Long::valueOf)
                    .toList());
      }
    }
  }

  private static void fill(LogTable table, String name) throws SQLException {
    table.execute(
        "CREATE TABLE " + name + " (id INT PRIMARY KEY)",
        "INSERT INTO "
            + name
            + " WITH RECURSIVE n AS (SELECT 1 id UNION ALL SELECT id + 1 FROM n"
            + " WHERE id < 1000) SELECT id FROM n");
    for (int rows = 1_000; rows < MANY; rows *= 2) {
      table.execute(
          "INSERT INTO "
              + name
              + " SELECT id + "
              + rows
              + " FROM "
              + name
              + " WHERE id + "
              + rows
              + " <= "
              + MANY);
    }
  }

  @ParameterizedTest
  @MethodSource("io.zdmosc.harness.server.mysql.SharedMySqlServers#releases")
  default void aPurgedLogIsAClearFailure(MySqlRelease release) throws SQLException {
    try (LogTable table = LogTable.simple(release)) {
      table.execute("FLUSH BINARY LOGS", "FLUSH BINARY LOGS");
      String file = LogStart.position(table.session()).file();
      await()
          .atMost(Recorder.PATIENCE)
          .until(
              () -> {
                table.execute("PURGE BINARY LOGS TO '" + file + "'"); // not while one is read
                return table.session().text("SHOW BINARY LOGS").orElseThrow().equals(file);
              });
      assertThat(failureOf(table.settings()))
          .isInstanceOf(MigrationFailedException.class)
          .hasMessageContaining("does not send its binary log")
          .hasMessageContaining("1236");
    }
  }

  @ParameterizedTest
  @MethodSource("io.zdmosc.harness.server.mysql.SharedMySqlServers#newest")
  default void anotherServerBehindTheAddressIsAFailure(MySqlRelease release) throws SQLException {
    try (LogTable table = LogTable.simple(release)) {
      StreamSettings settings = table.settings();
      LogStart start = settings.start();
      LogStart other =
          new LogStart(
              start.position(),
              start.readsFrom(),
              new ServerIdentity("another"),
              start.xaAwaited(),
              start.begun());
      assertThat(
              failureOf(
                  new StreamSettings(
                      settings.sessions(), other, 1, settings.schema(), "t", List.of("id"))))
          .hasMessageContaining("another server");
    }
  }

  @ParameterizedTest
  @MethodSource("io.zdmosc.harness.server.mysql.SharedMySqlServers#newest")
  default void aMissingRightIsAFailureAtOnce(MySqlRelease release) throws SQLException {
    try (LogTable table = LogTable.simple(release)) {
      String user = "u" + table.schema();
      table.server().createUser(user, "pw", "ALL ON " + table.schema() + ".*", "ALL ON zdm_osc.*");
      StreamSettings settings = table.settings();
      SessionFactory sessions =
          new SessionFactory(
              new ConnectionSettings(
                  table.server().jdbcUrl(table.schema()), user, "pw", rsaKey(table)));
      assertThat(
              failureOf(
                  new StreamSettings(
                      sessions, settings.start(), 1, table.schema(), "t", List.of("id"))))
          .isInstanceOf(MigrationFailedException.class)
          .hasMessageContaining("does not send its binary log");
      table.execute("DROP USER " + user);
    }
  }

  private static Map<String, String> rsaKey(LogTable table) {
    return table.mariaDb() ? Map.of() : Map.of("allowPublicKeyRetrieval", "true");
  }

  private RuntimeException failureOf(StreamSettings settings) {
    Recorder recorder = new Recorder();
    try (ChangeStream stream = open(settings)) {
      stream.start(recorder);
      await().atMost(Duration.ofSeconds(20)).until(() -> !recorder.failures().isEmpty());
    }
    return recorder.failures().get(0);
  }

  @ParameterizedTest
  @MethodSource("io.zdmosc.harness.server.mysql.SharedMySqlServers#newest")
  default void severalStreamsAtOnceLeaveEachOtherAlone(MySqlRelease release) throws SQLException {
    try (LogTable table = LogTable.simple(release)) {
      List<Recorder> recorders = List.of(new Recorder(), new Recorder(), new Recorder());
      try (ChangeStream one = start(table, recorders.get(0));
          ChangeStream two = start(table, recorders.get(1));
          ChangeStream three = start(table, recorders.get(2))) {
        for (int i = 1; i <= 10; i++) {
          table.execute("INSERT INTO t VALUES (" + i + ", '')");
          int count = i;
          recorders.forEach(recorder -> recorder.awaitChanges(count));
        }
        assertThat(table.readers()).hasSizeGreaterThanOrEqualTo(3);
      }
      assertThat(recorders)
          .allSatisfy(recorder -> assertThat(recorder.keys()).hasSize(10).doesNotHaveDuplicates());
    }
  }

  @ParameterizedTest
  @MethodSource("io.zdmosc.harness.server.mysql.SharedMySqlServers#newest")
  default void closingIsPossibleAtAnyMomentAndNothingIsToldAfterwards(MySqlRelease release)
      throws Exception {
    try (LogTable table = LogTable.simple(release)) {
      open(table.settings()).close();
      fill(table, "source");
      table.execute("INSERT INTO t SELECT id, '' FROM source");
      for (int millis : new int[] {0, 20, 50, 100, 300}) {
        Recorder recorder = new Recorder();
        recorder.setReady(millis != 100);
        ChangeStream stream = start(table, recorder);
        Thread.sleep(millis); // the moment is what is tried here
        stream.close();
        recorder.wasToldAnything();
        assertThat(recorder.failures()).isEmpty();
        table.execute("DELETE FROM t LIMIT 1");
        assertThat(recorder.wasToldAnything()).isFalse();
      }
      await().atMost(Recorder.PATIENCE).until(() -> table.readers().isEmpty());
    }
  }

  @ParameterizedTest
  @MethodSource("io.zdmosc.harness.server.mysql.SharedMySqlServers#newest")
  default void withoutRoomNothingIsReadAndNothingLost(MySqlRelease release) throws SQLException {
    try (LogTable table = LogTable.simple(release)) {
      fill(table, "source");
      Recorder recorder = new Recorder();
      recorder.setReady(false);
      try (ChangeStream stream = start(table, recorder)) {
        table.execute("INSERT INTO t SELECT id, REPEAT('x', 1000) FROM source");
        await()
            .during(Duration.ofSeconds(2))
            .atMost(Duration.ofSeconds(3))
            .until(() -> recorder.keys().isEmpty());
        recorder.setReady(true);
        recorder.awaitChanges(MANY);
        assertThat(recorder.keys()).hasSize(MANY).doesNotHaveDuplicates();
        assertThat(recorder.changes())
            .extracting(Recorder.Change::transaction)
            .containsOnly(recorder.changes().get(0).transaction());
      }
    }
  }
}
