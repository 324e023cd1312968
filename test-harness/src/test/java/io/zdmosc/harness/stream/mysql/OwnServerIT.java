package io.zdmosc.harness.stream.mysql;

import static io.zdmosc.harness.stream.mysql.LogContract.upToNow;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.zdmosc.engine.spi.ChangeStream;
import io.zdmosc.engine.spi.ConnectionSettings;
import io.zdmosc.harness.server.mysql.EmbeddedMySqlServer;
import io.zdmosc.harness.server.mysql.MySqlRelease;
import io.zdmosc.harness.server.mysql.MySqlServer;
import io.zdmosc.harness.server.mysql.MySqlSpec;
import io.zdmosc.harness.stream.Recorder;
import io.zdmosc.mysql.sql.SessionFactory;
import io.zdmosc.mysql.stream.BinlogStream;
import io.zdmosc.mysql.stream.BinlogTransaction;
import io.zdmosc.mysql.stream.LogFilters;
import io.zdmosc.mysql.stream.StreamSettings;
import io.zdmosc.mysql.stream.event.EventType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What needs a server with settings, or a fate, of its own. */
class OwnServerIT {
  @ParameterizedTest
  @MethodSource("io.zdmosc.harness.server.mysql.SharedMySqlServers#newest")
  void theStreamGoesOnWhenTheServerComesBack(MySqlRelease release) throws Exception {
    MySqlSpec spec =
        MySqlSpec.of(release)
            .withoutGtids()
            .with("binlog_checksum", "NONE")
            .with("sync_binlog", "1")
            .with("binlog_ignore_db", "hidden");
    try (MySqlServer server = MySqlServer.start(spec);
        LogTable table = LogTable.simple(server)) {
      assertThat(LogFilters.problems(table.session(), "shown")).isEmpty();
      assertThat(LogFilters.problems(table.session(), "hidden"))
          .singleElement()
          .satisfies(problem -> assertThat(problem.toString()).contains("database hidden"));
      Recorder recorder = new Recorder();
      try (ChangeStream stream = new BinlogStream(table.settings())) {
        stream.start(recorder);
        table.execute("INSERT INTO t VALUES (1, '')");
        assertThat(upToNow(stream, recorder)).containsExactly("change 1");
        if (!table.mariaDb()) {
          assertThat(((BinlogTransaction) recorder.changes().get(0).transaction()).gtid())
              .isEmpty();
        }
      }
      Recorder again = new Recorder();
      try (ChangeStream stream = new BinlogStream(table.settings())) {
        stream.start(again);
        again.awaitChanges(1);
        server.execute("INSERT INTO " + table.schema() + ".t VALUES (2, '')");
        again.awaitChanges(2);
        server.restart();
        server.execute("INSERT INTO " + table.schema() + ".t VALUES (3, '')");
        again.awaitChanges(3);
        server.killImmediately();
        breakOffAnEvent(server);
        server.startAgain();
        server.execute("INSERT INTO " + table.schema() + ".t VALUES (4, '')");
        again.awaitChanges(4);
        assertThat(again.keys()).containsExactly("1", "2", "3", "4");
        assertThat(again.progress()).isSorted();
      }
      table.reconnect();
    }
  }

  /** As a full disk does. MySQL mends its log when it comes up, MariaDB leaves it as it is. */
  private static void breakOffAnEvent(MySqlServer server) throws IOException {
    if (!(server instanceof EmbeddedMySqlServer embedded)) {
      return;
    }
    Path last;
    try (Stream<Path> files = Files.list(embedded.dataFolder())) {
      last =
          files
              .filter(file -> file.getFileName().toString().matches("binlog\\.\\d+"))
              .max(Comparator.naturalOrder())
              .orElseThrow();
    }
    int wholeLength = 500;
    ByteBuffer event = ByteBuffer.allocate(25).order(ByteOrder.LITTLE_ENDIAN);
    event.putInt((int) (System.currentTimeMillis() / 1_000)).put((byte) EventType.QUERY).putInt(1);
    event.putInt(wholeLength).putInt((int) Files.size(last) + wholeLength);
    Files.write(last, event.array(), StandardOpenOption.APPEND);
  }

  @ParameterizedTest
  @MethodSource("io.zdmosc.harness.server.mysql.SharedMySqlServers#newest")
  void aLogThatBeganAnewIsNotTakenForTheOldOne(MySqlRelease release) throws SQLException {
    try (MySqlServer server = MySqlServer.start(release);
        LogTable table = LogTable.simple(server)) {
      Recorder recorder = new Recorder();
      try (ChangeStream stream = new BinlogStream(table.settings())) {
        stream.start(recorder);
        table.execute("INSERT INTO t VALUES (1, '')");
        recorder.awaitChanges(1);
        table.execute(
            table.mariaDb() ? "RESET MASTER" : "RESET BINARY LOGS AND GTIDS",
            "INSERT INTO t VALUES (2, REPEAT('x', 60000))");
        table.killReaders();
        await().atMost(Recorder.PATIENCE).until(() -> !recorder.failures().isEmpty());
      }
    }
  }

  /** The protocol cuts what is longer than 16 MiB, less one byte, into pieces. */
  @ParameterizedTest
  @MethodSource("io.zdmosc.harness.server.mysql.SharedMySqlServers#newest")
  void rowsOfManyMegabytesAreReadAndThoseOfOthersPassedOver(MySqlRelease release)
      throws SQLException {
    MySqlSpec large = MySqlSpec.of(release).with("max_allowed_packet", "64M");
    for (MySqlSpec spec : List.of(large, large.withCompressedBinlog())) {
      try (MySqlServer server = MySqlServer.start(spec);
          LogTable table = LogTable.simple(server)) {
        table.execute(
            "ALTER TABLE t MODIFY v LONGTEXT",
            "CREATE TABLE other (id INT PRIMARY KEY, v LONGTEXT)");
        table.read("t", "id");
        Recorder recorder = new Recorder();
        try (ChangeStream stream = new BinlogStream(table.settings())) {
          stream.start(recorder);
          for (int bytes : List.of(17_000_000, 34_000_000, (1 << 24) - 60, 10)) {
            table.execute(
                "INSERT INTO other VALUES (" + bytes + ", REPEAT('o', " + bytes + "))",
                "INSERT INTO t VALUES (" + bytes + ", REPEAT('t', " + bytes + "))");
          }
          assertThat(upToNow(stream, recorder))
              .containsExactly(
                  "change 17000000", "change 34000000", "change 16777156", "change 10");
        }
      }
    }
  }

  /** To decrypt what the copy writes costs more than the copy. */
  @Test
  void theLogIsNotEncryptedOnItsWayWithinTheMachineUnlessSomebodyWantsIt() throws Exception {
    try (MySqlServer server = MySqlServer.start(MySqlRelease.MYSQL)) {
      assumeTrue(server.kind().equals("embedded"), "a container is another machine");
      try (LogTable table = LogTable.simple(server)) {
        assertThat(connectionOfTheReader(table, Map.of())).isEqualTo("TCP/IP");
        assertThat(connectionOfTheReader(table, Map.of("sslMode", "REQUIRED")))
            .isEqualTo("SSL/TLS");
        server.execute("SET GLOBAL require_secure_transport = ON");
        assertThat(connectionOfTheReader(table, Map.of())).isEqualTo("SSL/TLS");
      }
    }
  }

  private static String connectionOfTheReader(LogTable table, Map<String, String> properties)
      throws SQLException {
    StreamSettings settings = table.settings();
    ConnectionSettings connection = settings.sessions().settings();
    SessionFactory sessions =
        new SessionFactory(
            new ConnectionSettings(
                connection.url(), connection.user(), connection.password(), properties));
    Recorder recorder = new Recorder();
    try (ChangeStream stream =
        new BinlogStream(
            new StreamSettings(
                sessions,
                settings.start(),
                settings.migrationId(),
                settings.schema(),
                settings.table(),
                settings.keyColumns()))) {
      stream.start(recorder);
      upToNow(stream, recorder);
      return table
          .session()
          .text(
              "SELECT CONNECTION_TYPE FROM performance_schema.threads"
                  + " WHERE PROCESSLIST_COMMAND LIKE 'Binlog Dump%'"
                  + " ORDER BY PROCESSLIST_ID DESC LIMIT 1")
          .orElseThrow();
    }
  }
}
