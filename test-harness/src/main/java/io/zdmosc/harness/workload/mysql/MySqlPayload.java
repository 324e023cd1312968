package io.zdmosc.harness.workload.mysql;

import io.zdmosc.harness.workload.table.PayloadIds;
import io.zdmosc.harness.workload.table.PayloadTexts;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/** Values of the columns beside the key. */
final class MySqlPayload {
  private static final List<String> KINDS = List.of("low", "high", "it's", "");
  private static final List<String> TAGS = List.of("", "red", "red,green", "it's", "green,it's");

  private MySqlPayload() {}

  static String shortText(String id, Random random) {
    return switch (id) {
      case PayloadIds.NOTE -> PayloadTexts.note(random);
      case PayloadIds.AMOUNT -> PayloadTexts.amount(random);
      case PayloadIds.AT -> at(random);
      case PayloadIds.FLAG -> List.of("0", "1", "-128").get(random.nextInt(3));
      case PayloadIds.KIND -> random.nextInt(6) == 0 ? null : any(KINDS, random);
      case PayloadIds.TAGS -> random.nextInt(6) == 0 ? null : any(TAGS, random);
      case PayloadIds.RAW -> raw(random);
      case PayloadIds.MASK ->
          random.nextInt(6) == 0 ? null : Integer.toString(random.nextInt(4096));
      default -> throw new IllegalArgumentException("no values for column " + id);
    };
  }

  private static String any(List<String> values, Random random) {
    return values.get(random.nextInt(values.size()));
  }

  private static String at(Random random) {
    if (random.nextInt(8) == 0) {
      return null;
    }
    return String.format(
        "%04d-%02d-%02d %02d:%02d:%02d.%03d",
        1971 + random.nextInt(66),
        1 + random.nextInt(12),
        1 + random.nextInt(28),
        random.nextInt(24),
        random.nextInt(60),
        random.nextInt(60),
        random.nextInt(1000));
  }

  /** Bytes of all kinds, often ending in zeros, which are part of the value; now and then many. */
  private static String raw(Random random) {
    int choice = random.nextInt(8);
    if (choice == 0) {
      return null;
    }
    byte[] bytes = new byte[choice == 1 ? 3000 : random.nextInt(12)];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes) + (choice > 5 ? "0000" : "");
  }
}
