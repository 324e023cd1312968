package io.zdmosc.harness.benchmark;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Locale;

/**
 * One line of a table: how long a change took, and what the application felt of it.
 *
 * @param before the application undisturbed, or null without a load
 * @param during the application beside the change, or null without a load
 */
record Measurement(double seconds, LoadFigures before, LoadFigures during, Outcome outcome) {
  private static final int SETTLE_MILLIS = 5_000;
  private static final int UNDISTURBED_MILLIS = 20_000;

  /** Starts an application. */
  @FunctionalInterface
  interface Load {
    Application start() throws IOException;
  }

  /** Makes the change. */
  @FunctionalInterface
  interface Change {
    Outcome make() throws IOException, InterruptedException, SQLException;
  }

  /** Nothing but the change. */
  static Measurement idle(Change change) throws IOException, InterruptedException, SQLException {
    long begin = System.nanoTime();
    Outcome outcome = change.make();
    return new Measurement((System.nanoTime() - begin) / 1e9, null, null, outcome);
  }

  /** The change beside an application that has run alone for a while. */
  static Measurement under(Load load, Change change)
      throws IOException, InterruptedException, SQLException {
    Application application = load.start();
    long begin;
    long changed;
    long end;
    Outcome outcome;
    try (application) {
      Thread.sleep(SETTLE_MILLIS);
      begin = now();
      Thread.sleep(UNDISTURBED_MILLIS);
      changed = now();
      outcome = change.make();
      end = now();
      Thread.sleep(1_000);
      if (!application.isAlive()) {
        throw new IOException("the load ended early:\n" + application.output());
      }
    }
    return new Measurement(
        (end - changed) / 1e6,
        application.figures(begin, changed),
        application.figures(changed, end),
        outcome);
  }

  private static long now() {
    return System.currentTimeMillis() * 1_000;
  }

  /** The head of the table, in Markdown. */
  static String head() {
    return "| | seconds | to ALTER | tps before | tps during | lost | p50 ms | p99 | p99.9 | max | max before |"
        + " errors | cut-over ms | heap MB |\n|---|---|---|---|---|---|---|---|---|---|---|---|---|---|";
  }

  /**
   * The line.
   *
   * @param baseline the seconds that the blocking ALTER TABLE took, or NaN
   */
  String row(String title, double baseline) {
    return String.format(
        Locale.ROOT,
        "| %s | %s%.1f | %s %s| %s | %s |",
        title,
        outcome.finished() ? "" : "not done after ",
        seconds,
        Double.isNaN(baseline) || !outcome.finished()
            ? ""
            : String.format(Locale.ROOT, "%.2f", seconds / baseline),
        load(),
        number(outcome.stallMillis()),
        number(outcome.peakHeapMegabytes()));
  }

  private String load() {
    if (before == null) {
      return "| | | | | | | | | ";
    }
    return String.format(
        Locale.ROOT,
        "| %.0f | %.0f | %.0f | %.1f | %.1f | %.1f | %.0f | %.0f | %d ",
        before.perSecond(),
        during.perSecond(),
        before.perSecond() * seconds - during.sortedMicros().length,
        during.millis(50),
        during.millis(99),
        during.millis(99.9),
        during.maxMillis(),
        before.maxMillis(),
        during.errors());
  }

  private static String number(double value) {
    return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%.0f", value);
  }
}
