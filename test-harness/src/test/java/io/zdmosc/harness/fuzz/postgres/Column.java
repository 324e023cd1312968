package io.zdmosc.harness.fuzz.postgres;

import java.util.List;

/**
 * A column of a random table.
 *
 * @param name in quotes
 * @param kind its type and values
 * @param nullable whether some of its values are NULL, unless its domain does not allow it
 */
record Column(String name, ColumnKind kind, boolean nullable) {
  private static final int NULL_EVERY = 6;

  Column {
    nullable = nullable && !kind.type().equals("short");
  }

  /** The value that belongs to a number. */
  String valueOf(String number) {
    String value = kind.valueOf(number);
    return nullable
        ? "CASE WHEN (" + number + ") % " + NULL_EVERY + " <> 0 THEN " + value + " END"
        : value;
  }

  /** Whether its type is one that the server has by itself. */
  boolean isOfTheServers() {
    return !List.of("mood", "pair", "short", "\"posi tive\"", "text COLLATE folded")
        .contains(kind.type());
  }

  boolean is(String typePart) {
    return kind.type().contains(typePart);
  }
}
