package io.zdmosc.engine.window;

import static java.util.Objects.requireNonNull;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * When work is allowed: one or several rules, separated by semicolons, each with its own time zone
 * or that of the others.
 *
 * <pre>
 *   Mon-Fri 01:00-05:00 Europe/Berlin; Sat-Sun 00:00-24:00
 *   22:00-06:00                              every day, over midnight
 *   0 1 * * 1-5 for 4h UTC                   a cron expression and how long
 * </pre>
 *
 * <p>Immutable.
 */
public final class Windows {
  /** Nothing is restricted. */
  public static final Windows ALWAYS = new Windows("", List.of());

  /** A rule that does not fire within nine years, for the sake of 29 February, never does. */
  private static final List<Integer> LOOK_AHEAD_DAYS = List.of(8, 64, 512, 366 * 9);

  private static final Duration LONGEST_FORECAST = Duration.ofDays(366 * 9);

  private record ZonedRule(Rule rule, ZoneId zone) {}

  private final String text;
  private final List<ZonedRule> rules;

  private Windows(String text, List<ZonedRule> rules) {
    this.text = text;
    this.rules = rules;
  }

  /**
   * Reads windows.
   *
   * @param local the zone of rules where none is named
   * @throws IllegalArgumentException with words for the operator
   */
  public static Windows parse(String text, ZoneId local) {
    requireNonNull(local, "local is null");
    List<WindowText> parts = new ArrayList<>();
    for (String part : text.split(";", -1)) {
      if (!part.isBlank()) {
        parts.add(WindowText.of(part));
      }
    }
    if (parts.isEmpty()) {
      throw new IllegalArgumentException("no window is given");
    }
    ZoneId others = zoneOfOthers(parts, local);
    Windows windows =
        new Windows(
            text.strip(),
            parts.stream().map(p -> new ZonedRule(p.rule(), p.zone().orElse(others))).toList());
    if (windows.nextOpening(Instant.now()).isEmpty()) {
      throw new IllegalArgumentException("'" + text.strip() + "' never opens");
    }
    return windows;
  }

  private static ZoneId zoneOfOthers(List<WindowText> parts, ZoneId local) {
    Set<String> named = new TreeSet<>();
    parts.forEach(part -> part.zone().map(ZoneId::getId).ifPresent(named::add));
    boolean all = parts.stream().allMatch(part -> part.zone().isPresent());
    if (named.size() > 1 && !all) {
      throw new IllegalArgumentException(
          "a window without a time zone stands beside several zones: " + String.join(", ", named));
    }
    return named.isEmpty() ? local : ZoneId.of(named.iterator().next());
  }

  /** True when nothing is restricted. */
  public boolean isAlways() {
    return rules.isEmpty();
  }

  public boolean isOpen(Instant now) {
    return isAlways() || openInterval(now).isPresent();
  }

  /** The open stretch around an instant, windows that overlap or touch taken together. */
  public Optional<Interval> openInterval(Instant now) {
    List<Interval> near = between(now.minus(Rule.LONGEST), now.plus(Rule.LONGEST));
    return near.stream().filter(interval -> interval.contains(now)).findFirst();
  }

  /** Now when it is open, or the next instant at which it opens. */
  public Optional<Instant> nextOpening(Instant now) {
    if (isOpen(now)) {
      return Optional.of(now);
    }
    return next(now).map(Interval::begin);
  }

  /** The first stretch that begins after an instant; empty when there is none in nine years. */
  public Optional<Interval> next(Instant now) {
    for (int days : LOOK_AHEAD_DAYS) {
      Optional<Interval> found =
          between(now, now.plus(Duration.ofDays(days))).stream()
              .filter(interval -> interval.begin().isAfter(now))
              .findFirst();
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  /**
   * When work will be done that takes so long, and in how many stretches, an open one included.
   *
   * @return empty when it does not end within nine years
   */
  public Optional<Forecast> forecast(Instant now, Duration work) {
    if (isAlways()) {
      return Optional.of(new Forecast(now.plus(work), 1));
    }
    Duration left = work;
    Instant at = now;
    int stretches = 0;
    while (Duration.between(now, at).compareTo(LONGEST_FORECAST) < 0) {
      Optional<Interval> found = openOrNext(at);
      if (found.isEmpty()) {
        break;
      }
      Instant begin = found.get().begin().isBefore(at) ? at : found.get().begin();
      if (stretches == 0 || begin.isAfter(at)) {
        stretches++; // otherwise it goes on from where the last look ended
      }
      Duration length = Duration.between(begin, found.get().end());
      if (left.compareTo(length) <= 0) {
        return Optional.of(new Forecast(begin.plus(left), stretches));
      }
      left = left.minus(length);
      at = found.get().end();
    }
    return Optional.empty();
  }

  private Optional<Interval> openOrNext(Instant at) {
    return openInterval(at).or(() -> next(at));
  }

  /**
   * The end of a piece of work.
   *
   * @param end when it is done
   * @param stretches how many stretches of open time it takes
   */
  public record Forecast(Instant end, int stretches) {}

  /** What overlaps the time from {@code from} to {@code to}, in order, joined where it touches. */
  private List<Interval> between(Instant from, Instant to) {
    List<Interval> all = new ArrayList<>();
    for (ZonedRule rule : rules) {
      LocalDate last = LocalDate.ofInstant(to, rule.zone());
      LocalDate day = LocalDate.ofInstant(from.minus(Rule.LONGEST), rule.zone());
      for (; !day.isAfter(last); day = day.plusDays(1)) {
        all.addAll(rule.rule().beginningOn(day, rule.zone()));
      }
    }
    all.sort(Comparator.comparing(Interval::begin));
    List<Interval> joined = new ArrayList<>();
    for (Interval next : all) {
      Interval previous = joined.isEmpty() ? null : joined.get(joined.size() - 1);
      if (previous != null && !next.begin().isAfter(previous.end())) {
        Instant end = previous.end().isAfter(next.end()) ? previous.end() : next.end();
        joined.set(joined.size() - 1, new Interval(previous.begin(), end));
      } else {
        joined.add(next);
      }
    }
    return joined.stream()
        .filter(interval -> interval.end().isAfter(from) && interval.begin().isBefore(to))
        .toList();
  }

  /** The zone in which an operator thinks of these windows: the first rule's. */
  public ZoneId zone() {
    return rules.isEmpty() ? ZoneOffset.UTC : rules.get(0).zone();
  }

  /** As it was given. */
  @Override
  public String toString() {
    return text;
  }

  /** A part of the text: the rule, and the zone that is named in it. */
  private record WindowText(Rule rule, Optional<ZoneId> zone) {

    static WindowText of(String part) {
      String text = part.strip().replaceAll("\\s+", " ");
      try {
        int space = text.lastIndexOf(' ');
        Optional<ZoneId> zone = space < 0 ? Optional.empty() : zone(text.substring(space + 1));
        String rule = zone.isPresent() ? text.substring(0, space) : text;
        return new WindowText(rule(rule), zone);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("window '" + text + "': " + e.getMessage(), e);
      }
    }

    private static Rule rule(String text) {
      return CronRule.parse(text)
          .or(() -> WeeklyRule.parse(text))
          .orElseThrow(
              () ->
                  new IllegalArgumentException(
                      "expected weekdays and times like 'Mon-Fri 01:00-05:00', or a cron"
                          + " expression like '0 1 * * 1-5 for 4h', and a time zone"));
    }

    /** Empty when the word belongs to the rule. */
    private static Optional<ZoneId> zone(String word) {
      if (!word.matches("[A-Za-z].*|[+-]\\d.*") || word.matches("(?i)[a-z]{3}-[a-z]{3}")) {
        return Optional.empty();
      }
      try {
        return Optional.of(ZoneId.of(word));
      } catch (DateTimeException e) {
        throw new IllegalArgumentException(
            "'" + word + "' is no time zone, like Europe/Berlin or UTC", e);
      }
    }
  }
}
