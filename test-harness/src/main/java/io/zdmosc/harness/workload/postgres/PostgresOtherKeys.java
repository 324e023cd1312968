package io.zdmosc.harness.workload.postgres;

import static io.zdmosc.harness.workload.table.KeyNumbers.extremesThen;
import static io.zdmosc.harness.workload.table.KeyNumbers.scatter;

import io.zdmosc.harness.workload.table.KeyColumn;
import io.zdmosc.harness.workload.table.KeyKind;
import java.util.List;
import java.util.UUID;

/** Keys of other types, and of several columns. */
public final class PostgresOtherKeys {
  public static final KeyKind UUID_KEY =
      KeyKind.named(
              "uuid",
              extremesThen(
                  List.of(
                      "00000000-0000-0000-0000-000000000000",
                      "ffffffff-ffff-ffff-ffff-ffffffffffff"),
                  slot -> new UUID(scatter(slot, 62), scatter(slot + 1, 60)).toString()),
              KeyColumn.of("id", "uuid"))
          .build();

  /** Other spellings are equal by value, and stored with their own scale. */
  public static final KeyKind NUMERIC =
      KeyKind.named(
              "numeric",
              (slot, variant) -> List.of(numeric(slot, variant)),
              KeyColumn.of("id", "numeric"))
          .variants(3)
          .build();

  /** Zero and minus zero are equal, and stored as they are. */
  public static final KeyKind FLOAT8 =
      KeyKind.named(
              "float8",
              (slot, variant) -> List.of(float8(slot, variant)),
              KeyColumn.of("id", "double precision"))
          .variants(2)
          .build();

  public static final KeyKind BYTEA =
      KeyKind.named(
              "bytea",
              extremesThen(
                  List.of("\\x", "\\x00", "\\x0000", "\\xff", "\\x5c"),
                  slot -> String.format("\\x%08x00", scatter(slot, 32))),
              KeyColumn.of("hash", "bytea"))
          .build();

  public static final KeyKind INET =
      KeyKind.named(
              "inet",
              extremesThen(
                  List.of("0.0.0.0/0", "::", "192.168.1.5/24", "192.168.1.5", "::ffff:1.2.3.4"),
                  slot ->
                      slot % 2 == 0
                          ? String.format(
                              "10.%d.%d.%d", slot >> 16 & 255, slot >> 8 & 255, slot & 255)
                          : String.format("2001:db8::%x:%x", slot >> 16, slot & 0xffff)),
              KeyColumn.of("addr", "inet"))
          .build();

  public static final KeyKind MACADDR =
      KeyKind.named(
              "macaddr",
              (slot, variant) -> List.of(String.format("%012x", scatter(slot, 48))),
              KeyColumn.of("mac", "macaddr"))
          .build();

  public static final KeyKind BIT_16 =
      KeyKind.named(
              "bit_16", (slot, variant) -> List.of(bits(slot)), KeyColumn.of("mask", "bit(16)"))
          .capacity(1 << 16)
          .build();

  public static final KeyKind BOOLEAN_INT =
      KeyKind.named(
              "boolean_int",
              (slot, variant) -> List.of(slot % 2 == 0 ? "true" : "false", Long.toString(slot / 2)),
              KeyColumn.of("side", "boolean"),
              KeyColumn.of("id", "integer"))
          .build();

  /** The labels' order is not that of their letters. */
  public static final KeyKind ENUM_INT =
      KeyKind.named(
              "enum_int",
              (slot, variant) ->
                  List.of(List.of("low", "high", "it's").get((int) (slot % 3)), "" + slot / 3),
              KeyColumn.of("level", "urgency"),
              KeyColumn.of("id", "integer"))
          .setup(
              "DO $$ BEGIN CREATE TYPE urgency AS ENUM ('low', 'high', 'it''s');"
                  + " EXCEPTION WHEN duplicate_object THEN NULL; END $$")
          .build();

  /** No primary key; the unique index runs up in one column and down in the other. */
  public static final KeyKind MIXED_DIRECTIONS =
      KeyKind.named(
              "mixed_directions",
              (slot, variant) -> List.of(Long.toString(slot % 13 - 6), "b" + slot / 13),
              KeyColumn.of("a", "integer"),
              new KeyColumn("b", "text", "NOT NULL", "DESC"))
          .withoutPrimaryKey()
          .build();

  public static final List<KeyKind> ALL =
      List.of(
          UUID_KEY,
          NUMERIC,
          FLOAT8,
          BYTEA,
          INET,
          MACADDR,
          BIT_16,
          BOOLEAN_INT,
          ENUM_INT,
          MIXED_DIRECTIONS);

  private PostgresOtherKeys() {}

  private static String numeric(long slot, int variant) {
    List<String> extremes = List.of("NaN", "0", "-1", "0.0000001", "1e30");
    if (slot < extremes.size()) {
      return extremes.get((int) slot);
    }
    return (slot % 2 == 0 ? "-" : "") + slot + new String[] {"", ".0", ".00"}[variant];
  }

  private static String float8(long slot, int variant) {
    List<String> extremes =
        List.of("NaN", "Infinity", "-Infinity", "5e-324", "1.7976931348623157e308");
    if (slot < extremes.size()) {
      return extremes.get((int) slot);
    }
    if (slot == extremes.size()) {
      return variant == 1 ? "-0" : "0";
    }
    return Double.toString(slot * (slot % 2 == 0 ? 0.1 : -1e10 / 3));
  }

  private static String bits(long slot) {
    String binary = Long.toBinaryString(scatter(slot, 16));
    return "0".repeat(16 - binary.length()) + binary;
  }
}
