package io.zdmosc.engine.schedule;

import io.zdmosc.engine.window.Gate;
import io.zdmosc.engine.window.Windows;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Whether a waiting entry may begin. */
public final class Turn {
  private Turn() {}

  /**
   * Why not yet, in words; empty when nothing stands in its way.
   *
   * <p>It begins inside its window only, although a migration waits for its windows by itself: one
   * that has begun lets the server keep log, and takes a place that another one could have.
   */
  public static String obstacle(ScheduleEntry entry, Instant now) {
    if (entry.notBefore().filter(now::isBefore).isPresent()) {
      return "not before " + entry.notBefore().get().truncatedTo(ChronoUnit.SECONDS);
    }
    if (entry.blockedBy().isPresent()) {
      return "migration " + entry.blockedBy().getAsLong() + " of the table is unfinished";
    }
    return new Gate(windows(entry), () -> now).reason();
  }

  /** What cannot be read is refused when it is its turn. */
  private static Windows windows(ScheduleEntry entry) {
    try {
      return entry.order().options().hours().workWindows();
    } catch (IllegalArgumentException e) {
      return Windows.ALWAYS;
    }
  }
}
