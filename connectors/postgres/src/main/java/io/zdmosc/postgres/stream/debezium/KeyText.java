package io.zdmosc.postgres.stream.debezium;

import io.debezium.connector.postgresql.PostgresValueConverter;
import io.debezium.data.SpecialValueDecimal;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.Locale;

/**
 * Writes the Java value that Debezium made of a column as text that the server reads as the very
 * same value. Most often it is the text that the server itself writes.
 *
 * <p>Types that Debezium leaves as text pass unchanged.
 */
final class KeyText {
  private static final HexFormat HEX = HexFormat.of();

  private KeyText() {}

  /**
   * The text of a value.
   *
   * @return null for NULL and for anything that is no value of a type in {@link KeyRules}
   */
  static String of(Object value) {
    if (value instanceof String || value instanceof Integer || value instanceof Long) {
      return value.toString();
    }
    if (value instanceof Boolean bool) {
      return bool ? "t" : "f";
    }
    if (value instanceof byte[] bytes) {
      return "\\x" + HEX.formatHex(bytes);
    }
    if (value instanceof Float || value instanceof Double) {
      return floating((Number) value);
    }
    if (value instanceof SpecialValueDecimal decimal) {
      return decimal
          .getDecimalValue()
          .map(BigDecimal::toPlainString)
          .orElseGet(() -> Double.toString(decimal.toDouble()));
    }
    return temporal(value);
  }

  /**
   * Java writes as many digits as tell a number from its neighbours, and reads them back correctly
   * rounded, as the server does. Where the text should not lead back to the number, its exact
   * decimal expansion is written.
   */
  private static String floating(Number number) {
    String text = number.toString();
    boolean same =
        number instanceof Float
            ? Float.valueOf(text).equals(number)
            : Double.valueOf(text).equals(number);
    if (!same) {
      return new BigDecimal(number.doubleValue()).toString();
    }
    return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
  }

  /**
   * Dates and timestamps. Debezium stands for infinity with constants, one of which is also the
   * value of a timestamp that the server can store; only the constant object itself means infinity.
   */
  @SuppressWarnings("ReferenceEquality")
  private static String temporal(Object value) {
    if (value == PostgresValueConverter.POSITIVE_INFINITY_LOCAL_DATE
        || value == PostgresValueConverter.POSITIVE_INFINITY_INSTANT
        || value == PostgresValueConverter.POSITIVE_INFINITY_OFFSET_DATE_TIME) {
      return "infinity";
    }
    if (value == PostgresValueConverter.NEGATIVE_INFINITY_LOCAL_DATE
        || value == PostgresValueConverter.NEGATIVE_INFINITY_INSTANT
        || value == PostgresValueConverter.NEGATIVE_INFINITY_OFFSET_DATE_TIME) {
      return "-infinity";
    }
    if (value instanceof LocalDate date) {
      return date(date) + era(date);
    }
    if (value instanceof Instant instant) {
      LocalDateTime timestamp = LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
      return timestamp(timestamp) + era(timestamp.toLocalDate());
    }
    if (value instanceof OffsetDateTime offsetTimestamp) {
      LocalDateTime timestamp =
          offsetTimestamp.withOffsetSameInstant(ZoneOffset.UTC).toLocalDateTime();
      return timestamp(timestamp) + "+00" + era(timestamp.toLocalDate());
    }
    return null;
  }

  /** Both sides count by the proleptic Gregorian calendar; only Java has a year 0. */
  private static String date(LocalDate date) {
    int year = date.getYear();
    return String.format(
        Locale.ROOT,
        "%04d-%02d-%02d",
        year > 0 ? year : 1 - year,
        date.getMonthValue(),
        date.getDayOfMonth());
  }

  private static String era(LocalDate date) {
    return date.getYear() > 0 ? "" : " BC";
  }

  private static String timestamp(LocalDateTime timestamp) {
    String time =
        String.format(
            Locale.ROOT,
            "%s %02d:%02d:%02d",
            date(timestamp.toLocalDate()),
            timestamp.getHour(),
            timestamp.getMinute(),
            timestamp.getSecond());
    int micros = timestamp.getNano() / 1_000;
    return micros == 0 ? time : time + "." + trimmed(micros);
  }

  private static String trimmed(int micros) {
    String digits = String.format(Locale.ROOT, "%06d", micros);
    int end = digits.length();
    while (digits.charAt(end - 1) == '0') {
      end--;
    }
    return digits.substring(0, end);
  }
}
