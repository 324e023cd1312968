package io.zdmosc.harness.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a candidate says of itself.
 *
 * @param stallMillis the longest hold at the cut-over, or NaN
 * @param peakHeapMegabytes before a collection, or NaN
 * @param finished false when it was ended because it took too long
 */
record Outcome(double stallMillis, double peakHeapMegabytes, boolean finished) {
  /** One that says nothing. */
  static Outcome silent() {
    return new Outcome(Double.NaN, Double.NaN, true);
  }

  /** One that was ended before it was done. */
  static Outcome unfinished() {
    return new Outcome(Double.NaN, Double.NaN, false);
  }

  /** What zdm-osc has printed with {@code --output json}, and what its JVM has logged. */
  static Outcome ofZdmOsc(String output, Path gcLog) throws IOException {
    Matcher stall = Pattern.compile("\"cut_over_stall_ms\":\\s*([0-9.]+)").matcher(output);
    if (!stall.find()) {
      throw new IOException("no summary in:\n" + output);
    }
    return new Outcome(Double.parseDouble(stall.group(1)), peakHeap(gcLog), true);
  }

  private static double peakHeap(Path gcLog) throws IOException {
    Matcher sizes = Pattern.compile("(\\d+)M->\\d+M\\(").matcher(Files.readString(gcLog));
    double peak = Double.NaN; // where nothing had to be collected
    while (sizes.find()) {
      double size = Double.parseDouble(sizes.group(1));
      peak = Double.isNaN(peak) ? size : Math.max(peak, size);
    }
    return peak;
  }
}
