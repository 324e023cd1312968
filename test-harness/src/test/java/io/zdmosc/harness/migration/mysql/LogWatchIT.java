package io.zdmosc.harness.migration.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zdmosc.engine.ChangeRequest;
import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.spi.ChangeStream;
import io.zdmosc.engine.spi.ControlStore;
import io.zdmosc.engine.spi.Database;
import io.zdmosc.engine.spi.PlannedChange;
import io.zdmosc.engine.spi.PreparedChange;
import io.zdmosc.engine.spi.SourceWatch;
import io.zdmosc.harness.server.mysql.MySqlDatabase;
import io.zdmosc.harness.server.mysql.MySqlRelease;
import io.zdmosc.harness.server.mysql.MySqlReplica;
import io.zdmosc.harness.server.mysql.MySqlServer;
import io.zdmosc.harness.server.mysql.MySqlSpec;
import io.zdmosc.harness.server.mysql.SharedMySqlServers;
import io.zdmosc.harness.stream.Recorder;
import io.zdmosc.mysql.stream.BinlogPosition;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is told of the server's log: how much the stream still needs, and whether it stays. */
class LogWatchIT {
  private static final String RELEASES = "io.zdmosc.harness.server.mysql.SharedMySqlServers#newest";
  private static final int MEGABYTE = 1_000_000;

  @ParameterizedTest(name = "{0}")
  @MethodSource(RELEASES)
  void whatIsNotAppliedYetIsStillNeededAlsoOverSeveralFiles(MySqlRelease release) throws Exception {
    try (MySqlServer server = MySqlServer.start(release);
        MySqlDatabase database = server.createDatabase("d");
        Database opened = MySqlRuns.open(database)) {
      database.execute("CREATE TABLE t (id INT PRIMARY KEY, v LONGTEXT)");
      PlannedChange planned = opened.plan(new ChangeRequest("t", "ADD COLUMN w INT"));
      try (ControlStore.Lease lease = opened.control().register(planned.plan(), "", true);
          PreparedChange change = planned.prepare(lease, true, note -> {});
          SourceWatch watch = change.openWatch();
          ChangeStream stream = change.openStream()) {
        assertThat(watch.writtenLogBytes()).isZero();
        assertThat(watch.retainedLogBytes()).isLessThan(10_000);
        assertThat(watch.retainedLogLimitBytes()).isEqualTo(Long.MAX_VALUE);
        assertThat(watch.slowestReplica()).isEmpty();

        for (int id = 1; id <= 3; id++) {
          database.execute("INSERT INTO t VALUES (" + id + ", REPEAT('x', " + MEGABYTE + "))");
          database.execute("FLUSH BINARY LOGS");
        }

        assertThat(watch.retainedLogBytes()).isBetween(3L * MEGABYTE, 3L * MEGABYTE + 20_000);
        assertThat(watch.writtenLogBytes()).isBetween(3L * MEGABYTE, 3L * MEGABYTE + 20_000);
        stream.acknowledge(position(database));
        assertThat(watch.retainedLogBytes()).isZero();
        database.execute("INSERT INTO t VALUES (4, REPEAT('x', " + MEGABYTE + "))");
        assertThat(watch.retainedLogBytes()).isBetween(1L * MEGABYTE, 1L * MEGABYTE + 20_000);
        stream.close();
        assertThat(change.discard()).isEmpty();
        lease.transition(MigrationState.ABORTED, "test");
      }
    }
  }

  /** A process that comes later reads what was written long before it began. */
  @ParameterizedTest(name = "{0}")
  @MethodSource(RELEASES)
  void whatIsStillNeededIsAsOldAsTheLogSays(MySqlRelease release) throws Exception {
    try (MySqlDatabase database = SharedMySqlServers.freshDatabase(release);
        Database opened = MySqlRuns.open(database)) {
      database.execute("CREATE TABLE t (id INT PRIMARY KEY)");
      PlannedChange planned = opened.plan(new ChangeRequest("t", "ADD COLUMN w INT"));
      try (ControlStore.Lease lease = opened.control().register(planned.plan(), "", true);
          PreparedChange change = planned.prepare(lease, true, note -> {});
          SourceWatch watch = change.openWatch();
          ChangeStream stream = change.openStream()) {
        database.execute("INSERT INTO t VALUES (1)");
        Thread.sleep(2_100);
        assertThat(watch.neededLogAge()).isEmpty();
        stream.start(new Recorder());
        await()
            .atMost(Recorder.PATIENCE)
            .until(() -> watch.neededLogAge().filter(age -> age.toSeconds() >= 2).isPresent());
        await()
            .atMost(Recorder.PATIENCE)
            .until(
                () -> {
                  stream.acknowledge(position(database));
                  return watch.neededLogAge().isEmpty();
                });
        stream.close();
        assertThat(change.discard()).isEmpty();
        lease.transition(MigrationState.ABORTED, "test");
      }
    }
  }

  private static BinlogPosition position(MySqlDatabase database) throws Exception {
    try (var connection = database.connect();
        var statement = connection.createStatement();
        var row = statement.executeQuery("SHOW BINARY LOGS")) {
      BinlogPosition last = null;
      while (row.next()) {
        last = BinlogPosition.of(row.getString(1), row.getLong(2));
      }
      return last;
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource(RELEASES)
  void aLogThatIsSoonRemovedIsAWarning(MySqlRelease release) throws Exception {
    MySqlSpec spec = MySqlSpec.of(release).with("binlog_expire_logs_seconds", "30");
    try (MySqlServer server = MySqlServer.start(spec);
        MySqlDatabase database = server.createDatabase("d");
        Database opened = MySqlRuns.open(database)) {
      database.execute("CREATE TABLE t (id INT PRIMARY KEY, v LONGTEXT)");
      assertThat(warnings(opened)).anyMatch(text -> text.contains("after 30 s"));
      database.execute("SET GLOBAL binlog_expire_logs_seconds = 0");
      assertThat(warnings(opened)).isEmpty();
      try (MySqlReplica replica = MySqlReplica.of(server)) {
        replica.awaitCaughtUp();
        assertThat(warnings(opened)).anyMatch(text -> text.contains("has replicas"));
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource(RELEASES)
  void aLogThatIsKeptForLongIsNone(MySqlRelease release) throws Exception {
    try (MySqlDatabase database = SharedMySqlServers.freshDatabase(release);
        Database opened = MySqlRuns.open(database)) {
      database.execute("CREATE TABLE t (id INT PRIMARY KEY, v LONGTEXT)");
      assertThat(warnings(opened)).noneMatch(text -> text.contains("removes binary logs"));
    }
  }

  private static List<String> warnings(Database opened) {
    return opened.plan(new ChangeRequest("t", "ADD COLUMN w INT")).plan().warnings();
  }
}
