package io.zdmosc.engine.window;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Open while the clocks show a time from begin to end. A window whose end is not after its begin
 * lasts into the next day; the weekdays say on which days windows begin.
 *
 * <p>Clocks decide, not elapsed time: a window from 02:00 to 03:00 lasts two hours in the night in
 * which that hour comes twice, and does not open in the night that skips it.
 *
 * @param minutes from midnight to the end; more than a day where the window lasts into the next one
 */
record WeeklyRule(Set<DayOfWeek> days, LocalTime begin, int minutes) implements Rule {
  private static final int DAY = 24 * 60;
  private static final Pattern TIMES =
      Pattern.compile("(\\d{1,2}):(\\d{2})\\s*-\\s*(\\d{1,2}):(\\d{2})");
  private static final Set<String> EVERY_DAY = Set.of("", "daily", "every day", "*");

  /** Empty when the text is not of this kind, which is told by its times. */
  static Optional<Rule> parse(String text) {
    Matcher times = TIMES.matcher(text);
    if (!times.find()) {
      return Optional.empty();
    }
    if (times.end() != text.length()) {
      throw new IllegalArgumentException(
          "'" + text.substring(times.end()).strip() + "' is not understood");
    }
    int from = minutes(times.group(1), times.group(2));
    int to = minutes(times.group(3), times.group(4));
    if (from == to || from == DAY) {
      throw new IllegalArgumentException(
          times.group() + " has no length; a whole day is 00:00-24:00");
    }
    return Optional.of(
        new WeeklyRule(
            days(text.substring(0, times.start()).strip()),
            LocalTime.ofSecondOfDay(from * 60L),
            to > from ? to : to + DAY));
  }

  private static int minutes(String hours, String minutes) {
    int total = Integer.parseInt(hours) * 60 + Integer.parseInt(minutes);
    if (Integer.parseInt(minutes) > 59 || total > DAY) {
      throw new IllegalArgumentException(hours + ":" + minutes + " is no time of a day");
    }
    return total;
  }

  private static Set<DayOfWeek> days(String words) {
    return EVERY_DAY.contains(words.toLowerCase(Locale.ROOT))
        ? Set.of(DayOfWeek.values())
        : Weekdays.parse(words);
  }

  @Override
  public List<Interval> beginningOn(LocalDate day, ZoneId zone) {
    if (!days.contains(day.getDayOfWeek())) {
      return List.of();
    }
    LocalDateTime end = day.atStartOfDay().plusMinutes(minutes);
    Instant from = Rule.firstShown(day.atTime(begin), zone);
    Instant to = Rule.lastShown(end, zone);
    return from.isBefore(to) ? List.of(new Interval(from, to)) : List.of();
  }
}
