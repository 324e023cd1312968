package io.zdmosc.engine.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zdmosc.engine.ChangeRequest;
import io.zdmosc.engine.DryRun;
import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.RunOptions;
import io.zdmosc.engine.durable.MigrationOrder;
import io.zdmosc.engine.durable.RecordText;
import io.zdmosc.engine.schedule.ScheduleEntry.OwnMigration;
import io.zdmosc.engine.window.Hours;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ChoiceTest {
  private static final Instant NOW = Instant.parse("2026-11-22T00:30:00Z");

  private static final OwnMigration DEAD =
      new OwnMigration(7, MigrationState.COPYING, "", true, false);
  private static final OwnMigration ALIVE =
      new OwnMigration(7, MigrationState.COPYING, "", true, true);
  private static final OwnMigration ENDED =
      new OwnMigration(7, MigrationState.CONTRACTED, "", false, false);

  private final MemorySchedule memory = new MemorySchedule();

  @Test
  void takesTheMostUrgentFirstAndThenTheOldest() {
    long first = memory.add("a", 0);
    long second = memory.add("b", 5);
    long third = memory.add("c", 5);
    long last = memory.add("d", -1);
    assertThat(next(9)).containsExactly(second, third, first, last);
    assertThat(next(2)).containsExactly(second, third);
    assertThat(next(0)).isEmpty();
  }

  @Test
  void takesWhatWasBegunBeforeAnythingElse() {
    long urgent = memory.add("a", 9);
    long begun = memory.add("b", 0);
    long ended = memory.add("c", 0);
    memory.put(begun, EntryState.RUNNING, Optional.of(DEAD), OptionalLong.empty());
    memory.put(ended, EntryState.RUNNING, Optional.of(ENDED), OptionalLong.empty());
    assertThat(next(9)).containsExactly(begun, ended, urgent);
  }

  @Test
  void leavesWhatSomebodyElseIsAtAndWhatHasEnded() {
    long byHand = memory.add("a", 0);
    long done = memory.add("b", 0);
    long failed = memory.add("c", 0);
    long blocked = memory.add("d", 0);
    memory.put(byHand, EntryState.RUNNING, Optional.of(ALIVE), OptionalLong.empty());
    memory.put(done, EntryState.DONE, Optional.of(ENDED), OptionalLong.empty());
    memory.put(failed, EntryState.FAILED, Optional.empty(), OptionalLong.empty());
    memory.put(blocked, EntryState.WAITING, Optional.empty(), OptionalLong.of(3));
    assertThat(next(9)).isEmpty();
    assertThat(Turn.obstacle(memory.get(blocked), NOW)).contains("migration 3");
  }

  @Test
  void takesOneOfATableAtATime() {
    long first = memory.add("a", 0);
    memory.add("a", 0);
    long other = memory.add("b", 0);
    assertThat(next(9)).containsExactly(first, other);
    List<ScheduleEntry> entries = memory.schedule().entries();
    assertThat(Choice.next(entries, Set.of("a"), 9, NOW))
        .extracting(ScheduleEntry::id)
        .containsExactly(other);
  }

  @Test
  void waitsForTheEarliestTimeAndForTheWindow() {
    long early =
        memory.schedule().add(MemorySchedule.order("a", 0, Optional.of(NOW.plusSeconds(1)))).id();
    long windowed = memory.add("b", 0);
    MigrationOrder order = memory.get(windowed).order();
    RunOptions nightly = order.options().withHours(new Hours("02:00-03:00 UTC", "", "UTC"));
    memory.record(
        windowed, RecordText.write(new MigrationOrder(order.request(), nightly, order.plan())));

    assertThat(next(9)).isEmpty();
    assertThat(Turn.obstacle(memory.get(early), NOW)).startsWith("not before 2026-11-22T00:30:01Z");
    assertThat(Turn.obstacle(memory.get(windowed), NOW)).contains("opens Sun 22 Nov 02:00");
    List<ScheduleEntry> entries = memory.schedule().entries();
    assertThat(Choice.next(entries, Set.of(), 9, Instant.parse("2026-11-22T02:00:00Z")))
        .extracting(ScheduleEntry::id)
        .containsExactly(early, windowed);
    memory.put(windowed, EntryState.RUNNING, Optional.of(DEAD), OptionalLong.empty());
    assertThat(next(9)).containsExactly(windowed);
  }

  @Test
  void doesNotScheduleADryRun() {
    MigrationOrder order = MemorySchedule.order("a", 0, Optional.empty()).order();
    MigrationOrder dry =
        new MigrationOrder(
            new ChangeRequest("a", ""), order.options().withDryRun(DryRun.FULL), order.plan());
    assertThatThrownBy(() -> new NewEntry(dry, 0, Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private List<Long> next(int room) {
    return Choice.next(memory.schedule().entries(), Set.of(), room, NOW).stream()
        .map(ScheduleEntry::id)
        .toList();
  }
}
