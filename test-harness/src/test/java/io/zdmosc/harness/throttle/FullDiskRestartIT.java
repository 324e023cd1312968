package io.zdmosc.harness.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.cli.server.Product;
import io.zdmosc.engine.ChangeRequest;
import io.zdmosc.engine.Migration;
import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.RunOptions;
import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.engine.guard.Guards;
import io.zdmosc.engine.progress.MigrationListener;
import io.zdmosc.engine.progress.Progress;
import io.zdmosc.engine.progress.Summary;
import io.zdmosc.engine.spi.Database;
import io.zdmosc.harness.migration.mysql.MySqlTraces;
import io.zdmosc.harness.server.mysql.MySqlDatabase;
import io.zdmosc.harness.server.mysql.MySqlServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A disk that is full to the last byte while rows are copied. The server fails a statement, ends
 * itself, or goes on waiting; whatever it does, room and a restart are enough to go on.
 */
@EnabledIfSystemProperty(named = "zdm.long", matches = "true")
class FullDiskRestartIT {
  private static final int DISK_MEGABYTES = 800;
  private static final int PADDING = 2_000;
  private static final long LEFT = 16L << 20;
  private static final Duration HANGS = Duration.ofSeconds(40);

  private final List<String> notes = new CopyOnWriteArrayList<>();
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong acknowledged = new AtomicLong();
  private volatile boolean writing = true;

  @ParameterizedTest
  @EnumSource(Product.class)
  void goesOnWithRoomAndARestart(Product product) throws Exception {
    try (SmallDisk disk = SmallDisk.ofMegabytes(DISK_MEGABYTES);
        MySqlServer server = disk.serverOf(product)) {
      MySqlDatabase database = server.createDatabase("app");
      ThrottledRun.createTable(database);
      database.execute(
          "ALTER TABLE throttled ADD COLUMN padding varchar(" + PADDING + ")",
          "UPDATE throttled SET padding = repeat('x', " + PADDING + ")");
      disk.leave(LEFT);
      CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> write(database));
      CompletableFuture<Summary> run = CompletableFuture.supplyAsync(() -> run(database));
      System.out.println(product + " on a full disk: the run " + trouble(run) + ": " + notes);

      writing = false;
      server.killImmediately();
      disk.makeRoom();
      server.startAgain();
      Optional<MigrationFailedException> failure = failure(run);
      writer.orTimeout(60, TimeUnit.SECONDS).join();
      if (failure.isPresent()) { // else it was back so soon that the run went on by itself
        assertThat(failure.get().isPassing()).isTrue();
        assertThat(failure.get().next()).contains("zdm-osc resume");
        resume(database);
      }
      assertThat(database.queryText("SELECT count(*) FROM throttled WHERE x IS NULL"))
          .isEqualTo("" + ThrottledRun.ROWS);
      assertThat(Long.parseLong(database.queryText("SELECT sum(n) FROM throttled")))
          .isBetween(acknowledged.get(), sent.get());
      MySqlTraces.assertNoneButTheRetiredTable(database);
    }
  }

  /** Gives up soon, so that another process has to go on. */
  private Summary run(MySqlDatabase database) {
    RunOptions options =
        RunOptions.defaults()
            .withHeldKeys(0)
            .withThreads(4)
            .withRetryTime(Duration.ofMillis(1))
            .withGuards(new Guards(Optional.empty(), Optional.of(0L)));
    MigrationListener listener =
        new MigrationListener() {
          @Override
          public void onProgress(Progress present) {
            // of no interest
          }

          @Override
          public void onNote(String note) {
            notes.add(note);
          }
        };
    try (Database opened = ThrottledRun.open(database)) {
      return new Migration(
              opened, new ChangeRequest("throttled", "ADD COLUMN x int"), options, listener)
          .run();
    }
  }

  /** The run has given up, or the server lets everybody wait. */
  private static String trouble(CompletableFuture<Summary> run) {
    try {
      Awaitility.await().atMost(HANGS).until(run::isDone);
      return "has given up";
    } catch (ConditionTimeoutException e) {
      return "waits with its server";
    }
  }

  private static void resume(MySqlDatabase database) {
    try (Database opened = ThrottledRun.open(database)) {
      long id = opened.control().unfinished().get(0).id();
      assertThat(Migration.unfinished(opened, id, false, MigrationListener.none()).run().state())
          .isEqualTo(MigrationState.SWAPPED);
    }
  }

  private static Optional<MigrationFailedException> failure(CompletableFuture<Summary> run) {
    Throwable thrown =
        run.<Throwable>handle((summary, failure) -> failure == null ? null : failure.getCause())
            .orTimeout(120, TimeUnit.SECONDS)
            .join();
    assertThat(thrown)
        .satisfiesAnyOf(
            none -> assertThat(none).isNull(),
            failed -> assertThat(failed).isInstanceOf(MigrationFailedException.class));
    return Optional.ofNullable((MigrationFailedException) thrown);
  }

  /** Until the first error: whether that statement was committed, nobody has been told. */
  private void write(MySqlDatabase database) {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      while (writing) {
        long number = sent.getAndIncrement();
        statement.executeUpdate("UPDATE throttled SET n = n + 1 WHERE id = " + number % 500);
        acknowledged.incrementAndGet();
        Thread.sleep(3);
      }
    } catch (SQLException e) {
      notes.add("the application: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
