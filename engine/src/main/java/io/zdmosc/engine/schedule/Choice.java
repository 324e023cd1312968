package io.zdmosc.engine.schedule;

import io.zdmosc.engine.schedule.ScheduleEntry.OwnMigration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Which entries a process takes next. */
final class Choice {
  private static final Comparator<ScheduleEntry> ORDER =
      Comparator.comparing(Choice::isBegun)
          .thenComparing(ScheduleEntry::priority)
          .reversed()
          .thenComparing(ScheduleEntry::id);

  private Choice() {}

  /**
   * The next ones, the first first: those that were begun, which hold log on the server, then by
   * priority and age. Of a table there is one at a time.
   *
   * @param busyTables tables of which this process has an entry in hand
   * @param room how many more it can take
   */
  static List<ScheduleEntry> next(
      List<ScheduleEntry> entries, Set<String> busyTables, int room, Instant now) {
    Set<String> tables = new HashSet<>(busyTables);
    List<ScheduleEntry> chosen = new ArrayList<>();
    for (ScheduleEntry entry : entries.stream().sorted(ORDER).toList()) {
      if (chosen.size() < room && isDue(entry, now) && tables.add(entry.table())) {
        chosen.add(entry);
      }
    }
    return chosen;
  }

  /** Whether something can be done for it now. */
  static boolean isDue(ScheduleEntry entry, Instant now) {
    if (entry.held() || entry.state().hasEnded()) {
      return false;
    }
    if (isBegun(entry)) {
      // somebody may drive its migration by hand
      return entry.migration().filter(OwnMigration::alive).isEmpty();
    }
    return Turn.obstacle(entry, now).isEmpty();
  }

  private static boolean isBegun(ScheduleEntry entry) {
    return entry.state() == EntryState.RUNNING || entry.migration().isPresent();
  }
}
