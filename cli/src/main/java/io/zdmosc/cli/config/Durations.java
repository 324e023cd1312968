package io.zdmosc.cli.config;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them: {@code 500}, {@code 500ms}, {@code 2s}, {@code 1.5 min}. */
public final class Durations {
  public static final String REMEDY = "Give milliseconds, or a number with ms, s, min or h: 500ms.";

  private static final Pattern FORM = Pattern.compile("(\\d{1,12}(?:\\.\\d{1,6})?)\\s*([a-z]*)");
  private static final Map<String, Long> MILLIS =
      Map.of("", 1L, "ms", 1L, "s", 1_000L, "m", 60_000L, "min", 60_000L, "h", 3_600_000L);

  private Durations() {}

  /** A number without a unit is in milliseconds. */
  public static Duration parse(String text) {
    Matcher matcher = FORM.matcher(text.strip().toLowerCase(Locale.ROOT));
    if (!matcher.matches() || !MILLIS.containsKey(matcher.group(2))) {
      throw new IllegalArgumentException("is not a duration");
    }
    BigDecimal micros =
        new BigDecimal(matcher.group(1))
            .multiply(BigDecimal.valueOf(MILLIS.get(matcher.group(2)) * 1_000));
    return Duration.ofNanos(Math.multiplyExact(micros.longValue(), 1_000L));
  }
}
