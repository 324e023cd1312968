package io.zdmosc.engine.traffic;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.ToLongFunction;

/**
 * The average write rate of each hour of a week, by the clocks of a zone.
 *
 * <p>What was written between two samples is spread evenly over the time between them. Where
 * counters went back, or samples are more than an hour apart, nothing is known.
 */
public final class WeekProfile {
  public static final int HOURS = 7 * 24;

  private static final Duration LONGEST_STEP = Duration.ofMinutes(65);

  private final ZoneId zone;
  private final double[] writes = new double[HOURS];
  private final double[] seconds = new double[HOURS];

  private WeekProfile(ZoneId zone) {
    this.zone = zone;
  }

  /** The profile of one table's writes. */
  public static WeekProfile ofTable(List<TrafficSample> samples, ZoneId zone) {
    return of(samples, zone, TrafficSample::tableWrites);
  }

  /** The profile of the whole server's writes. */
  public static WeekProfile ofServer(List<TrafficSample> samples, ZoneId zone) {
    return of(samples, zone, TrafficSample::serverWrites);
  }

  /** The most telling one: the table's own, or the server's where the table's is not counted. */
  public static WeekProfile best(List<TrafficSample> samples, ZoneId zone) {
    WeekProfile own = ofTable(samples, zone);
    return own.observedHours() > 0 ? own : ofServer(samples, zone);
  }

  private static WeekProfile of(
      List<TrafficSample> samples, ZoneId zone, ToLongFunction<TrafficSample> counter) {
    WeekProfile profile = new WeekProfile(zone);
    for (int i = 1; i < samples.size(); i++) {
      long before = counter.applyAsLong(samples.get(i - 1));
      long after = counter.applyAsLong(samples.get(i));
      if (before >= 0 && after >= before) {
        profile.add(samples.get(i - 1).at(), samples.get(i).at(), after - before);
      }
    }
    return profile;
  }

  private void add(Instant from, Instant to, long count) {
    Duration step = Duration.between(from, to);
    if (step.isNegative() || step.isZero() || step.compareTo(LONGEST_STEP) > 0) {
      return;
    }
    double rate = count / seconds(step);
    Instant at = from;
    while (at.isBefore(to)) {
      ZonedDateTime local = at.atZone(zone);
      Instant nextHour = local.truncatedTo(ChronoUnit.HOURS).plusHours(1).toInstant();
      Instant end = nextHour.isBefore(to) ? nextHour : to;
      double part = seconds(Duration.between(at, end));
      int hour = hour(local.getDayOfWeek(), local.getHour());
      writes[hour] += rate * part;
      seconds[hour] += part;
      at = end;
    }
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }

  /** The number of an hour of the week, from Monday's first on. */
  public static int hour(DayOfWeek day, int hourOfDay) {
    return (day.getValue() - 1) * 24 + hourOfDay;
  }

  public ZoneId zone() {
    return zone;
  }

  /** Rows per second in an hour of the week; empty when it was not observed. */
  public OptionalDouble rate(int hour) {
    return seconds[hour] == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(writes[hour] / seconds[hour]);
  }

  /** The rate of the busiest hour; 0 when nothing was observed. */
  public double peak() {
    double peak = 0;
    for (int hour = 0; hour < HOURS; hour++) {
      peak = Math.max(peak, rate(hour).orElse(0));
    }
    return peak;
  }

  /** How many hours of the week were observed. */
  public int observedHours() {
    int observed = 0;
    for (double time : seconds) {
      observed += time > 0 ? 1 : 0;
    }
    return observed;
  }

  /** How long was observed in all. */
  public Duration observed() {
    double sum = 0;
    for (double time : seconds) {
      sum += time;
    }
    return Duration.ofSeconds(Math.round(sum));
  }

  /**
   * The rate to be expected in an hour: the observed one, or, where that hour was not observed, the
   * highest of the same hour on other days.
   */
  public OptionalDouble expected(int hour) {
    if (seconds[hour] > 0) {
      return rate(hour);
    }
    OptionalDouble highest = OptionalDouble.empty();
    for (int other = hour % 24; other < HOURS; other += 24) {
      double rate = rate(other).orElse(-1);
      if (rate >= 0 && rate > highest.orElse(-1)) {
        highest = OptionalDouble.of(rate);
      }
    }
    return highest;
  }
}
