package io.zdmosc.harness.workload.postgres;

import static io.zdmosc.harness.workload.table.KeyNumbers.extremesThen;

import io.zdmosc.harness.workload.table.KeyColumn;
import io.zdmosc.harness.workload.table.KeyKind;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;

/** Keys of time. */
public final class PostgresTimeKeys {
  private static final LocalDateTime START = LocalDateTime.of(1969, 12, 28, 23, 59, 58);

  /** The second spelling is the same instant in another zone, and is stored like the first. */
  public static final KeyKind TIMESTAMPTZ =
      KeyKind.named(
              "timestamptz",
              (slot, variant) -> List.of(instant(slot, variant)),
              KeyColumn.of("at_key", "timestamp with time zone"))
          .variants(2)
          .build();

  public static final KeyKind TIMESTAMP =
      KeyKind.named(
              "timestamp",
              extremesThen(
                  List.of(
                      "infinity",
                      "-infinity",
                      "4713-01-01 00:00:00 BC",
                      "294276-12-31 23:59:59.999999"),
                  slot -> micros(slot).toString()),
              KeyColumn.of("at_key", "timestamp"))
          .build();

  public static final KeyKind DATE =
      KeyKind.named(
              "date",
              extremesThen(
                  List.of("infinity", "-infinity", "0044-03-15 BC", "5874897-12-31"),
                  slot -> LocalDate.of(1900, 1, 1).plusDays(slot).toString()),
              KeyColumn.of("day", "date"))
          .capacity(2_900_000)
          .build();

  /** Other spellings are equal by value, and stored as they are: a day is not 24 hours. */
  public static final KeyKind INTERVAL =
      KeyKind.named("interval", PostgresTimeKeys::interval, KeyColumn.of("duration", "interval"))
          .variants(2)
          .build();

  public static final List<KeyKind> ALL = List.of(TIMESTAMPTZ, TIMESTAMP, DATE, INTERVAL);

  private PostgresTimeKeys() {}

  private static LocalDateTime micros(long slot) {
    return START.plusNanos(slot * 1_000_003_000L);
  }

  private static String instant(long slot, int variant) {
    if (slot < 2) {
      return slot == 0 ? "infinity" : "-infinity";
    }
    return variant == 1 ? micros(slot).plusHours(9) + "+09" : micros(slot) + "+00";
  }

  private static List<String> interval(long slot, int variant) {
    if (slot == 0) {
      return List.of(variant == 1 ? "30 days" : "1 mon");
    }
    long hours = 1000 + slot;
    return List.of(variant == 1 ? hours / 24 + " days " + hours % 24 + " hours" : hours + " hours");
  }
}
