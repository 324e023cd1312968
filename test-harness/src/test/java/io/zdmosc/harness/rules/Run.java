package io.zdmosc.harness.rules;

import io.zdmosc.engine.AfterAttempts;
import io.zdmosc.engine.ChangeRequest;
import io.zdmosc.engine.Migration;
import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.RunOptions;
import io.zdmosc.engine.progress.MigrationListener;
import io.zdmosc.engine.progress.Summary;
import io.zdmosc.engine.spi.ConnectionSettings;
import io.zdmosc.engine.spi.Connector;
import io.zdmosc.engine.spi.PreparedChange;
import io.zdmosc.harness.server.TestDatabase;
import io.zdmosc.mysql.MySqlConnector;
import io.zdmosc.postgres.PostgresConnector;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** One migration on a thread of its own, with what it said. Closing stops it. */
final class Run implements AutoCloseable {

  /**
   * One worker, a generous budget, no throttle by a lag that the test makes itself, no other try
   * after a failure: what is tested is forced, not raced.
   */
  static final RunOptions OPTIONS =
      RunOptions.defaults()
          .withHeldKeys(0)
          .withRetryTime(Duration.ZERO)
          .withThreads(1)
          .withMaxLag(Duration.ofMinutes(10))
          .withCutOverBudget(Duration.ofSeconds(2))
          .withAfterAttempts(AfterAttempts.DISCARD);

  private final Migration migration;
  private final CompletableFuture<Summary> end = new CompletableFuture<>();
  private final List<MigrationState> states = new CopyOnWriteArrayList<>();
  private final List<String> notes = new CopyOnWriteArrayList<>();

  private Run(
      TestDatabase database,
      ChangeRequest request,
      RunOptions options,
      UnaryOperator<PreparedChange> wrapper) {
    MigrationListener listener =
        new MigrationListener() {
          @Override
          public void onState(MigrationState state, String detail) {
            states.add(state);
          }

          @Override
          public void onNote(String note) {
            notes.add(note);
          }
        };
    ConnectionSettings settings =
        new ConnectionSettings(database.jdbcUrl(), database.user(), database.password(), Map.of());
    migration =
        new Migration(
            new InterceptedDatabase(connector(settings.url()).connect(settings), wrapper),
            request,
            options,
            listener);
  }

  private static Connector connector(String url) {
    return Stream.of(new PostgresConnector(), new MySqlConnector())
        .filter(each -> each.accepts(url))
        .findFirst()
        .orElseThrow();
  }

  static Run start(
      TestDatabase database,
      String table,
      String alter,
      RunOptions options,
      UnaryOperator<PreparedChange> wrapper) {
    return start(database, new ChangeRequest(table, alter), options, wrapper);
  }

  static Run start(
      TestDatabase database,
      ChangeRequest request,
      RunOptions options,
      UnaryOperator<PreparedChange> wrapper) {
    Run run = new Run(database, request, options, wrapper);
    Thread thread =
        new Thread(
            () -> {
              try {
                run.end.complete(run.migration.run());
              } catch (Throwable e) {
                run.end.completeExceptionally(e);
              }
            },
            "migration under test");
    thread.setDaemon(true);
    thread.start();
    return run;
  }

  static Run start(
      TestDatabase database, String table, String alter, UnaryOperator<PreparedChange> wrapper) {
    return start(database, table, alter, OPTIONS, wrapper);
  }

  /** Waits for the end; throws what the migration threw. */
  Summary await() {
    try {
      return end.orTimeout(120, TimeUnit.SECONDS).join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof TimeoutException) {
        throw new AssertionError("no end; states " + states + ", notes " + notes);
      }
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }

  boolean isRunning() {
    return !end.isDone();
  }

  List<String> notes() {
    return notes;
  }

  /** Waits until the migration is in this state; fails when it ends before. */
  void awaitState(MigrationState state) {
    Until.holds(
        "state " + state + " is reached",
        () -> {
          if (!states.contains(state) && end.isDone()) {
            throw new AssertionError(
                "the migration ended before " + state, end.handle((s, e) -> e).join());
          }
          return states.contains(state);
        });
  }

  /** Waits for a note that contains these words. */
  String awaitNote(String words) {
    Until.holds(
        "a note says: " + words + "; so far " + notes,
        () -> notes.stream().anyMatch(note -> note.contains(words)));
    return notes.stream().filter(note -> note.contains(words)).findFirst().orElseThrow();
  }

  @Override
  public void close() {
    migration.abort();
    end.handle((summary, failure) -> null).orTimeout(60, TimeUnit.SECONDS).join();
  }
}
