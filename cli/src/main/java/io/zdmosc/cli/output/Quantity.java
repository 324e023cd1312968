package io.zdmosc.cli.output;

import java.util.Locale;

/** Numbers as people read them. */
final class Quantity {
  private static final String[] BYTE_UNITS = {"B", "kB", "MB", "GB", "TB", "PB"};

  private Quantity() {}

  /** {@code 1,234,567}. */
  static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  /** {@code 1,234 rows}, {@code 1 row}. */
  static String count(long value, String noun) {
    return count(value) + " " + noun + (value == 1 ? "" : "s");
  }

  /** {@code 1.5 MB}; a kB has 1024 bytes, as in the servers' own tools. */
  static String bytes(long value) {
    double amount = value;
    int unit = 0;
    while (Math.abs(amount) >= 1024 && unit < BYTE_UNITS.length - 1) {
      amount /= 1024;
      unit++;
    }
    boolean whole = unit == 0 || Math.abs(amount) >= 100;
    return String.format(Locale.ROOT, whole ? "%.0f %s" : "%.1f %s", amount, BYTE_UNITS[unit]);
  }

  /** {@code 850 ms}, {@code 2.4 s}, {@code 12 min 5 s}, {@code 3 h 2 min}. */
  static String millis(long value) {
    if (value < 1_000) {
      return value + " ms";
    }
    if (value < 60_000) {
      return String.format(Locale.ROOT, "%.1f s", value / 1_000.0);
    }
    return seconds(Math.round(value / 1_000.0));
  }

  /** {@code 45 s}, {@code 12 min 5 s}, {@code 3 h 2 min}. */
  static String seconds(long value) {
    if (value < 60) {
      return value + " s";
    }
    if (value < 3_600) {
      return value / 60 + " min " + value % 60 + " s";
    }
    return Quantity.count(value / 3_600) + " h " + value % 3_600 / 60 + " min";
  }

  /** Seconds with what matters of their fraction. */
  static String seconds(double value) {
    return value < 60 ? String.format(Locale.ROOT, "%.1f s", value) : seconds(Math.round(value));
  }

  /** {@code 52.3 %}, never more than 100. */
  static String percent(long done, long total) {
    double share = total <= 0 ? 0 : Math.min(100.0, 100.0 * done / total);
    return String.format(Locale.ROOT, "%.1f %%", share);
  }
}
