package io.zdmosc.harness.fuzz.postgres;

import java.util.ArrayList;
import java.util.List;

/** Names that nobody else in the same story has, harmless ones and hostile ones. */
final class Names {
  private static final List<String> COLUMNS =
      List.of(
          "a",
          "b",
          "c",
          "d",
          "e",
          "A",
          "id",
          "key",
          "value",
          "old",
          "new",
          "select",
          "order",
          "user",
          "k",
          "s",
          "t",
          "n",
          "zdm_n",
          "zdm_s",
          "zdm_k1",
          "zdm_1",
          "k1",
          "excluded",
          "source",
          "row",
          "default",
          "B lank",
          " ",
          "sel\"ect",
          "\"",
          "it's",
          "'; --",
          "per%cent",
          "que?stion",
          "col:on",
          "back\\slash",
          "$$",
          "$1",
          "{x}",
          "Ünï ☃",
          "new\nline",
          "(",
          "a, b",
          "1",
          "x".repeat(63),
          "ä".repeat(31));

  private final Dice dice;
  private final List<String> free;
  private int counted;

  Names(Dice dice) {
    this.dice = dice;
    this.free = new ArrayList<>(COLUMNS);
  }

  /** A name in quotes. */
  String column() {
    if (free.isEmpty()) {
      return quoted("column " + counted++);
    }
    return quoted(free.remove(dice.below(free.size())));
  }

  /** A name for anything else, in quotes. */
  String other(String kind) {
    counted++;
    return quoted(
        dice.of(
            kind + counted,
            kind + " \"" + counted,
            "Ä'" + kind + counted,
            (kind + counted + "_".repeat(63)).substring(0, 63)));
  }

  private static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }
}
