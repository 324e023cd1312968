package io.zdmosc.harness.fuzz.postgres;

import java.util.List;

/**
 * A type of column.
 *
 * @param type as it is written in a definition
 * @param value an expression that makes a value of a number; the number is written #
 * @param differs whether different numbers always make different values
 * @param into what it can be altered to: a type, or a type with USING and the column written @
 */
record ColumnKind(String type, String value, boolean differs, List<String> into) {
  private static final String COLLATE = " COLLATE .*";

  static ColumnKind of(String type, String value, String... into) {
    return new ColumnKind(type, value, false, List.of(into));
  }

  static ColumnKind differing(String type, String value, String... into) {
    return new ColumnKind(type, value, true, List.of(into));
  }

  /** The value that belongs to a number. */
  String valueOf(String number) {
    return "(" + value.replace("#", "(" + number + ")") + ")::" + type.replaceFirst(COLLATE, "");
  }
}
