package io.zdmosc.cli.config;

import io.zdmosc.engine.throttle.Limit;
import java.util.function.ToDoubleFunction;

/** Limits as people write them: {@code 40}, or {@code 20:40} for a soft and a hard one. */
public final class LimitText {
  public static final String TIMES = "Give a time, or a soft and a hard limit: 2s:5s.";
  public static final String NUMBERS = "Give a number, or a soft and a hard limit: 20:40.";

  private LimitText() {}

  /** In milliseconds. */
  public static Limit time(String text) {
    return limit(text, part -> Durations.parse(part).toNanos() / 1e6);
  }

  public static Limit number(String text) {
    return limit(text, LimitText::parse);
  }

  private static double parse(String text) {
    try {
      return Double.parseDouble(text.strip());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("is not a number", e);
    }
  }

  private static Limit limit(String text, ToDoubleFunction<String> parser) {
    int colon = text.indexOf(':');
    return colon < 0
        ? Limit.of(parser.applyAsDouble(text))
        : new Limit(
            parser.applyAsDouble(text.substring(0, colon)),
            parser.applyAsDouble(text.substring(colon + 1)));
  }
}
