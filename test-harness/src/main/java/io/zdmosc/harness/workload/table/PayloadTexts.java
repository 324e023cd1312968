package io.zdmosc.harness.workload.table;

import java.util.Base64;
import java.util.List;
import java.util.Random;

/** Values for the payload that mean the same to every database. */
public final class PayloadTexts {
  private static final List<String> NOTES =
      List.of(
          "",
          " ",
          "  trailing  ",
          "plain",
          "it's",
          "\"quoted\"",
          "back\\slash",
          "a,b\tc\nd",
          "NULL",
          "null",
          "😀 ünïcødé",
          "\u00a0",
          "%s ? $1 {x}",
          "0",
          "true");

  private PayloadTexts() {}

  /** Returns a short text, or null. */
  public static String note(Random random) {
    int choice = random.nextInt(NOTES.size() + 5);
    if (choice < NOTES.size()) {
      return NOTES.get(choice);
    }
    return choice == NOTES.size() ? null : "note " + random.nextInt();
  }

  /** Returns a decimal number of up to three places. */
  public static String amount(Random random) {
    String whole = Integer.toString(random.nextInt(2_000_000) - 1_000_000);
    return whole + List.of("", ".0", ".00", ".5", ".25", ".125").get(random.nextInt(6));
  }

  /** Returns a long text, or null. */
  public static String big(Random random) {
    return switch (random.nextInt(6)) {
      case 0 -> null;
      case 1 -> "";
      case 2 -> noise(random, 200);
      default -> noise(random, 2_500 + random.nextInt(6_000));
    };
  }

  /** Returns a JSON document, or null. */
  public static String doc(Random random) {
    return switch (random.nextInt(5)) {
      case 0 -> null;
      case 1 -> "{\"b\": 1.0,  \"a\": [null, true, \"it's\"]}";
      case 2 -> "{\"s\": \"" + noise(random, 3_000) + "\"}";
      default -> "{\"n\": " + random.nextInt() + "}";
    };
  }

  /** Does not compress. */
  private static String noise(Random random, int length) {
    byte[] bytes = new byte[length * 3 / 4];
    random.nextBytes(bytes);
    return Base64.getEncoder().encodeToString(bytes);
  }
}
