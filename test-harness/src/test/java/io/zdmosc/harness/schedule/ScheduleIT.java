package io.zdmosc.harness.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zdmosc.engine.ChangeRequest;
import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.RunOptions;
import io.zdmosc.engine.durable.MigrationOrder;
import io.zdmosc.engine.error.BusyException;
import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.engine.plan.Plan;
import io.zdmosc.engine.schedule.EntryState;
import io.zdmosc.engine.schedule.NewEntry;
import io.zdmosc.engine.schedule.Schedule;
import io.zdmosc.engine.schedule.ScheduleEntry;
import io.zdmosc.engine.spi.ControlStore;
import io.zdmosc.engine.spi.Database;
import io.zdmosc.harness.migration.AnyDatabase;
import io.zdmosc.harness.server.TestDatabase;
import io.zdmosc.harness.workload.Site;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the control schema keeps of the schedule. */
class ScheduleIT {
  private static final Instant LATER = Instant.parse("2999-01-01T00:00:00Z");

  static List<Site> sites() {
    return Site.all();
  }

  @ParameterizedTest
  @MethodSource("sites")
  void entryGoesThroughItsStatesInTheHandsOfOneProcess(Site site) throws Exception {
    try (TestDatabase database = site.database();
        Database opened = AnyDatabase.open(database)) {
      database.execute("CREATE TABLE later (id int PRIMARY KEY, n int)");
      Schedule schedule = new Schedule(opened::openSchedule);
      Plan plan = opened.plan(new ChangeRequest("later", "ADD COLUMN x int")).plan();

      ScheduleEntry added = schedule.add(entry(plan, 7, Optional.of(LATER)));

      assertThat(added.state()).isEqualTo(EntryState.WAITING);
      assertThat(added.priority()).isEqualTo(7);
      assertThat(added.notBefore()).contains(LATER);
      assertThat(added.order().request().table()).isEqualTo(plan.table());
      assertThat(added.order().plan()).isEqualTo(plan);
      assertThat(added.addedAt())
          .isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(60));
      assertThat(schedule.entries()).contains(added);
      try (Schedule.Taken taken = schedule.take(added.id()).orElseThrow()) {
        assertThat(taken.entry().id()).isEqualTo(added.id());
        assertThat(schedule.take(added.id())).isEmpty();
        assertThat(find(schedule, added).held()).isTrue();
        assertThat(find(schedule, added).owner()).startsWith(ProcessHandle.current().pid() + "@");
        assertThatThrownBy(() -> schedule.remove(added.id()))
            .isInstanceOf(RefusedException.class)
            .hasMessageContaining("under way");
        schedule.write(added.id(), EntryState.RUNNING, "");
      }
      assertThat(find(schedule, added).held()).isFalse();
      schedule.write(added.id(), EntryState.FAILED, "a reason");
      schedule.write(added.id(), EntryState.DONE, "too late");
      assertThat(find(schedule, added).state()).isEqualTo(EntryState.FAILED);
      assertThat(find(schedule, added).detail()).isEqualTo("a reason");
      assertThat(schedule.take(added.id())).isEmpty();
      schedule.remove(added.id());
      assertThat(schedule.entries()).noneMatch(entry -> entry.id() == added.id());
      assertThatThrownBy(() -> schedule.remove(added.id())).isInstanceOf(RefusedException.class);
    }
  }

  @ParameterizedTest
  @MethodSource("sites")
  void entryHasOneMigrationAndNoMore(Site site) throws Exception {
    try (TestDatabase database = site.database();
        Database opened = AnyDatabase.open(database)) {
      database.execute(
          "CREATE TABLE later (id int PRIMARY KEY, n int)",
          "CREATE TABLE other (id int PRIMARY KEY, n int)");
      Schedule schedule = new Schedule(opened::openSchedule);
      Plan plan = opened.plan(new ChangeRequest("later", "ADD COLUMN x int")).plan();
      Plan another = opened.plan(new ChangeRequest("other", "ADD COLUMN x int")).plan();
      ScheduleEntry first = schedule.add(entry(plan, 0, Optional.empty()));
      ScheduleEntry second = schedule.add(entry(plan, 0, Optional.empty()));
      OptionalLong number = OptionalLong.of(first.id());

      try (ControlStore.Lease lease = opened.control().register(plan, "", false, number)) {
        ScheduleEntry.OwnMigration own = find(schedule, first).migration().orElseThrow();
        assertThat(own.id()).isEqualTo(lease.migrationId());
        assertThat(own.open()).isTrue();
        assertThat(own.alive()).isTrue();
        assertThat(find(schedule, first).blockedBy()).isEmpty();
        assertThat(find(schedule, second).blockedBy()).hasValue(lease.migrationId());
        assertThatThrownBy(() -> opened.control().register(plan, "", false))
            .isInstanceOf(BusyException.class)
            .hasMessageContaining("zdm-osc abort --id " + lease.migrationId());
        lease.transition(MigrationState.ABORTED, "for the test");
      }
      assertThatThrownBy(() -> opened.control().register(another, "", false, number))
          .isInstanceOf(BusyException.class);
      ScheduleEntry.OwnMigration own = find(schedule, first).migration().orElseThrow();
      assertThat(own.open()).isFalse();
      assertThat(own.alive()).isFalse();
      assertThat(own.detail()).isEqualTo("for the test");
      assertThat(find(schedule, second).blockedBy()).isEmpty();
      schedule.remove(first.id());
      schedule.remove(second.id());
    }
  }

  private static NewEntry entry(Plan plan, int priority, Optional<Instant> notBefore) {
    return new NewEntry(
        new MigrationOrder(new ChangeRequest("later", plan.alter()), RunOptions.defaults(), plan),
        priority,
        notBefore);
  }

  private static ScheduleEntry find(Schedule schedule, ScheduleEntry entry) {
    return schedule.entries().stream()
        .filter(each -> each.id() == entry.id())
        .findFirst()
        .orElseThrow();
  }
}
