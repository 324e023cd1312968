package io.zdmosc.engine.window;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.util.List;

/** Says which windows begin on a day. */
sealed interface Rule permits WeeklyRule, CronRule {
  /** No window is longer, so that it is enough to look back this far for one that is open. */
  Duration LONGEST = Duration.ofDays(7);

  /** The windows that begin on this day, by the clocks of the zone. */
  List<Interval> beginningOn(LocalDate day, ZoneId zone);

  /**
   * When the clocks of a zone first show a time or, where they skip it, jump over it.
   *
   * @see #lastShown for times that they show twice
   */
  static Instant firstShown(LocalDateTime time, ZoneId zone) {
    ZoneOffsetTransition gap = gap(time, zone);
    return gap == null
        ? time.atZone(zone).withEarlierOffsetAtOverlap().toInstant()
        : gap.getInstant();
  }

  /** When the clocks of a zone last show a time or, where they skip it, jump over it. */
  static Instant lastShown(LocalDateTime time, ZoneId zone) {
    ZoneOffsetTransition gap = gap(time, zone);
    return gap == null
        ? time.atZone(zone).withLaterOffsetAtOverlap().toInstant()
        : gap.getInstant();
  }

  private static ZoneOffsetTransition gap(LocalDateTime time, ZoneId zone) {
    ZoneOffsetTransition transition = zone.getRules().getTransition(time);
    return transition != null && transition.isGap() ? transition : null;
  }
}
