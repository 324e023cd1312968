package io.zdmosc.engine.cutover;

import java.util.Locale;

/** Where the time of an attempt went, step by step, in milliseconds. */
final class Laps {
  private final StringBuilder words = new StringBuilder();
  private long last;

  Laps(long begin) {
    last = begin;
  }

  void lap(String step) {
    long now = System.nanoTime();
    words
        .append(words.isEmpty() ? "" : ", ")
        .append(step)
        .append(String.format(Locale.ROOT, " %.1f", (now - last) / 1e6));
    last = now;
  }

  @Override
  public String toString() {
    return words.toString();
  }
}
