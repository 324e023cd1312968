package io.zdmosc.harness.fuzz.mysql;

import io.zdmosc.harness.fuzz.mysql.Kind.Family;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.IntFunction;

/** What rows are told apart by: types that have a value of their own for each of many numbers. */
final class KeyKinds {
  /** Rows have numbers below this one. */
  static final int NUMBERS = 3_000;

  /**
   * One column of a key.
   *
   * @param automatic true where the server may give the numbers
   */
  record KeyKind(String type, Family family, IntFunction<String> value, boolean automatic) {
    Kind kind() {
      return new Kind(type, family, random -> value.apply(random.nextInt(NUMBERS)));
    }
  }

  private static final List<KeyKind> ALL =
      List.of(
          new KeyKind("INT", Family.NUMBER, n -> "" + (n + 1), true),
          new KeyKind("BIGINT UNSIGNED", Family.NUMBER, n -> "" + (n + 1), true),
          new KeyKind("BIGINT", Family.NUMBER, n -> "" + (n - 1_000) * 7_000_000_000L, false),
          new KeyKind("MEDIUMINT UNSIGNED ZEROFILL", Family.NUMBER, n -> "" + n, false),
          new KeyKind("DECIMAL(20,4)", Family.NUMBER, n -> (n - 900) + ".0" + n % 7, false),
          new KeyKind("BIT(13)", Family.NUMBER, n -> "b'" + Integer.toBinaryString(n) + "'", false),
          text("VARCHAR(40)"),
          text("VARCHAR(40) CHARACTER SET latin1"),
          text("VARCHAR(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"),
          text("VARCHAR(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci"),
          text("VARCHAR(40) CHARACTER SET ucs2"),
          text("VARCHAR(40) CHARACTER SET sjis"),
          text("CHAR(20) CHARACTER SET utf8mb3"),
          new KeyKind("VARBINARY(12)", Family.BYTES, KeyKinds::zeros, false),
          new KeyKind("BINARY(6)", Family.BYTES, n -> String.format("x'%04x00'", n), false),
          new KeyKind(
              "DATETIME(6)", Family.TIME, n -> "'2021-03-28 02:30:00." + six(n) + "'", false),
          new KeyKind("TIMESTAMP(3)", Family.TIME, KeyKinds::moment, false),
          new KeyKind("DATE", Family.TIME, n -> "'2020-01-01' + INTERVAL " + n + " DAY", false),
          new KeyKind("TIME(2)", Family.TIME, n -> "SEC_TO_TIME(" + (n - 1_500) + ".25)", false));

  private static final KeyKind CHOICE =
      new KeyKind(
          "ENUM('z','a','ä') CHARACTER SET utf8mb4 COLLATE utf8mb4_bin",
          Family.CHOICE,
          n -> List.of("'a'", "'ä'", "'z'").get(n % 3),
          false);

  private KeyKinds() {}

  private static KeyKind text(String type) {
    return new KeyKind(type, Family.TEXT, KeyKinds::word, false);
  }

  /** Many differ only in what some collations take for the same. */
  private static String word(int n) {
    String base = "k" + n / 4;
    return switch (n % 4) {
      case 0 -> "'" + base + "'";
      case 1 -> "'" + base.toUpperCase(Locale.ROOT) + "'";
      case 2 -> "'" + base + "é '";
      default -> "'" + base + "\\''";
    };
  }

  private static String zeros(int n) {
    return String.format("x'%04x%s'", n / 3, "00".repeat(n % 3));
  }

  private static String moment(int n) {
    return "'2021-03-28 00:30:00' + INTERVAL " + n * 7 + " MINUTE";
  }

  private static String six(int n) {
    return String.format("%06d", n * 11);
  }

  /** One to three columns; the last is always one of many values. */
  static List<KeyKind> any(Random random) {
    KeyKind last = ALL.get(random.nextInt(3) == 0 ? random.nextInt(2) : random.nextInt(ALL.size()));
    if (random.nextInt(3) > 0) {
      return List.of(last);
    }
    KeyKind first = random.nextBoolean() ? CHOICE : ALL.get(random.nextInt(ALL.size()));
    return first == CHOICE && random.nextBoolean() ? List.of(last, first) : List.of(first, last);
  }
}
