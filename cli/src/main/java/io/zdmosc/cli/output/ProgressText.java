package io.zdmosc.cli.output;

import io.zdmosc.engine.progress.Progress;
import java.util.ArrayList;
import java.util.List;

/** A moment of a migration in words. */
final class ProgressText {
  private ProgressText() {}

  /** Everything in one line, for logs. */
  static String line(Progress progress) {
    List<String> parts = measure(progress);
    parts.addAll(stream(progress));
    parts.addAll(work(progress));
    return progress.state().label() + ": " + String.join(", ", parts);
  }

  /** {@link #rows} with their share of the whole. */
  static List<String> measure(Progress progress) {
    List<String> parts = new ArrayList<>();
    if (progress.rowsTotal() > 0) {
      parts.add(Quantity.percent(progress.rowsDone(), progress.rowsTotal()));
    }
    parts.addAll(rows(progress));
    return parts;
  }

  /** What the present phase has done, how fast it is and how long it will take. */
  static List<String> rows(Progress progress) {
    List<String> parts = new ArrayList<>();
    if (progress.rowsTotal() > 0) {
      parts.add(
          Quantity.count(progress.rowsDone())
              + " of "
              + Quantity.count(Math.max(progress.rowsTotal(), progress.rowsDone()))
              + " rows");
      parts.add(Quantity.count(progress.rowsPerSecond()) + " rows/s");
      if (progress.etaSeconds() >= 0) {
        parts.add("ETA " + Quantity.seconds(progress.etaSeconds()));
      }
    }
    if (!progress.detail().isBlank()) {
      parts.add(oneLine(progress.detail()));
    }
    return parts;
  }

  /** Where the change stream is. */
  static List<String> stream(Progress progress) {
    return List.of(
        "lag " + Quantity.bytes(progress.lagBytes()) + " " + Quantity.millis(progress.lagMillis()),
        "delta " + Quantity.count(progress.deltaKeys(), "key"),
        Quantity.count(progress.changesApplied(), "change") + " applied");
  }

  /** How the work is cut. */
  static List<String> work(Progress progress) {
    List<String> parts = new ArrayList<>();
    if (progress.chunkRows() > 0) {
      parts.add(
          "chunk "
              + Quantity.millis(progress.chunkMillis())
              + " ("
              + Quantity.count(progress.chunkRows(), "row")
              + ")");
    }
    parts.add(Quantity.count(progress.threads(), "thread"));
    if (!progress.throttle().isBlank()) {
      parts.add("throttled: " + oneLine(progress.throttle()));
    }
    return parts;
  }

  /** A server's messages may have several lines; the view has one for each thing. */
  private static String oneLine(String text) {
    return text.strip().replaceAll("\\s*\\R\\s*", "; ");
  }
}
