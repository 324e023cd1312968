package io.zdmosc.harness.workload.mysql;

import static io.zdmosc.harness.workload.table.KeyNumbers.extremesThen;
import static io.zdmosc.harness.workload.table.KeyNumbers.scatter;

import io.zdmosc.harness.workload.table.KeyColumn;
import io.zdmosc.harness.workload.table.KeyKind;
import java.math.BigInteger;
import java.util.List;

/** Keys of numbers and bits. */
public final class MySqlNumberKeys {
  private static final BigInteger TWO_TO_63 = BigInteger.ONE.shiftLeft(63);

  /** Zero would be taken for a wish that the server make the key. */
  public static final KeyKind INT_AUTO =
      KeyKind.named(
              "int_auto",
              (slot, variant) -> List.of(Long.toString(slot % 5 == 0 ? -slot - 1 : slot)),
              new KeyColumn("id", "int", "NOT NULL AUTO_INCREMENT", "ASC"))
          .serverGenerated()
          .build();

  public static final KeyKind BIGINT_UNSIGNED_AUTO =
      KeyKind.named(
              "bigint_unsigned_auto",
              (slot, variant) -> List.of(Long.toString(slot + 1)),
              new KeyColumn("id", "bigint unsigned", "NOT NULL AUTO_INCREMENT", "ASC"))
          .serverGenerated()
          .build();

  public static final KeyKind INT =
      KeyKind.named(
              "int",
              extremesThen(
                  List.of("2147483647", "-2147483648", "0", "-1"),
                  slot -> Long.toString(slot % 5 == 0 ? -slot - 1 : slot)),
              KeyColumn.of("id", "int"))
          .build();

  public static final KeyKind BIGINT_UNSIGNED =
      KeyKind.named(
              "bigint_unsigned",
              extremesThen(
                  List.of(
                      "0", "9223372036854775807", "9223372036854775808", "18446744073709551615"),
                  slot ->
                      slot % 2 == 0
                          ? TWO_TO_63.add(BigInteger.valueOf(slot * 3)).toString()
                          : Long.toString(slot)),
              KeyColumn.of("id", "bigint unsigned"))
          .build();

  public static final KeyKind SMALL_PAIR =
      KeyKind.named(
              "tinyint_mediumint",
              (slot, variant) ->
                  List.of(Long.toString(slot % 11 - 5), Long.toString(16_777_215 - slot / 11)),
              KeyColumn.of("tenant", "tinyint"),
              KeyColumn.of("id", "mediumint unsigned"))
          .capacity(1_000_000)
          .build();

  /** Other spellings are equal by value, and stored like the first. */
  public static final KeyKind DECIMAL =
      KeyKind.named(
              "decimal",
              (slot, variant) ->
                  List.of(
                      (slot % 2 == 0 ? "-" : "") + slot + new String[] {"", ".0", ".00"}[variant]),
              KeyColumn.of("id", "decimal(20,4)"))
          .variants(3)
          .build();

  public static final KeyKind DOUBLE =
      KeyKind.named(
              "double",
              extremesThen(
                  List.of("0", "5E-324", "1.7976931348623157E308", "-1.7976931348623157E308"),
                  slot -> Double.toString(slot * (slot % 2 == 0 ? 0.1 : -1e10 / 3))),
              KeyColumn.of("id", "double"))
          .build();

  public static final KeyKind BIT_20 =
      KeyKind.named(
              "bit_20",
              (slot, variant) -> List.of(Long.toString(scatter(slot, 20))),
              KeyColumn.of("bits", "bit(20)"))
          .capacity(1 << 20)
          .build();

  public static final KeyKind BIT_64 =
      KeyKind.named(
              "bit_64",
              extremesThen(
                  List.of("0", "18446744073709551615", "9223372036854775808"),
                  Long::toUnsignedString),
              KeyColumn.of("bits", "bit(64)"))
          .build();

  public static final List<KeyKind> ALL =
      List.of(
          INT_AUTO,
          BIGINT_UNSIGNED_AUTO,
          INT,
          BIGINT_UNSIGNED,
          SMALL_PAIR,
          DECIMAL,
          DOUBLE,
          BIT_20,
          BIT_64);

  private MySqlNumberKeys() {}
}
