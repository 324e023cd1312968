package io.zdmosc.cli.output;

import io.zdmosc.engine.traffic.WeekProfile;
import java.time.DayOfWeek;
import java.time.format.TextStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** The write rates of a week as a picture of characters: a line a day, two columns an hour. */
public final class HeatMap {
  private static final char[] SHADES = {'·', '░', '▒', '▓', '█'};
  private static final double[] LIMITS = {0.05, 0.25, 0.5, 0.75};
  private static final char UNKNOWN = ' ';

  private HeatMap() {}

  /** The picture, with hours above and a legend below. */
  public static List<String> lines(WeekProfile profile) {
    List<String> lines = new ArrayList<>();
    lines.add("     " + hours());
    double peak = profile.peak();
    for (DayOfWeek day : DayOfWeek.values()) {
      StringBuilder line = new StringBuilder(day.getDisplayName(TextStyle.SHORT, Locale.ENGLISH));
      line.append("  ");
      for (int hour = 0; hour < 24; hour++) {
        String shade = String.valueOf(shade(profile.rate(WeekProfile.hour(day, hour)), peak));
        line.append(shade).append(shade);
      }
      lines.add(line.toString().stripTrailing());
    }
    lines.add(legend(peak));
    return lines;
  }

  private static String hours() {
    StringBuilder hours = new StringBuilder();
    for (int hour = 0; hour < 24; hour += 3) {
      hours.append(String.format(Locale.ROOT, "%-6s", String.format(Locale.ROOT, "%02d", hour)));
    }
    return hours.toString().stripTrailing();
  }

  private static char shade(OptionalDouble rate, double peak) {
    if (rate.isEmpty()) {
      return UNKNOWN;
    }
    double part = peak == 0 ? 0 : rate.getAsDouble() / peak;
    int shade = 0;
    while (shade < LIMITS.length && part > LIMITS[shade]) {
      shade++;
    }
    return SHADES[shade];
  }

  private static String legend(double peak) {
    if (peak == 0) {
      return "     " + String.valueOf(SHADES[0]).repeat(2) + " nothing was written";
    }
    StringBuilder legend = new StringBuilder("     ");
    for (int i = 0; i < SHADES.length; i++) {
      String words =
          i < LIMITS.length ? "up to " + rate(peak * LIMITS[i]) : "up to " + rate(peak) + " rows/s";
      legend.append(SHADES[i]).append(SHADES[i]).append(' ').append(words).append("  ");
    }
    return legend.toString().stripTrailing();
  }

  static String rate(double rate) {
    return rate >= 10 || rate == 0
        ? Quantity.count(Math.round(rate))
        : String.format(Locale.ROOT, "%.1f", rate);
  }
}
