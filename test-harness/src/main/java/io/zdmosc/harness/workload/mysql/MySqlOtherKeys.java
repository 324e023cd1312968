package io.zdmosc.harness.workload.mysql;

import static io.zdmosc.harness.workload.table.KeyNumbers.extremesThen;
import static io.zdmosc.harness.workload.table.KeyNumbers.scatter;

import io.zdmosc.harness.workload.table.KeyColumn;
import io.zdmosc.harness.workload.table.KeyKind;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.UUID;

/** Keys of bytes and of time. */
public final class MySqlOtherKeys {
  private static final LocalDateTime START = LocalDateTime.of(1969, 12, 28, 23, 59, 58);
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS");
  private static final DateTimeFormatter MILLIS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS");

  /** Many end in zeros, which the binlog leaves out. */
  public static final KeyKind BINARY_8 =
      KeyKind.named(
              "binary_8",
              extremesThen(
                  List.of(
                      "0000000000000000",
                      "ffffffffffffffff",
                      "6100000000000000",
                      "6120000000000000",
                      "2000000000000000"),
                  slot -> String.format("%08x00000000", scatter(slot, 32) | 0x4000_0000L)),
              KeyColumn.of("hash", "binary(8)"))
          .capacity(1 << 29)
          .build();

  public static final KeyKind VARBINARY =
      KeyKind.named(
              "varbinary",
              extremesThen(
                  List.of("", "00", "0000", "ff", "20", "2020", "5c", "27"),
                  slot -> String.format("%08x00", slot)),
              KeyColumn.of("hash", "varbinary(16)"))
          .build();

  public static final KeyKind UUID_BINARY =
      KeyKind.named(
              "uuid_binary_16",
              extremesThen(
                  List.of("0".repeat(32), "f".repeat(32)), slot -> uuid(slot).replace("-", "")),
              KeyColumn.of("id", "binary(16)"))
          .build();

  public static final KeyKind UUID_TYPE =
      KeyKind.named(
              "uuid",
              extremesThen(
                  List.of(
                      "00000000-0000-0000-0000-000000000000",
                      "ffffffff-ffff-ffff-ffff-ffffffffffff"),
                  MySqlOtherKeys::uuid),
              KeyColumn.of("id", "uuid"))
          .build();

  public static final KeyKind INET6 =
      KeyKind.named(
              "inet6",
              extremesThen(
                  List.of("::", "::ffff:1.2.3.4"),
                  slot -> String.format("2001:db8::%x:%x", 1 + (slot >> 16), 1 + (slot & 0xfff))),
              KeyColumn.of("addr", "inet6"))
          .capacity(4096)
          .build();

  public static final KeyKind DATETIME_6 =
      KeyKind.named(
              "datetime_6",
              extremesThen(
                  List.of("1000-01-01 00:00:00.000000", "9999-12-31 23:59:59.999999"),
                  slot -> START.plusNanos(slot * 1_000_003_000L).format(MICROS)),
              KeyColumn.of("at_key", "datetime(6)"))
          .build();

  public static final KeyKind TIMESTAMP_3 =
      KeyKind.named(
              "timestamp_3",
              extremesThen(
                  List.of("1971-01-01 00:00:00.000", "2037-12-31 00:00:00.999"),
                  slot -> START.plusYears(32).plusNanos(slot * 1_001_000_000L).format(MILLIS)),
              KeyColumn.of("at_key", "timestamp(3)"))
          .build();

  public static final KeyKind DATE =
      KeyKind.named(
              "date",
              extremesThen(
                  List.of("1000-01-01", "9999-12-31"),
                  slot -> LocalDate.of(1900, 1, 1).plusDays(slot).toString()),
              KeyColumn.of("day", "date"))
          .capacity(2_900_000)
          .build();

  /** Durations, of which half are negative. */
  public static final KeyKind TIME_2 =
      KeyKind.named(
              "time_2",
              extremesThen(
                  List.of("838:59:59.00", "-838:59:59.00", "00:00:00.00"),
                  slot ->
                      String.format(
                          "%s%02d:%02d:%02d.%02d",
                          slot % 2 == 0 ? "" : "-",
                          slot / 7200 % 800,
                          slot / 120 % 60,
                          slot / 2 % 60,
                          1 + slot % 7)),
              KeyColumn.of("duration", "time(2)"))
          .capacity(1_000_000)
          .build();

  public static final List<KeyKind> ALL =
      List.of(BINARY_8, VARBINARY, UUID_BINARY, DATETIME_6, TIMESTAMP_3, DATE, TIME_2);

  private MySqlOtherKeys() {}

  /** Of version 4: MariaDB takes no others than those of a version. */
  private static String uuid(long slot) {
    long high = (scatter(slot, 62) & ~0xf000L) | 0x4000;
    return new UUID(high, scatter(slot + 1, 60) | Long.MIN_VALUE).toString();
  }
}
