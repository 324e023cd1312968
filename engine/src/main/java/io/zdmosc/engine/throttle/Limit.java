package io.zdmosc.engine.throttle;

/**
 * How much of something is too much: up to the soft limit nothing happens, from there on the copy
 * slows down, at the hard limit it stops.
 */
public record Limit(double soft, double hard) {
  public Limit {
    if (!(soft >= 0 && hard > 0 && soft <= hard && hard < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "the hard limit must be positive and the soft one not above it");
    }
  }

  /** Slows down from half of it on. */
  public static Limit of(double hard) {
    return new Limit(hard / 2, hard);
  }

  /** 0.5 at the soft limit, 1 at the hard one, in between in proportion. */
  public double pressure(double value) {
    if (value >= hard) {
      return 1;
    }
    if (value <= soft) {
      return soft == 0 ? 0 : Math.max(0, 0.5 * value / soft);
    }
    return 0.5 + 0.5 * (value - soft) / (hard - soft);
  }
}
