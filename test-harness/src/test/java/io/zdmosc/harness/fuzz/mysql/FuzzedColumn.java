package io.zdmosc.harness.fuzz.mysql;

import java.util.Random;

/**
 * A column of a random table.
 *
 * @param definition what follows its name
 * @param written false where the server fills it in
 */
record FuzzedColumn(String name, Kind kind, String definition, boolean written) {
  String sql() {
    return Names.quoted(name);
  }

  String literal(Random random) {
    boolean some = definition.contains("NOT NULL") || random.nextInt(6) > 0;
    return some ? kind.literal(random) : "NULL";
  }

  /** As part of an index. */
  String part(Random random) {
    boolean cut = kind.isLong() || kind.type().startsWith("VARCHAR(300") || random.nextInt(8) == 0;
    boolean text = kind.family() == Kind.Family.TEXT || kind.family() == Kind.Family.BYTES;
    return sql()
        + (cut && text ? "(" + (1 + random.nextInt(9)) + ")" : "")
        + (random.nextInt(5) == 0 ? " DESC" : "");
  }
}
