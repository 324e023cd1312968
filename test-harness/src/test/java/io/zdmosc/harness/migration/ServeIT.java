package io.zdmosc.harness.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.engine.ChangeRequest;
import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.RunOptions;
import io.zdmosc.engine.durable.MigrationOrder;
import io.zdmosc.engine.schedule.Daemon;
import io.zdmosc.engine.schedule.Daemon.Until;
import io.zdmosc.engine.schedule.DaemonListener;
import io.zdmosc.engine.schedule.EntryState;
import io.zdmosc.engine.schedule.NewEntry;
import io.zdmosc.engine.schedule.Schedule;
import io.zdmosc.engine.schedule.ScheduleEntry;
import io.zdmosc.engine.schedule.ScheduleEntry.OwnMigration;
import io.zdmosc.engine.spi.Database;
import io.zdmosc.engine.spi.MigrationStatus;
import io.zdmosc.engine.spi.Orders;
import io.zdmosc.engine.spi.Transition;
import io.zdmosc.harness.server.TestDatabase;
import io.zdmosc.harness.workload.Site;
import io.zdmosc.harness.workload.Workload;
import io.zdmosc.harness.workload.WorkloadOptions;
import io.zdmosc.harness.workload.check.ModelChecker;
import io.zdmosc.harness.workload.table.TableCase;
import java.sql.Connection;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Scheduled migrations, carried out by processes that end in every way. */
class ServeIT {
  private static final Duration PATIENCE = Duration.ofSeconds(240);

  static List<Site> sites() {
    return Site.all();
  }

  /**
   * The daemon is killed while it copies, told to end while it waits for the order to cut over, and
   * ends by itself when everything is done, while writers write.
   */
  @ParameterizedTest
  @MethodSource("sites")
  void goesOnAfterKillAndTermAndDoesNothingTwice(Site site) throws Exception {
    TableCase tableCase = site.plain();
    try (TestDatabase database = site.database();
        Planned planned = new Planned(database);
        Workload workload = Workload.start(database::connect, tableCase, 7, writers())) {
      workload.awaitOperations(20, PATIENCE);
      database.execute("CREATE TABLE quiet (id int PRIMARY KEY, n int)");
      ScheduleEntry watched =
          planned.add(
              tableCase.sourceName(),
              tableCase.change().alter(),
              Runs.options().withPostponeCutOver(true));
      ScheduleEntry next = planned.add("quiet", "ADD COLUMN x int", Runs.options());

      try (ChildProcess killed = serve(database)) {
        killed.awaitWords("copying", PATIENCE);
        killed.kill();
      }
      assertThat(planned.state(watched)).isEqualTo(EntryState.RUNNING);
      long migration = planned.migration(watched).id();
      try (ChildProcess told = serve(database)) {
        told.awaitWords("goes on with migration " + migration, PATIENCE);
        planned.await(() -> planned.migration(watched).state() == MigrationState.READY);
        told.signal("TERM");
        assertThat(told.exitStatus(PATIENCE)).as(told.toString()).isEqualTo(6);
      }
      assertThat(planned.state(watched)).isEqualTo(EntryState.RUNNING);
      assertThat(planned.state(next)).isEqualTo(EntryState.WAITING);
      assertThat(planned.migration(watched).open()).isTrue();
      assertThat(planned.migration(watched).alive()).isFalse();
      assertThat(planned.chunks(migration)).as("what was copied is kept").isPositive();
      planned.database.control().order(migration, Orders::toCutOver);
      try (ChildProcess last = serve(database)) {
        assertThat(last.exitStatus(PATIENCE)).as(last.toString()).isZero();
      }
      AttackedMigration.awaitEndOrMore(workload, 20);
      workload.stop().assertNoErrors();

      assertThat(planned.state(watched)).isEqualTo(EntryState.DONE);
      assertThat(planned.state(next)).isEqualTo(EntryState.DONE);
      assertThat(planned.migration(watched).id()).isEqualTo(migration);
      assertThat(planned.database.control().history(migration))
          .extracting(Transition::detail)
          .filteredOn("resumed"::equals)
          .hasSize(2);
      assertThat(database.queryText("SELECT count(x) FROM quiet")).isEqualTo("0");
      try (Connection connection = database.connect()) {
        ModelChecker.check(
                connection, tableCase.change().targetTable(), tableCase, workload.model())
            .assertClean();
      }
    }
  }

  /** Two daemons, two tables at a time each; one entry cannot be carried out any more. */
  @ParameterizedTest
  @MethodSource("sites")
  void twoShareTheWorkAndMigrateTablesAtTheSameTime(Site site) throws Exception {
    try (TestDatabase database = site.database();
        Planned planned = new Planned(database)) {
      for (String table : List.of("a", "b", "c", "gone")) {
        database.execute(
            "CREATE TABLE " + table + " (id int PRIMARY KEY, n int)",
            "INSERT INTO " + table + " VALUES (1, 1), (2, 2), (3, 3)");
      }
      RunOptions postponed = Runs.options().withPostponeCutOver(true);
      List<ScheduleEntry> entries = new ArrayList<>();
      ScheduleEntry gone = planned.add("gone", "ADD COLUMN x int", Runs.options());
      for (String table : List.of("a", "b", "c")) {
        entries.add(planned.add(table, "ADD COLUMN x int", postponed));
      }
      database.execute("DROP TABLE gone");
      Daemon one = planned.daemon();
      Daemon other = planned.daemon();
      CompletableFuture<Daemon.Result> first = CompletableFuture.supplyAsync(one::run);
      CompletableFuture<Daemon.Result> second = CompletableFuture.supplyAsync(other::run);
      try {
        planned.await(() -> entries.stream().allMatch(planned::isReady));
        assertThat(entries).allMatch(entry -> planned.migration(entry).alive());
        entries.forEach(
            entry ->
                planned.database.control().order(planned.migration(entry).id(), Orders::toCutOver));

        Daemon.Result done = first.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        Daemon.Result too = second.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(done.done() + too.done()).isEqualTo(3);
        assertThat(done.failed() + too.failed()).isEqualTo(1);
        assertThat(planned.state(gone)).isEqualTo(EntryState.FAILED);
        assertThat(planned.find(gone).detail()).contains("does not exist");
        assertThat(planned.find(gone).migration()).isEmpty();
        assertThat(planned.migrationsOf("a", "b", "c")).isEqualTo(3);
        for (String table : List.of("a", "b", "c")) {
          assertThat(database.queryText("SELECT sum(n) + count(*) + count(x) FROM " + table))
              .isEqualTo("9");
        }
      } finally {
        one.stop();
        other.stop();
      }
    }
  }

  /** One place only, and yet what is held does not keep the next one from its turn. */
  @ParameterizedTest
  @MethodSource("sites")
  void heldMigrationIsFollowedWhileTheNextOneIsCarriedOut(Site site) throws Exception {
    try (TestDatabase database = site.database();
        Planned planned = new Planned(database)) {
      for (String table : List.of("kept", "after")) {
        database.execute(
            "CREATE TABLE " + table + " (id int PRIMARY KEY, n int)",
            "INSERT INTO " + table + " VALUES (1, 1), (2, 2), (3, 3)");
      }
      ScheduleEntry held =
          planned.add(
              new ChangeRequest("kept", "ADD COLUMN x int", "", true, Map.of()), Runs.options());
      ScheduleEntry after = planned.add("after", "ADD COLUMN x int", Runs.options());
      try (ChildProcess told = serve(database)) {
        planned.await(() -> planned.state(after) == EntryState.DONE);
        assertThat(planned.state(held)).isEqualTo(EntryState.RUNNING);
        assertThat(planned.migration(held).state()).isEqualTo(MigrationState.SWAPPED);
        assertThat(planned.migration(held).alive()).isTrue();
        told.signal("TERM");
        assertThat(told.exitStatus(PATIENCE)).as(told.toString()).isEqualTo(6);
      }
      assertThat(planned.state(held)).isEqualTo(EntryState.RUNNING);
      database.execute("UPDATE kept SET n = 20 WHERE id = 2");
      long migration = planned.migration(held).id();
      planned
          .database
          .control()
          .order(migration, orders -> orders.ending(Optional.of(Orders.Ending.ROLLBACK)));
      try (ChildProcess last = serve(database)) {
        assertThat(last.exitStatus(PATIENCE)).as(last.toString()).isEqualTo(3);
      }
      assertThat(planned.state(held)).isEqualTo(EntryState.FAILED);
      assertThat(planned.find(held).detail()).contains("rolled back");
      assertThat(database.queryText("SELECT sum(n) FROM kept")).isEqualTo("24");
    }
  }

  private static WorkloadOptions writers() {
    return Runs.workload().withWriters(3).withInitialRows(2_000).withStatementsPerSecond(6);
  }

  private static ChildProcess serve(TestDatabase database) throws Exception {
    return ChildProcess.tool(database, "serve", "--until-empty", "--poll", "300ms");
  }

  /** The schedule, as another process sees it. The entries of a test go with it. */
  private static final class Planned implements AutoCloseable {
    private final TestDatabase place;
    private final Database database;
    private final Schedule schedule;
    private final List<ScheduleEntry> added = new ArrayList<>();

    private Planned(TestDatabase place) {
      this.place = place;
      database = AnyDatabase.open(place);
      schedule = new Schedule(database::openSchedule);
    }

    private ScheduleEntry add(String table, String alter, RunOptions options) {
      return add(new ChangeRequest(table, alter), options);
    }

    private ScheduleEntry add(ChangeRequest request, RunOptions options) {
      ScheduleEntry entry =
          schedule.add(
              new NewEntry(
                  new MigrationOrder(request, options, database.plan(request).plan()),
                  0,
                  Optional.empty()));
      added.add(entry);
      return entry;
    }

    private Daemon daemon() {
      return new Daemon(
          () -> AnyDatabase.open(place),
          new Schedule(database::openSchedule),
          new Daemon.Settings(2, Duration.ofMillis(200), Until.EMPTY),
          new DaemonListener() {},
          InstantSource.system());
    }

    private ScheduleEntry find(ScheduleEntry entry) {
      return schedule.entries().stream()
          .filter(each -> each.id() == entry.id())
          .findFirst()
          .orElseThrow();
    }

    private EntryState state(ScheduleEntry entry) {
      return find(entry).state();
    }

    private OwnMigration migration(ScheduleEntry entry) {
      return find(entry).migration().orElseThrow();
    }

    private boolean isReady(ScheduleEntry entry) {
      return find(entry).migration().filter(it -> it.state() == MigrationState.READY).isPresent();
    }

    private long chunks(long migration) throws Exception {
      return Long.parseLong(
          place.queryText("SELECT count(*) FROM zdm_osc.chunk WHERE migration_id = " + migration));
    }

    private long migrationsOf(String... tables) {
      return database.control().latest(100).stream()
          .map(MigrationStatus::table)
          .filter(
              table ->
                  List.of(tables).stream()
                      .anyMatch(
                          it ->
                              table.matches(".*" + place.name() + ".*\\W" + it + "\\W?")
                                  || table.matches("public\\." + it)))
          .count();
    }

    private void await(BooleanSupplier condition) {
      Awaitility.await().atMost(PATIENCE).until(condition::getAsBoolean);
    }

    @Override
    public void close() {
      for (ScheduleEntry entry : added) {
        schedule.write(entry.id(), EntryState.FAILED, "the test is over");
        schedule.remove(entry.id());
      }
      database.close();
    }
  }
}
