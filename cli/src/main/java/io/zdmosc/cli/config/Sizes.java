package io.zdmosc.cli.config;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes as database servers write them: {@code 256MB}, {@code 1.5 GB}; a kB has 1024 bytes. */
public final class Sizes {
  public static final String REMEDY = "Give a number with kB, MB, GB or TB: 256MB.";

  private static final Pattern FORM = Pattern.compile("(\\d{1,15}(?:\\.\\d{1,6})?)\\s*([a-z]*)");
  private static final Map<String, Long> BYTES =
      Map.of("", 1L, "b", 1L, "kb", 1L << 10, "mb", 1L << 20, "gb", 1L << 30, "tb", 1L << 40);

  private Sizes() {}

  /** A number without a unit is in bytes. */
  public static long parse(String text) {
    Matcher matcher = FORM.matcher(text.strip().toLowerCase(Locale.ROOT));
    if (!matcher.matches() || !BYTES.containsKey(matcher.group(2))) {
      throw new IllegalArgumentException("is not a size");
    }
    BigDecimal bytes =
        new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(BYTES.get(matcher.group(2))));
    if (bytes.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
      throw new IllegalArgumentException("is too large");
    }
    return bytes.longValue();
  }
}
