package io.zdmosc.engine.guard;

import java.util.Locale;

/** Sizes for people. */
public final class ByteText {
  private static final String[] UNITS = {"bytes", "kB", "MB", "GB", "TB", "PB"};

  private ByteText() {}

  public static String of(long bytes) {
    double value = bytes;
    int unit = 0;
    while (Math.abs(value) >= 1024 && unit < UNITS.length - 1) {
      value /= 1024;
      unit++;
    }
    return unit == 0 ? bytes + " bytes" : String.format(Locale.ROOT, "%.1f %s", value, UNITS[unit]);
  }
}
