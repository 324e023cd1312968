package io.zdmosc.engine.window;

import java.time.DayOfWeek;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** Reads {@code Mon-Fri}, {@code Sat,Sun}, {@code Friday-Monday}. */
final class Weekdays {
  private Weekdays() {}

  static Set<DayOfWeek> parse(String words) {
    Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
    for (String part : words.replaceAll("\\s*-\\s*", "-").split("[,\\s]+", -1)) {
      String[] ends = part.split("-", -1);
      if (ends.length > 2) {
        throw new IllegalArgumentException("'" + part + "' is no range of weekdays");
      }
      DayOfWeek last = day(ends[ends.length - 1]);
      for (DayOfWeek day = day(ends[0]); day != last; day = day.plus(1)) {
        days.add(day);
      }
      days.add(last);
    }
    return days;
  }

  static DayOfWeek day(String word) {
    String name = word.toUpperCase(Locale.ROOT);
    if (name.length() >= 3) {
      for (DayOfWeek day : DayOfWeek.values()) {
        if (day.name().equals(name) || day.name().substring(0, 3).equals(name)) {
          return day;
        }
      }
    }
    throw new IllegalArgumentException("'" + word + "' is no weekday: Mon, Tue, ... Sun");
  }
}
