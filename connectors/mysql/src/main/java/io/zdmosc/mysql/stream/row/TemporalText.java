package io.zdmosc.mysql.stream.row;

import io.zdmosc.mysql.stream.event.Bytes;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/** Writes dates and times as the server does, with all fractional digits of the type. */
final class TemporalText {
  private static final int MONTHS = 13; // zero is a month too
  private static final long MICROS = 1_000_000;

  private TemporalText() {}

  static String year(Bytes row) {
    int value = row.u8();
    return value == 0 ? "0000" : Integer.toString(1900 + value);
  }

  static String date(Bytes row) {
    int value = (int) row.unsigned(3);
    StringBuilder text = new StringBuilder(10);
    date(text, value >> 9, value >> 5 & 0xF, value & 0x1F);
    return text.toString();
  }

  static String datetime(Bytes row, int digits) {
    long packed = row.bigEndian(5) - 0x8000000000L;
    long months = packed >> 22;
    StringBuilder text = new StringBuilder(26);
    date(text, (int) (months / MONTHS), (int) (months % MONTHS), (int) (packed >> 17 & 0x1F));
    text.append(' ');
    clock(text, (int) (packed >> 12 & 0x1F), (int) (packed >> 6 & 0x3F), (int) (packed & 0x3F));
    fraction(text, micros(row, digits), digits);
    return text.toString();
  }

  /** In UTC. */
  static String timestamp(Bytes row, int digits) {
    long seconds = row.bigEndian(4);
    long micros = micros(row, digits);
    StringBuilder text = new StringBuilder(26);
    if (seconds == 0 && micros == 0) {
      text.append("0000-00-00 00:00:00");
    } else {
      LocalDateTime at = LocalDateTime.ofEpochSecond(seconds, 0, ZoneOffset.UTC);
      date(text, at.getYear(), at.getMonthValue(), at.getDayOfMonth());
      text.append(' ');
      clock(text, at.getHour(), at.getMinute(), at.getSecond());
    }
    fraction(text, micros, digits);
    return text.toString();
  }

  /** A negative time is stored as one number with its fraction, from a middle value downwards. */
  static String time(Bytes row, int digits) {
    int bytes = (digits + 1) / 2;
    long packed = row.bigEndian(3 + bytes) - (0x800000L << 8 * bytes);
    boolean negative = packed < 0;
    packed = Math.abs(packed);
    long fraction = packed & (1L << 8 * bytes) - 1;
    long clock = packed >> 8 * bytes;
    StringBuilder text = new StringBuilder(17);
    if (negative) {
      text.append('-');
    }
    clock(text, (int) (clock >> 12 & 0x3FF), (int) (clock >> 6 & 0x3F), (int) (clock & 0x3F));
    fraction(text, fraction * unit(bytes), digits);
    return text.toString();
  }

  private static long micros(Bytes row, int digits) {
    int bytes = (digits + 1) / 2;
    return bytes == 0 ? 0 : row.bigEndian(bytes) * unit(bytes);
  }

  /** Microseconds of the smallest step that so many bytes hold. */
  private static long unit(int bytes) {
    return switch (bytes) {
      case 1 -> 10_000;
      case 2 -> 100;
      default -> 1;
    };
  }

  private static void date(StringBuilder text, int year, int month, int day) {
    number(text, year, 4);
    number(text.append('-'), month, 2);
    number(text.append('-'), day, 2);
  }

  private static void clock(StringBuilder text, int hour, int minute, int second) {
    number(text, hour, 2);
    number(text.append(':'), minute, 2);
    number(text.append(':'), second, 2);
  }

  private static void fraction(StringBuilder text, long micros, int digits) {
    if (digits > 0) {
      text.append('.').append(Long.toString(MICROS + micros), 1, 1 + digits);
    }
  }

  private static void number(StringBuilder text, int value, int width) {
    String digits = Integer.toString(value);
    text.append("0".repeat(Math.max(0, width - digits.length()))).append(digits);
  }
}
