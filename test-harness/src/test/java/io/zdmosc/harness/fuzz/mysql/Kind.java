package io.zdmosc.harness.fuzz.mysql;

import java.util.Random;
import java.util.function.Function;

/**
 * A type of columns, with values of it.
 *
 * @param type as a definition says it, with character set and collation
 * @param literals gives values, among them those at the edges; some the server may refuse
 */
record Kind(String type, Family family, Function<Random, String> literals) {
  /** What converts into one another more often than not. */
  enum Family {
    NUMBER,
    TEXT,
    BYTES,
    TIME,
    CHOICE,
    DOCUMENT,
    SHAPE,
    OTHER
  }

  String literal(Random random) {
    return literals.apply(random);
  }

  boolean isLong() {
    return type.contains("TEXT") || type.contains("BLOB");
  }
}
