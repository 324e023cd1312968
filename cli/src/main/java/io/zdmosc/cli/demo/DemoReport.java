package io.zdmosc.cli.demo;

import io.zdmosc.engine.progress.Summary;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** What happened, in words. */
final class DemoReport {
  private DemoReport() {}

  static List<String> of(
      Summary summary, Application application, CutOverWatch cutOver, Comparison comparison) {
    Latencies latencies = application.latencies();
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add("What happened");
    lines.add(
        format(
            "  migration     %,d rows copied, %,d changes streamed in, %,d rows verified,"
                + " %,d differences",
            summary.rowsCopied(),
            summary.changesApplied(),
            summary.verifiedRows(),
            summary.divergentRows()));
    lines.add(
        format(
            "  cut-over      %,d attempt%s; the table was locked for %.0f ms at most",
            summary.cutOverAttempts(),
            summary.cutOverAttempts() == 1 ? "" : "s",
            summary.cutOverStallMillis()));
    lines.add(
        format(
            "  application   %,d transactions on %d connections, %d of which met the renamed column"
                + " and went on with it",
            application.writes(), application.connections(), application.movedOver()));
    lines.add(
        format(
            "                its longest one at the cut-over took %.0f ms"
                + " (in all: median %.1f ms, 99 %% below %.1f ms)",
            millis(cutOver.longestStatementNanos(latencies)),
            millis(latencies.quantile(0.5)),
            millis(latencies.quantile(0.99))));
    lines.add("  its records   " + verdict(comparison));
    if (!summary.retiredTable().isEmpty()) {
      lines.add("  old table     kept as " + summary.retiredTable());
    }
    return lines;
  }

  private static String verdict(Comparison comparison) {
    return comparison.isEqual()
        ? format(
            "all %,d rows hold what the application was told: nothing lost, nothing twice",
            comparison.rows())
        : format(
            "%,d rows lost, %,d unexpected, %,d different",
            comparison.lost(), comparison.unexpected(), comparison.different());
  }

  private static double millis(long nanos) {
    return nanos / (double) TimeUnit.MILLISECONDS.toNanos(1);
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
