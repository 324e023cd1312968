package io.zdmosc.harness.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zdmosc.engine.AfterAttempts;
import io.zdmosc.engine.ChangeRequest;
import io.zdmosc.engine.Migration;
import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.RunOptions;
import io.zdmosc.engine.error.AbortedException;
import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.engine.hook.HookSettings;
import io.zdmosc.engine.progress.Summary;
import io.zdmosc.engine.spi.ControlStore;
import io.zdmosc.engine.spi.Database;
import io.zdmosc.engine.spi.MigrationStatus;
import io.zdmosc.engine.spi.Orders;
import io.zdmosc.harness.server.TestDatabase;
import io.zdmosc.harness.workload.Site;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Orders through the control schema, as another machine would give them. */
class SteeringIT {
  private static final Duration WHILE = Duration.ofMillis(2_500);

  @TempDir private Path folder;

  static List<Site> sites() {
    return Site.all();
  }

  @ParameterizedTest
  @MethodSource("sites")
  void postponedCutOverWaitsForItsOrder(Site site) throws Exception {
    try (Steered run = new Steered(site, Runs.options().withPostponeCutOver(true))) {
      run.await(MigrationState.READY);
      run.staysIn(MigrationState.READY);
      assertThat(run.status().alive()).isTrue();
      assertThat(run.status().rowsCopied()).isPositive();
      MigrationStatus.Report report = run.report(MigrationState.READY);
      assertThat(report.progress().throttle()).isEqualTo("for the order to cut over");
      assertThat(report.ageMillis()).isBetween(0L, 60_000L);
      run.order(Orders::toCutOver);
      assertThat(run.end().state()).isEqualTo(MigrationState.SWAPPED);
      assertThat(run.status().open()).isFalse();
      assertThat(run.status().report()).isEmpty();
      assertThat(run.control.history(run.status().id()))
          .extracting(entry -> entry.state())
          .containsSubsequence(
              MigrationState.COPYING, MigrationState.READY, MigrationState.CONTRACTED);
      assertThatThrownBy(() -> run.order(Orders::toCutOver)).isInstanceOf(RefusedException.class);
    }
  }

  @ParameterizedTest
  @MethodSource("sites")
  void pausedMigrationCutsOverOnlyWhenItGoesOn(Site site) throws Exception {
    try (Steered run = new Steered(site, Runs.options().withPostponeCutOver(true))) {
      run.await(MigrationState.READY);
      run.order(orders -> orders.toCutOver().toPause(true));
      run.staysIn(MigrationState.READY);
      run.order(orders -> orders.toPause(false));
      assertThat(run.end().state()).isEqualTo(MigrationState.SWAPPED);
    }
  }

  @ParameterizedTest
  @MethodSource("sites")
  void abortStopsTheProcessAndLeavesNothing(Site site) throws Exception {
    try (Steered run = new Steered(site, Runs.options().withPostponeCutOver(true))) {
      run.await(MigrationState.READY);
      run.order(Orders::toAbort);
      assertThatThrownBy(run::end).hasCauseInstanceOf(AbortedException.class);
      assertThat(run.status().state()).isEqualTo(MigrationState.ABORTED);
      assertThat(run.control.unfinished()).noneMatch(each -> each.id() == run.id);
    }
  }

  /** A hook stands for whoever is in the way, and costs less time. */
  @ParameterizedTest
  @MethodSource("sites")
  void cutOverThatIsNotReachedWaitsForAnotherOrder(Site site) throws Exception {
    Path go = folder.resolve("go");
    Path hook = folder.resolve("zdm-osc-on-before-cut-over");
    Files.writeString(hook, "#!/bin/sh\ntest -e " + go + " || { echo not yet; exit 1; }\n");
    Files.setPosixFilePermissions(hook, PosixFilePermissions.fromString("rwxr-xr-x"));
    HookSettings hooks = new HookSettings(folder.toString(), Duration.ofSeconds(20));
    try (Steered run =
        new Steered(
            site,
            Runs.options()
                .withPostponeCutOver(true)
                .withCutOverAttempts(2)
                .withAfterAttempts(AfterAttempts.WAIT)
                .withHooks(hooks))) {
      run.await(MigrationState.READY);
      run.order(Orders::toCutOver);
      run.await(() -> run.status().detail().contains("not reached in 2 attempts"));
      assertThat(run.status().detail()).contains("not yet");
      assertThat(run.status().orders().cutOver()).as("the order is used up").isFalse();
      run.database.execute(
          "UPDATE steered SET n = 20 WHERE id = 2", "DELETE FROM steered WHERE id = 3");
      Files.createFile(go);
      run.staysIn(MigrationState.READY);
      run.order(Orders::toCutOver);
      Summary summary = run.end();
      assertThat(summary.state()).isEqualTo(MigrationState.SWAPPED);
      assertThat(summary.cutOverAttempts()).isEqualTo(3);
      assertThat(run.database.queryText("SELECT sum(n) + count(*) + count(x) FROM steered"))
          .isEqualTo("23");
    }
  }

  /** A migration on a thread of its own, and the control schema as others see it. */
  private static final class Steered implements AutoCloseable {
    private final TestDatabase database;
    private final Database driven;
    private final Database other;
    private final ControlStore control;
    private final CompletableFuture<Summary> end;
    private final Migration migration;
    private final long id;

    private Steered(Site site, RunOptions options) throws Exception {
      database = site.database();
      database.execute(
          "CREATE TABLE steered (id int PRIMARY KEY, n int)",
          "INSERT INTO steered VALUES (1, 1), (2, 2), (3, 3)");
      driven = AnyDatabase.open(database);
      other = AnyDatabase.open(database);
      control = other.control();
      migration =
          new Migration(
              driven, new ChangeRequest("steered", "ADD COLUMN x int"), options, new Trail());
      end = CompletableFuture.supplyAsync(migration::run);
      Awaitility.await()
          .atMost(Runs.PATIENCE)
          .until(() -> latest().anyMatch(MigrationStatus::open) || end.isDone());
      id = latest().findFirst().orElseThrow().id();
    }

    /** MySQL's control schema is the whole server's. */
    private Stream<MigrationStatus> latest() {
      return control.latest(100).stream().filter(each -> each.table().contains("steered"));
    }

    private MigrationStatus status() {
      return control.latest(100).stream().filter(each -> each.id() == id).findFirst().orElseThrow();
    }

    private void await(MigrationState state) {
      Awaitility.await()
          .atMost(Runs.PATIENCE)
          .until(() -> status().state() == state || end.isDone());
    }

    private void await(BooleanSupplier condition) {
      Awaitility.await()
          .atMost(Runs.PATIENCE)
          .until(() -> condition.getAsBoolean() || end.isDone());
    }

    private void staysIn(MigrationState state) {
      Awaitility.await()
          .during(WHILE)
          .atMost(WHILE.multipliedBy(4))
          .until(() -> status().state() == state && !end.isDone());
    }

    /** The first one of a state. */
    private MigrationStatus.Report report(MigrationState state) {
      return Awaitility.await()
          .atMost(Runs.PATIENCE)
          .until(
              () -> status().report().filter(each -> each.progress().state() == state),
              Optional::isPresent)
          .orElseThrow();
    }

    private void order(UnaryOperator<Orders> change) {
      control.order(id, change);
    }

    private Summary end() {
      return end.orTimeout(90, TimeUnit.SECONDS).join();
    }

    @Override
    public void close() throws Exception {
      migration.abort();
      end.handle((summary, failure) -> null).orTimeout(60, TimeUnit.SECONDS).join();
      driven.close();
      other.close();
      database.close();
    }
  }
}
