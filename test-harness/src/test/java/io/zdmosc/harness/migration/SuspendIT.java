package io.zdmosc.harness.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.engine.ChangeRequest;
import io.zdmosc.engine.Migration;
import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.error.SuspendedException;
import io.zdmosc.engine.progress.MigrationListener;
import io.zdmosc.engine.progress.Summary;
import io.zdmosc.engine.spi.ControlStore.Unfinished;
import io.zdmosc.engine.spi.Database;
import io.zdmosc.harness.server.TestDatabase;
import io.zdmosc.harness.workload.Site;
import io.zdmosc.harness.workload.Workload;
import io.zdmosc.harness.workload.check.ModelChecker;
import io.zdmosc.harness.workload.table.TableCase;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tells a migration's process to end, again and again, while writers write: it ends within seconds,
 * nothing is removed, the next one goes on, and in the end not a row is wrong.
 *
 * <p>{@code -Dzdm.seed=n} for the story of one seed.
 */
class SuspendIT {
  private static final int STOPS = Boolean.getBoolean("zdm.long") ? 40 : 3;
  private static final Duration WITHIN = Duration.ofSeconds(20);
  private static final long SEED = Long.getLong("zdm.seed", 11);

  static List<Site> sites() {
    return Site.all();
  }

  @ParameterizedTest
  @MethodSource("sites")
  void whatIsLeftIsGoneOnWith(Site site) throws Exception {
    TableCase tableCase = site.plain();
    List<String> story = new ArrayList<>();
    try (TestDatabase database = site.database();
        Workload workload =
            Workload.start(
                database::connect,
                tableCase,
                SEED,
                Runs.workload().withWriters(3).withInitialRows(2_000).withStatementsPerSecond(6))) {
      workload.awaitOperations(20, Runs.PATIENCE);
      Story told = new Story(database, tableCase, new Random(SEED), story);
      for (int stop = 0; stop < STOPS && told.summary.isEmpty(); stop++) {
        told.play(true);
      }
      if (told.summary.isEmpty()) {
        told.play(false);
      }
      AttackedMigration.awaitEndOrMore(workload, 20);
      workload.stop().assertNoErrors();
      assertThat(told.summary.orElseThrow().state()).isEqualTo(MigrationState.SWAPPED);
      try (Connection connection = database.connect()) {
        ModelChecker.check(
                connection, tableCase.change().targetTable(), tableCase, workload.model())
            .assertClean();
      }
      System.out.println("seed " + SEED + " on " + site + ": " + story);
    } catch (Exception | AssertionError e) {
      System.out.println("seed " + SEED + " on " + site + ":\n" + String.join("\n", story));
      throw e;
    }
  }

  /** One migration with its stops. */
  private static final class Story {
    private final TestDatabase database;
    private final TableCase tableCase;
    private final Random random;
    private final List<String> lines;
    private Optional<Long> id = Optional.empty();
    private Optional<Summary> summary = Optional.empty();

    private Story(TestDatabase database, TableCase tableCase, Random random, List<String> lines) {
      this.database = database;
      this.tableCase = tableCase;
      this.random = random;
      this.lines = lines;
    }

    /** Begins it or goes on with it, and stops it some time after one of its states. */
    private void play(boolean stop) throws Exception {
      List<MigrationState> states = new CopyOnWriteArrayList<>();
      try (Database opened = AnyDatabase.open(database)) {
        Migration migration = migration(opened, states);
        CompletableFuture<Summary> end = CompletableFuture.supplyAsync(migration::run);
        if (stop) {
          int after = 1 + random.nextInt(8);
          int millis = random.nextInt(3) == 0 ? 0 : random.nextInt(200);
          Awaitility.await()
              .atMost(Runs.PATIENCE)
              .pollInterval(1, TimeUnit.MILLISECONDS)
              .until(() -> states.size() >= after || end.isDone());
          Thread.sleep(millis);
          lines.add("stopped " + millis + " ms after " + states);
          migration.suspend();
        }
        long begin = System.nanoTime();
        end(end, opened);
        Duration took = Duration.ofNanos(System.nanoTime() - begin);
        lines.add("after " + took.toMillis() + " ms");
        if (stop && summary.isEmpty()) {
          assertThat(took).isLessThan(WITHIN);
        }
      }
    }

    private Migration migration(Database opened, List<MigrationState> states) {
      MigrationListener listener =
          new MigrationListener() {
            @Override
            public void onState(MigrationState state, String detail) {
              states.add(state);
            }
          };
      return id.isPresent()
          ? Migration.unfinished(opened, id.get(), false, listener)
          : new Migration(
              opened,
              new ChangeRequest(tableCase.sourceName(), tableCase.change().alter()),
              Runs.options(),
              listener);
    }

    private void end(CompletableFuture<Summary> end, Database opened) throws Exception {
      try {
        summary = Optional.of(end.orTimeout(240, TimeUnit.SECONDS).join());
        lines.add("done");
      } catch (CompletionException e) {
        assertThat(e.getCause()).isInstanceOf(SuspendedException.class);
        List<Unfinished> unfinished =
            opened.control().unfinished().stream()
                .filter(each -> each.table().contains(tableCase.table().name()))
                .toList();
        assertThat(unfinished).hasSize(1);
        assertThat(unfinished.get(0).alive()).isFalse();
        id.ifPresent(known -> assertThat(unfinished.get(0).id()).isEqualTo(known));
        id = Optional.of(unfinished.get(0).id());
        lines.add("left " + unfinished.get(0));
      }
    }
  }
}
