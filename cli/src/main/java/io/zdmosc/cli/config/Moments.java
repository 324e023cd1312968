package io.zdmosc.cli.config;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Points in time, as people write them. */
public final class Moments {
  public static final String REMEDY =
      "Write a time like '2026-11-22 01:00 Europe/Berlin' or 2026-11-22T00:00:00Z.";

  private static final Pattern TEXT =
      Pattern.compile("(\\d{4}-\\d{2}-\\d{2})[T ]+(\\d{2}:\\d{2}(?::\\d{2})?)\\s*(\\S+)?");

  private Moments() {}

  /**
   * Reads one.
   *
   * @param local the zone where none is named
   * @throws IllegalArgumentException when it is anything else
   */
  public static Instant parse(String text, ZoneId local) {
    Matcher matcher = TEXT.matcher(text.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException("is not a date with a time");
    }
    try {
      ZoneId zone = matcher.group(3) == null ? local : ZoneId.of(matcher.group(3));
      return LocalDateTime.parse(matcher.group(1) + "T" + matcher.group(2))
          .atZone(zone)
          .toInstant();
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("cannot be understood: " + e.getMessage(), e);
    }
  }
}
