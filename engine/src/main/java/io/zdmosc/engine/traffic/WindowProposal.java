package io.zdmosc.engine.traffic;

import io.zdmosc.engine.window.Windows;
import java.time.DayOfWeek;
import java.time.format.TextStyle;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Proposes the quiet hours of a week as windows.
 *
 * <p>Quiet is an hour whose rate is at most a tenth of the way from the quietest to the busiest
 * one; where that makes fewer than 14 hours a week, the 14 quietest are taken. A table that is
 * about as busy at all hours gets no proposal, since waiting would win nothing.
 */
public final class WindowProposal {
  private static final double QUIET_PART = 0.1;
  private static final int FEWEST_HOURS = 14;
  private static final double FLAT = 0.5;

  private WindowProposal() {}

  /** Windows to work in; empty when too little was observed or no hours stand out. */
  public static Optional<Windows> of(WeekProfile profile) {
    List<Double> rates = new ArrayList<>();
    for (int hour = 0; hour < WeekProfile.HOURS; hour++) {
      profile.expected(hour).ifPresent(rates::add);
    }
    if (rates.size() < WeekProfile.HOURS) {
      return Optional.empty();
    }
    rates.sort(Double::compare);
    double least = rates.get(0);
    double most = rates.get(rates.size() - 1);
    if (least >= most * FLAT) {
      return Optional.empty();
    }
    double limit = Math.max(least + (most - least) * QUIET_PART, rates.get(FEWEST_HOURS - 1));
    String text = text(profile, limit);
    return Optional.of(Windows.parse(text, profile.zone()));
  }

  private static String text(WeekProfile profile, double limit) {
    Map<String, List<DayOfWeek>> daysByTimes = new LinkedHashMap<>();
    for (DayOfWeek day : DayOfWeek.values()) {
      for (String times : times(profile, day, limit)) {
        daysByTimes.computeIfAbsent(times, t -> new ArrayList<>()).add(day);
      }
    }
    List<String> rules = new ArrayList<>();
    daysByTimes.forEach(
        (times, days) ->
            rules.add(
                days(days) + " " + times + (rules.isEmpty() ? " " + profile.zone().getId() : "")));
    return String.join("; ", rules);
  }

  private static List<String> times(WeekProfile profile, DayOfWeek day, double limit) {
    List<String> result = new ArrayList<>();
    int begin = -1;
    for (int hour = 0; hour <= 24; hour++) {
      boolean quiet =
          hour < 24 && profile.expected(WeekProfile.hour(day, hour)).orElseThrow() <= limit;
      if (quiet && begin < 0) {
        begin = hour;
      } else if (!quiet && begin >= 0) {
        result.add(String.format(Locale.ROOT, "%02d:00-%02d:00", begin, hour));
        begin = -1;
      }
    }
    return result;
  }

  private static String days(List<DayOfWeek> days) {
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < days.size(); i++) {
      int first = i;
      while (i + 1 < days.size() && days.get(i + 1).getValue() == days.get(i).getValue() + 1) {
        i++;
      }
      parts.add(i == first ? name(days.get(i)) : name(days.get(first)) + "-" + name(days.get(i)));
    }
    return String.join(",", parts);
  }

  private static String name(DayOfWeek day) {
    return day.getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
  }
}
