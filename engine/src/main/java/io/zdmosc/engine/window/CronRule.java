package io.zdmosc.engine.window;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Opens when a cron expression fires, for a duration of elapsed time.
 *
 * <p>The five fields are those of crontab(5): minute, hour, day of month, month, day of week; where
 * both kinds of days are restricted, either is enough. A time that the clocks skip fires when they
 * jump, one that they show twice fires once.
 */
record CronRule(
    CronField minutes,
    CronField hours,
    CronField daysOfMonth,
    CronField months,
    CronField daysOfWeek,
    Duration length)
    implements Rule {
  private static final Pattern TEXT =
      Pattern.compile("((?:\\S+\\s+){4}\\S+)\\s+for\\s+(.+)", Pattern.CASE_INSENSITIVE);
  private static final Pattern LENGTH = Pattern.compile("(?:(\\d+)d)?(?:(\\d+)h)?(?:(\\d+)m)?");

  /** Empty when the text is not of this kind: five fields, {@code for}, a duration. */
  static Optional<Rule> parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String[] fields = matcher.group(1).split("\\s+");
    return Optional.of(
        new CronRule(
            CronField.parse("minute", fields[0], 0, 59),
            CronField.parse("hour", fields[1], 0, 23),
            CronField.parse("day of month", fields[2], 1, 31),
            CronField.parse("month", fields[3], 1, 12),
            CronField.parse("day of week", fields[4], 0, 7),
            length(matcher.group(2))));
  }

  private static Duration length(String text) {
    Matcher matcher = LENGTH.matcher(text.replace(" ", "").toLowerCase(Locale.ROOT));
    Duration length = Duration.ZERO;
    if (matcher.matches()) {
      length =
          length
              .plusDays(number(matcher.group(1)))
              .plusHours(number(matcher.group(2)))
              .plusMinutes(number(matcher.group(3)));
    }
    if (length.isZero() || length.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "'" + text + "' is no duration from 1m to 7d, like 4h or 1h30m");
    }
    return length;
  }

  private static long number(String digits) {
    if (digits == null) {
      return 0;
    }
    if (digits.length() > 5) {
      throw new IllegalArgumentException(digits + " is too much");
    }
    return Long.parseLong(digits);
  }

  @Override
  public List<Interval> beginningOn(LocalDate day, ZoneId zone) {
    if (!fires(day)) {
      return List.of();
    }
    List<Interval> result = new ArrayList<>();
    for (int hour : hours.values()) {
      for (int minute : minutes.values()) {
        Instant begin = Rule.firstShown(day.atTime(hour, minute), zone);
        Interval window = new Interval(begin, begin.plus(length));
        if (!result.contains(window)) {
          result.add(window);
        }
      }
    }
    return result;
  }

  private boolean fires(LocalDate day) {
    if (!months.has(day.getMonthValue())) {
      return false;
    }
    boolean byMonth = daysOfMonth.has(day.getDayOfMonth());
    boolean byWeek = isDayOfWeek(day.getDayOfWeek());
    return daysOfMonth.any() || daysOfWeek.any() ? byMonth && byWeek : byMonth || byWeek;
  }

  /** Sunday is 0 and 7. */
  private boolean isDayOfWeek(DayOfWeek day) {
    return daysOfWeek.has(day.getValue()) || day == DayOfWeek.SUNDAY && daysOfWeek.has(0);
  }
}
