package io.zdmosc.harness.stream.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zdmosc.engine.spi.ChangeStream;
import io.zdmosc.harness.server.mysql.MySqlRelease;
import io.zdmosc.harness.server.mysql.MySqlReplica;
import io.zdmosc.harness.server.mysql.MySqlServer;
import io.zdmosc.harness.stream.Recorder;
import io.zdmosc.mysql.sql.Session;
import io.zdmosc.mysql.stream.BinlogPosition;
import io.zdmosc.mysql.stream.BinlogStream;
import io.zdmosc.mysql.stream.BinlogTransaction;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What can be told about a commit that stands in the log and waits for a replica's acknowledgement
 * (lossless semi-synchronous replication). What the flush may rest on is taken from here.
 */
class UnsettledCommitsIT {
  private static final Duration A_WHILE = Duration.ofMillis(500);

  @ParameterizedTest
  @MethodSource("io.zdmosc.harness.server.mysql.SharedMySqlServers#newest")
  void aCommitComesOutOfTheStreamBeforeItIsVisible(MySqlRelease release) throws Exception {
    try (MySqlServer server = MySqlServer.start(release);
        LogTable table = LogTable.simple(server);
        MySqlReplica replica = MySqlReplica.of(server);
        Session reader = table.sessions().open("reader")) {
      replica.makeSemiSynchronous();
      reader.execute("SET SESSION innodb_lock_wait_timeout = 1");
      Recorder recorder = new Recorder();
      try (ChangeStream stream = new BinlogStream(table.settings())) {
        stream.start(recorder);
        replica.link().hold();
        CompletableFuture<Void> commit =
            background(() -> table.execute("INSERT INTO t VALUES (1, '')"));
        recorder.awaitChanges(1);
        BinlogTransaction transaction = (BinlogTransaction) recorder.changes().get(0).transaction();

        assertThat(commit).isNotDone();
        assertThat(count(reader, "")).as("rows that a plain read sees").isZero();
        assertThat(isExecuted(reader, transaction)).as("told to be executed").isFalse();
        assertThatThrownBy(() -> count(reader, " FOR UPDATE"))
            .as("a locking read waits")
            .isInstanceOf(SQLException.class)
            .hasMessageContaining("Lock wait timeout");
        if (table.mariaDb()) {
          assertThat(reader.text("SELECT @@gtid_binlog_pos"))
              .as("too early")
              .hasValue(transaction.gtid());
        }
        CompletableFuture<Void> start = background(() -> table.read("t", "id"));
        await().during(A_WHILE).atMost(A_WHILE.plusSeconds(2)).until(() -> !start.isDone());

        replica.link().release();
        commit.get();
        start.get();
        assertThat(count(reader, "")).isOne();
        assertThat(isExecuted(reader, transaction)).isTrue();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.zdmosc.harness.server.mysql.SharedMySqlServers#newest")
  void keysOfXaTransactionsWaitUntilTheCommitIsVisible(MySqlRelease release) throws Exception {
    try (MySqlServer server = MySqlServer.start(release);
        LogTable table = LogTable.simple(server);
        MySqlReplica replica = MySqlReplica.of(server);
        Session reader = table.sessions().open("reader")) {
      replica.makeSemiSynchronous();
      Recorder recorder = new Recorder();
      // one session for all of it: to others the server knows 'x' only when it is through with the
      // end of the session that prepared it
      try (ChangeStream stream = new BinlogStream(table.settings());
          Session writer = table.sessions().open("writer")) {
        stream.start(recorder);
        writer.execute("XA START 'x'");
        writer.execute("INSERT INTO t VALUES (1, '')");
        writer.execute("XA END 'x'");
        writer.execute("XA PREPARE 'x'");
        replica.link().hold();
        CompletableFuture<Void> commit = background(() -> writer.execute("XA COMMIT 'x'"));
        await()
            .atMost(Recorder.PATIENCE)
            .failFast("the commit did not wait", commit::isDone)
            .until(() -> replica.waitingCommits() > 0);
        await()
            .during(A_WHILE)
            .atMost(A_WHILE.plusSeconds(2))
            .until(() -> recorder.keys().isEmpty() || count(reader, "") == 1);
        replica.link().release();
        commit.get();
        recorder.awaitChanges(1);
        assertThat(count(reader, "")).isOne();
      }
    }
  }

  private static long count(Session reader, String locking) throws SQLException {
    return reader
        .first("SELECT COUNT(*) FROM t WHERE id = 1" + locking, row -> row.getLong(1))
        .orElseThrow();
  }

  /** MySQL by its set of executed transactions, MariaDB by the place of a new snapshot. */
  private static boolean isExecuted(Session reader, BinlogTransaction transaction)
      throws SQLException {
    if (!reader.server().mariaDb()) {
      return reader.test("SELECT GTID_SUBSET(?, @@GLOBAL.gtid_executed)", transaction.gtid());
    }
    reader.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
    reader.execute("START TRANSACTION WITH CONSISTENT SNAPSHOT");
    BinlogPosition snapshot =
        BinlogPosition.of(
            status(reader, "binlog_snapshot_file"),
            Long.parseLong(status(reader, "binlog_snapshot_position")));
    reader.execute("COMMIT");
    return transaction.position().compareTo(snapshot) < 0;
  }

  private static String status(Session reader, String name) throws SQLException {
    return reader.first("SHOW STATUS LIKE '" + name + "'", row -> row.getString(2)).orElseThrow();
  }

  /** Work that may throw. */
  @FunctionalInterface
  private interface Work {
    void run() throws SQLException;
  }

  private static CompletableFuture<Void> background(Work work) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            work.run();
          } catch (SQLException e) {
            throw new IllegalStateException(e);
          }
        });
  }
}
