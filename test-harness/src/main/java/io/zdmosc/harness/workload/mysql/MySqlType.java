package io.zdmosc.harness.workload.mysql;

import io.zdmosc.harness.workload.table.Column;
import java.util.Locale;
import java.util.Set;

/** How values of a type are written in statements. */
enum MySqlType {
  /** As a number: a quoted one would be compared as floating point, or stored as its letters. */
  NUMBER,
  /** As hexadecimal digits. */
  BYTES,
  /** As a quoted text. */
  TEXT;

  private static final Set<String> NUMBERS =
      Set.of(
          "tinyint", "smallint", "mediumint", "int", "bigint", "decimal", "double", "bit", "year");
  private static final Set<String> BINARIES =
      Set.of("binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob");

  static MySqlType of(Column column) {
    String name = column.type().toLowerCase(Locale.ROOT).split("[( ]", 2)[0];
    if (NUMBERS.contains(name)) {
      return NUMBER;
    }
    return BINARIES.contains(name) ? BYTES : TEXT;
  }
}
