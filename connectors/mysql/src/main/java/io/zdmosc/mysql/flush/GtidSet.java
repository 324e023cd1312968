package io.zdmosc.mysql.flush;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * MySQL's set of executed transactions, from its text: {@code uuid:1-5:7,uuid:tag:1-3,...}.
 * Immutable.
 */
final class GtidSet {
  private final Map<String, List<long[]>> intervals = new HashMap<>();

  private GtidSet() {}

  static GtidSet parse(String text) {
    GtidSet set = new GtidSet();
    for (String entry : text.split(",")) {
      String[] parts = entry.strip().toLowerCase(Locale.ROOT).split(":");
      String source = parts[0];
      for (int i = 1; i < parts.length; i++) {
        String part = parts[i].strip();
        if (isTag(part)) {
          source = parts[0] + ":" + part;
        } else {
          set.intervals.computeIfAbsent(source, s -> new ArrayList<>()).add(interval(part));
        }
      }
    }
    return set;
  }

  private static boolean isTag(String part) {
    return !part.isEmpty() && !Character.isDigit(part.charAt(0));
  }

  private static long[] interval(String part) {
    int dash = part.indexOf('-');
    long from = Long.parseLong(dash < 0 ? part : part.substring(0, dash));
    long to = dash < 0 ? from : Long.parseLong(part.substring(dash + 1));
    return new long[] {from, to};
  }

  /** True when the transaction {@code uuid:number} or {@code uuid:tag:number} is in it. */
  boolean contains(String gtid) {
    String lower = gtid.toLowerCase(Locale.ROOT);
    int colon = lower.lastIndexOf(':');
    long number = Long.parseLong(lower.substring(colon + 1));
    for (long[] interval : intervals.getOrDefault(lower.substring(0, colon), List.of())) {
      if (interval[0] <= number && number <= interval[1]) {
        return true;
      }
    }
    return false;
  }
}
