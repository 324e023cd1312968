package io.zdmosc.harness.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.zdmosc.engine.ChangeRequest;
import io.zdmosc.engine.Migration;
import io.zdmosc.engine.error.AbortedException;
import io.zdmosc.engine.progress.MigrationListener;
import io.zdmosc.engine.spi.Database;
import io.zdmosc.harness.server.PostgresServer;
import io.zdmosc.harness.server.SharedServers;
import io.zdmosc.harness.server.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A slot is made only when all transactions that were writing have ended. */
class SlotWaitIT {
  private static PostgresServer server;

  @BeforeAll
  static void startServer() {
    server =
        PostgresServer.start(SharedServers.newestMajor(), Map.of("max_prepared_transactions", "5"));
  }

  @AfterAll
  static void closeServer() {
    server.close();
  }

  @Test
  void whomItWaitsForIsSaidAndSaidAgain() throws Exception {
    try (TestDatabase database = table("d1");
        Connection writer = database.connect()) {
      write(writer);
      Started run = new Started(database);
      awaitNotes(run, 2);
      assertThat(run.notes)
          .allMatch(note -> note.startsWith("the change stream cannot begin before this has ended"))
          .allMatch(note -> note.contains("(batch job, pid "))
          .allMatch(note -> note.matches(".*that began \\d+ s ago"));
      writer.commit();
      assertThat(run.end.get()).isNull();
      assertThat(run.notes).hasSize(2);
    }
  }

  @Test
  void aPreparedTransactionIsNamed() throws Exception {
    try (TestDatabase database = table("d2");
        Connection writer = database.connect();
        Statement statement = writer.createStatement()) {
      write(writer);
      statement.execute("PREPARE TRANSACTION 'forgotten one'");
      Started run = new Started(database);
      awaitNotes(run, 1);
      assertThat(run.notes.get(0)).contains("the prepared transaction 'forgotten one' of ");
      writer.setAutoCommit(true);
      statement.execute("COMMIT PREPARED 'forgotten one'");
      assertThat(run.end.get()).isNull();
    }
  }

  @Test
  void itCanBeStoppedMeanwhile() throws Exception {
    try (TestDatabase database = table("d3");
        Connection writer = database.connect()) {
      write(writer);
      Started run = new Started(database);
      awaitNotes(run, 1);
      run.migration.abort();
      assertThat(run.end.get()).isInstanceOf(AbortedException.class);
      assertThat(((AbortedException) run.end.get()).state()).startsWith("Nothing is left behind");
      Traces.assertNone(database);
    }
  }

  private static void awaitNotes(Started run, int count) {
    Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> run.notes.size() >= count);
  }

  private static void write(Connection writer) throws SQLException {
    writer.setAutoCommit(false);
    try (Statement statement = writer.createStatement()) {
      statement.execute("SET application_name = 'batch job'");
      statement.execute("INSERT INTO other VALUES (1)");
    }
  }

  private static TestDatabase table(String name) throws SQLException {
    TestDatabase database = server.createDatabase(name);
    database.execute(
        "CREATE TABLE other (id int)",
        "CREATE TABLE t (id int PRIMARY KEY, n int)",
        "INSERT INTO t SELECT i, i FROM generate_series(1, 100) i");
    return database;
  }

  /** A migration on a thread of its own. */
  private static final class Started {
    private final List<String> notes = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Throwable> end = new CompletableFuture<>();
    private final Migration migration;

    Started(TestDatabase database) {
      Database opened = Runs.open(database);
      migration =
          new Migration(
              opened,
              new ChangeRequest("t", "ADD COLUMN extra int"),
              Runs.options(),
              new MigrationListener() {
                @Override
                public void onNote(String note) {
                  notes.add(note);
                }
              });
      Thread thread =
          new Thread(
              () -> {
                try (opened) {
                  end.complete(catchThrowable(migration::run));
                }
              });
      thread.setDaemon(true);
      thread.start();
    }
  }
}
