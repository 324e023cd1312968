package io.zdmosc.harness.stream.mysql;

import static io.zdmosc.harness.stream.mysql.LogContract.upToNow;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.zdmosc.engine.spi.ChangeStream;
import io.zdmosc.harness.server.mysql.MySqlRelease;
import io.zdmosc.harness.stream.Recorder;
import io.zdmosc.mysql.sql.Session;
import io.zdmosc.mysql.stream.BinlogTransaction;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Commits come in their order, and only commits. */
interface TransactionContract extends LogContract {
  @ParameterizedTest
  @MethodSource("io.zdmosc.harness.server.mysql.SharedMySqlServers#releases")
  default void commitsComeInTheirOrderWithTheirTransaction(MySqlRelease release)
      throws SQLException {
    try (LogTable table = LogTable.simple(release);
        Session other = table.sessions().open("other")) {
      Recorder recorder = new Recorder();
      try (ChangeStream stream = start(table, recorder)) {
        table.execute("START TRANSACTION", "INSERT INTO t VALUES (1, '')");
        other.execute("START TRANSACTION");
        other.execute("INSERT INTO t VALUES (2, '')");
        other.execute("COMMIT");
        Instant before =
            Instant.ofEpochSecond(
                Long.parseLong(table.session().text("SELECT UNIX_TIMESTAMP()").orElseThrow()));
        table.execute("UPDATE t SET v = 'x' WHERE id = 1", "COMMIT");
        table.execute("START TRANSACTION", "INSERT INTO t VALUES (4, '')", "ROLLBACK");
        String executedBefore =
            table.mariaDb()
                ? ""
                : table.session().text("SELECT @@GLOBAL.gtid_executed").orElseThrow();
        table.execute("DELETE FROM t WHERE id = 1");
        recorder.awaitChanges(4);

        assertThat(recorder.keys()).containsExactly("2", "1", "1", "1");
        List<BinlogTransaction> transactions =
            recorder.changes().stream().map(c -> (BinlogTransaction) c.transaction()).toList();
        assertThat(transactions.get(1)).isEqualTo(transactions.get(2));
        assertThat(transactions).extracting(BinlogTransaction::position).isSorted();
        assertThat(transactions.get(2).committedAt())
            .isBetween(before.minusSeconds(1), before.plusSeconds(30));
        String executed =
            table.mariaDb()
                ? table.session().text("SELECT @@gtid_binlog_pos").orElseThrow()
                : table
                    .session()
                    .text("SELECT GTID_SUBTRACT(@@GLOBAL.gtid_executed, ?)", executedBefore)
                    .orElseThrow();
        assertThat(executed).isEqualTo(transactions.get(3).gtid());
      }
    }
  }

  /** Whether the undone part is reported does no harm; what follows it must be. */
  @ParameterizedTest
  @MethodSource("io.zdmosc.harness.server.mysql.SharedMySqlServers#releases")
  default void savepointsThatAreRolledBackTakeNothingElseWithThem(MySqlRelease release)
      throws SQLException {
    try (LogTable table = LogTable.simple(release)) {
      Recorder recorder = new Recorder();
      try (ChangeStream stream = start(table, recorder)) {
        table.execute(
            "START TRANSACTION",
            "INSERT INTO t VALUES (1, '')",
            "SAVEPOINT s",
            "INSERT INTO t VALUES (2, '')",
            "ROLLBACK TO s",
            "INSERT INTO t VALUES (3, '')",
            "RELEASE SAVEPOINT s",
            "COMMIT");
        assertThat(upToNow(stream, recorder)).contains("change 1", "change 3");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.zdmosc.harness.server.mysql.SharedMySqlServers#releases")
  default void keysOfXaTransactionsComeWhenTheyCommit(MySqlRelease release) throws SQLException {
    try (LogTable table = LogTable.simple(release);
        Session one = table.sessions().open("one")) {
      Recorder recorder = new Recorder();
      try (ChangeStream stream = start(table, recorder)) {
        xa(one, "'a','b',7", 1);
        one.execute("XA PREPARE 'a','b',7");
        one.close();
        try (Session two = table.sessions().open("two")) {
          xa(two, "X'00ff'", 2);
          two.execute("XA PREPARE X'00ff'");
        }
        try (Session three = table.sessions().open("three")) {
          xa(three, "'c'", 3);
          three.execute("XA COMMIT 'c' ONE PHASE");
        }
        try (Session four = table.sessions().open("four")) {
          four.execute("XA START 'nothing'");
          four.execute("XA END 'nothing'");
          four.execute("XA PREPARE 'nothing'");
          four.execute("XA COMMIT 'nothing'");
          xa(four, "'d'", 4);
          four.execute("XA PREPARE 'd'");
          four.execute("XA COMMIT 'd'");
        }
        assertThat(upToNow(stream, recorder)).containsExactly("change 3", "change 4");
        assertThat(recorder.progress()).allMatch(p -> recorder.changes().size() < 2 || p != null);

        table.execute("XA COMMIT 'a','b',7", "XA ROLLBACK X'00ff'", "INSERT INTO t VALUES (5, '')");
        assertThat(upToNow(stream, recorder))
            .containsExactly("change 3", "change 4", "change 1", "change 5");
      }
    }
  }

  private static void xa(Session session, String xid, int key) throws SQLException {
    session.execute("XA START " + xid);
    session.execute("INSERT INTO t VALUES (" + key + ", '')");
    session.execute("XA END " + xid);
  }

  @ParameterizedTest
  @MethodSource("io.zdmosc.harness.server.mysql.SharedMySqlServers#releases")
  default void progressDoesNotPassWhatIsPrepared(MySqlRelease release) throws SQLException {
    try (LogTable table = LogTable.simple(release)) {
      Recorder recorder = new Recorder();
      try (ChangeStream stream = start(table, recorder)) {
        upToNow(stream, recorder);
        var before = recorder.progress().get(recorder.progress().size() - 1);
        try (Session one = table.sessions().open("one")) {
          xa(one, "'p'", 1);
          one.execute("XA PREPARE 'p'");
        }
        table.execute("INSERT INTO t VALUES (9, '')");
        upToNow(stream, recorder);
        assertThat(recorder.progress())
            .allMatch(position -> position.compareTo(before) <= 0 || recorder.keys().isEmpty())
            .last()
            .matches(
                position ->
                    position.compareTo(recorder.changes().get(0).transaction().position()) < 0);
        table.execute("XA COMMIT 'p'");
        upToNow(stream, recorder);
        assertThat(recorder.progress())
            .last()
            .matches(
                position ->
                    position.compareTo(recorder.changes().get(0).transaction().position()) > 0);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.zdmosc.harness.server.mysql.SharedMySqlServers#releases")
  default void theStartWaitsForXaTransactionsThatArePrepared(MySqlRelease release)
      throws Exception {
    try (LogTable table = LogTable.simple(release)) {
      try (Session one = table.sessions().open("one")) {
        xa(one, "'early'", 1);
        one.execute("XA PREPARE 'early'");
      }
      CompletableFuture<Void> noted =
          CompletableFuture.runAsync(
              () -> {
                try {
                  table.read("t", "id");
                } catch (SQLException e) {
                  throw new IllegalStateException(e);
                }
              });
      await().during(Duration.ofMillis(600)).until(() -> !noted.isDone());
      try (Session two = table.sessions().open("two")) {
        two.execute("XA COMMIT 'early'");
      }
      noted.get();
      Recorder recorder = new Recorder();
      try (ChangeStream stream = start(table, recorder)) {
        table.execute("INSERT INTO t VALUES (2, '')");
        assertThat(upToNow(stream, recorder)).containsExactly("change 2");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.zdmosc.harness.server.mysql.SharedMySqlServers#releases")
  default void aFenceComesAfterEveryEarlierCommitAndBeforeLaterOnes(MySqlRelease release)
      throws SQLException {
    try (LogTable table = LogTable.simple(release);
        LogTable stranger = LogTable.simple(release);
        Session open = table.sessions().open("open")) {
      Recorder recorder = new Recorder();
      try (ChangeStream stream = start(table, recorder);
          ChangeStream other = open(stranger.settings())) {
        open.execute("START TRANSACTION");
        open.execute("INSERT INTO t VALUES (100, '')");
        table.execute("INSERT INTO t VALUES (1, '')");
        stream.writeFence("a");
        other.writeFence("not ours");
        table.execute("INSERT INTO t VALUES (2, '')");
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

  @ParameterizedTest
  @MethodSource("io.zdmosc.harness.server.mysql.SharedMySqlServers#newest")
  default void fencesOfSeveralThreadsAllComeOut(MySqlRelease release) throws SQLException {
    try (LogTable table = LogTable.simple(release)) {
      Recorder recorder = new Recorder();
      try (ChangeStream stream = start(table, recorder)) {
        List<CompletableFuture<Void>> writers =
            IntStream.range(0, 4)
                .mapToObj(
                    writer ->
                        CompletableFuture.runAsync(
                            () ->
                                IntStream.range(0, 50)
                                    .forEach(i -> stream.writeFence("w" + writer + "-" + i))))
                .toList();
        writers.forEach(CompletableFuture::join);
        stream.writeFence("last");
        recorder.awaitFence("last");
        assertThat(recorder.events()).hasSize(201).doesNotHaveDuplicates();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.zdmosc.harness.server.mysql.SharedMySqlServers#releases")
  default void compressedTransactionsAreReadLikeOthers(MySqlRelease release) throws SQLException {
    try (LogTable table = LogTable.simple(release)) {
      table.execute("CREATE TABLE other (v LONGTEXT)");
      Recorder recorder = new Recorder();
      try (ChangeStream stream = start(table, recorder)) {
        compress(table, true);
        table.execute(
            "START TRANSACTION",
            "INSERT INTO other VALUES (REPEAT('x', 100000))",
            "INSERT INTO t VALUES (1, REPEAT('y', 1000)), (2, REPEAT('z', 60000))",
            "COMMIT",
            "UPDATE t SET v = REPEAT('w', 500), id = id + 10 ORDER BY id DESC",
            "DELETE FROM t WHERE v = REPEAT('w', 500) AND id = 12");
        compress(table, false);
        assertThat(upToNow(stream, recorder))
            .containsExactlyInAnyOrder(
                "change 1",
                "change 2",
                "change 11",
                "change 1",
                "change 12",
                "change 2",
                "change 12");
      } finally {
        compress(table, false);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.zdmosc.harness.stream.mysql.KeyContract#mysql")
  default void transactionsWithTaggedGtidsAreReadLikeOthers(MySqlRelease release)
      throws SQLException {
    try (LogTable table = LogTable.simple(release)) {
      assumeTrue(table.session().server().isMySqlSince(80_300));
      Recorder recorder = new Recorder();
      try (ChangeStream stream = start(table, recorder)) {
        String tag = "tag" + Long.toString(System.nanoTime(), 36);
        table.execute("SET SESSION gtid_next = 'AUTOMATIC:" + tag + "'");
        for (int i = 1; i <= 300; i++) {
          table.execute("INSERT INTO t VALUES (" + i + ", '')"); // numbers of different lengths
        }
        table.execute("SET SESSION gtid_next = 'AUTOMATIC'");
        upToNow(stream, recorder);
        String server = table.session().text("SELECT @@server_uuid").orElseThrow();
        assertThat(recorder.changes())
            .extracting(change -> ((BinlogTransaction) change.transaction()).gtid())
            .startsWith(server + ":" + tag + ":1", server + ":" + tag + ":2")
            .endsWith(server + ":" + tag + ":300")
            .hasSize(300);
        assertThat(recorder.changes().get(299).transaction().committedAt())
            .isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(60));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.zdmosc.harness.server.mysql.SharedMySqlServers#newest")
  default void eventsOfAnyLengthAreReadOrPassedOver(MySqlRelease release) throws SQLException {
    try (LogTable table = LogTable.empty(release)) {
      String large = "REPEAT('x', LEAST(20000000, @@max_allowed_packet - 1000))";
      table.execute(
          "CREATE TABLE t (v LONGTEXT, id INT PRIMARY KEY)", "CREATE TABLE other (v LONGTEXT)");
      table.read("t", "id");
      Recorder recorder = new Recorder();
      try (ChangeStream stream = start(table, recorder)) {
        table.execute(
            "INSERT INTO other VALUES (" + large + ")",
            "INSERT INTO t VALUES (" + large + ", 1)",
            "INSERT INTO t VALUES ('', 2)");
        if (!table.mariaDb()) {
          table.execute(
              "SET SESSION binlog_transaction_compression = ON",
              "INSERT INTO other VALUES (" + large + ")",
              "INSERT INTO t VALUES (" + large + ", 3)");
        }
        table.execute("INSERT INTO t VALUES ('', 4)");
        assertThat(upToNow(stream, recorder))
            .startsWith("change 1", "change 2")
            .endsWith("change 4");
      }
    }
  }

  private static void compress(LogTable table, boolean on) throws SQLException {
    table.execute(
        table.mariaDb()
            ? "SET GLOBAL log_bin_compress = " + on
            : "SET SESSION binlog_transaction_compression = " + on);
  }

  @ParameterizedTest
  @MethodSource("io.zdmosc.harness.server.mysql.SharedMySqlServers#releases")
  default void filesOfTheLogFollowEachOther(MySqlRelease release) throws SQLException {
    try (LogTable table = LogTable.simple(release)) {
      Recorder recorder = new Recorder();
      try (ChangeStream stream = start(table, recorder)) {
        for (int i = 0; i < 5; i++) {
          table.execute("INSERT INTO t VALUES (" + i + ", '')", "FLUSH BINARY LOGS");
        }
        assertThat(upToNow(stream, recorder))
            .containsExactly("change 0", "change 1", "change 2", "change 3", "change 4");
        assertThat(recorder.progress()).isSorted();
      }
    }
  }
}
