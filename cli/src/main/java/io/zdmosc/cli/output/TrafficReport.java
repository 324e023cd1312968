package io.zdmosc.cli.output;

import io.zdmosc.engine.traffic.TrafficSample;
import io.zdmosc.engine.traffic.WeekProfile;
import io.zdmosc.engine.traffic.WindowProposal;
import io.zdmosc.engine.window.Windows;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** What was learned about a table's traffic, as text or as a JSON event. */
public final class TrafficReport {
  private final PrintStream out;
  private final JsonLines json;

  public TrafficReport(PrintStream out, OutputFormat format) {
    this.out = out;
    this.json = format == OutputFormat.JSON ? new JsonLines(out, Clock.systemUTC()) : null;
  }

  /** Sampling begins. */
  public void observing(String table, Duration time, Duration every, Instant until) {
    if (json == null) {
      out.printf(
          "Sampling the writes to %s every %s for %s, until %s. Ctrl-C ends it early; what was"
              + " sampled is kept.%n",
          table,
          Quantity.seconds(every.toSeconds()),
          Quantity.seconds(time.toSeconds()),
          until.truncatedTo(ChronoUnit.SECONDS));
    }
  }

  /** A sample could not be taken; sampling goes on. */
  public void missed(String why) {
    if (json == null) {
      out.println("No sample: " + why);
    }
  }

  /**
   * The week.
   *
   * @param named the table as the user has named it
   */
  public void show(String table, String named, List<TrafficSample> samples, ZoneId zone) {
    WeekProfile own = WeekProfile.ofTable(samples, zone);
    WeekProfile server = WeekProfile.ofServer(samples, zone);
    WeekProfile best = WeekProfile.best(samples, zone);
    Optional<Windows> windows = WindowProposal.of(best);
    if (json != null) {
      json.write("traffic", fields(table, own, server, windows));
      return;
    }
    if (samples.size() < 2) {
      out.println("Too few samples of " + table + ". Next: " + observation(named));
      return;
    }
    out.println("Rows written per second, by hour of the week in " + zone.getId() + ":");
    if (own.observedHours() > 0) {
      picture(table, own);
    } else {
      out.println("%nThe server keeps no count of the writes to %s.".formatted(table));
    }
    picture("the whole server", server);
    out.println();
    out.println(proposal(windows, best, named));
  }

  private void picture(String what, WeekProfile profile) {
    out.println();
    out.println(
        "%s, observed for %s".formatted(what, Quantity.seconds(profile.observed().toSeconds())));
    HeatMap.lines(profile).forEach(out::println);
  }

  /** The command that samples a table for long enough. */
  public static String observation(String table) {
    return "zdm-osc traffic --table " + ShellWord.of(table) + " --observe 24h";
  }

  private static String proposal(Optional<Windows> windows, WeekProfile profile, String named) {
    if (windows.isPresent()) {
      return "Proposed: --window '" + windows.get() + "'";
    }
    for (int hour = 0; hour < WeekProfile.HOURS; hour++) {
      if (profile.expected(hour).isEmpty()) {
        return "No proposal yet: not every hour of a day was observed. Next: " + observation(named);
      }
    }
    return "No proposal: no hours are much quieter than the others.";
  }

  private static Map<String, Object> fields(
      String table, WeekProfile own, WeekProfile server, Optional<Windows> windows) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("table", table);
    fields.put("zone", own.zone().getId());
    fields.put("observedSeconds", server.observed().toSeconds());
    fields.put("tableRowsPerSecond", rates(own));
    fields.put("serverRowsPerSecond", rates(server));
    fields.put("proposedWindow", windows.map(Windows::toString).orElse(null));
    return fields;
  }

  /** By hour of the week, from Monday's first on; null where nothing was observed. */
  private static List<Double> rates(WeekProfile profile) {
    List<Double> rates = new ArrayList<>();
    for (int hour = 0; hour < WeekProfile.HOURS; hour++) {
      OptionalDouble rate = profile.rate(hour);
      rates.add(rate.isPresent() ? Math.round(rate.getAsDouble() * 1000) / 1000.0 : null);
    }
    return rates;
  }
}
