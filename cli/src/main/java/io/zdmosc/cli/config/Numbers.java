package io.zdmosc.cli.config;

/** Whole numbers. */
public final class Numbers {
  public static final String REMEDY = "Give a whole number.";

  private Numbers() {}

  public static Integer parse(String text) {
    try {
      return Integer.valueOf(text.strip());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("is not a whole number", e);
    }
  }
}
