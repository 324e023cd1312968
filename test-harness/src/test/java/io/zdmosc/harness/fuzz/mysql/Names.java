package io.zdmosc.harness.fuzz.mysql;

import java.util.HashSet;
import java.util.Locale;
import java.util.Random;
import java.util.Set;

/** Names, some of them hostile; none is given twice. */
final class Names {
  private static final String[] HOSTILE = {
    "`", "a`b", "``", "sel ect", "select", "from", "ä é", "x.y", "%", "\"", "it's", "(", ");--",
        "/*",
    "#", "\\", "日本語", "KEY", "primary key", ",", "?", ":x", "@v", "zdm_n", "id", "0", "1e3", "$",
    "COLUMN", "after", "first", "to", "default"
  };

  private final Random random;
  private final Set<String> given = new HashSet<>();

  Names(Random random) {
    this.random = random;
  }

  String next(String prefix) {
    String name = propose(prefix);
    while (!given.add(name.toLowerCase(Locale.ROOT))) {
      name = propose(prefix) + random.nextInt(100);
    }
    return name;
  }

  private String propose(String prefix) {
    return switch (random.nextInt(12)) {
      case 0, 1 -> Kinds.any(random, HOSTILE);
      case 2 -> prefix + "x".repeat(60 - prefix.length());
      default -> prefix + random.nextInt(100);
    };
  }

  static String quoted(String name) {
    return "`" + name.replace("`", "``") + "`";
  }
}
