package io.zdmosc.harness.fuzz.mysql;

import static io.zdmosc.harness.fuzz.mysql.Kinds.any;

import io.zdmosc.cli.server.Product;
import io.zdmosc.harness.fuzz.mysql.Kind.Family;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Random parts of definitions: columns, indexes, checks, options, partitions. */
final class Parts {
  private final Random random;
  private final Product product;
  private final Kinds kinds;

  Parts(Random random, Product product) {
    this.random = random;
    this.product = product;
    this.kinds = new Kinds(product);
  }

  Kinds kinds() {
    return kinds;
  }

  /** A column that may be generated from one of the others. */
  FuzzedColumn column(String name, List<FuzzedColumn> others) {
    if (!others.isEmpty() && random.nextInt(6) == 0) {
      return generated(name, others);
    }
    return column(name, kinds.any(random));
  }

  FuzzedColumn column(String name, Kind kind) {
    StringBuilder text = new StringBuilder(kind.type());
    boolean required = random.nextInt(4) == 0;
    text.append(
        required ? " NOT NULL" : kind.type().endsWith(" NULL") ? "" : any(random, "", " NULL"));
    switch (random.nextInt(5)) {
      case 0 -> text.append(byDefault(kind));
      case 1 -> text.append(expression(kind));
      default -> {}
    }
    if (random.nextInt(8) == 0) {
      text.append(" INVISIBLE");
    }
    return new FuzzedColumn(name, kind, text + comment(" "), true);
  }

  String byDefault(Kind kind) {
    boolean clock = kind.type().startsWith("DATETIME") || kind.type().startsWith("TIMESTAMP");
    if (clock && random.nextBoolean()) {
      String now = "CURRENT_TIMESTAMP" + kind.type().replaceAll("[^(0-9)]", "");
      return " DEFAULT " + now + any(random, "", " ON UPDATE " + now);
    }
    return " DEFAULT " + (kind.isLong() ? "(" + kind.literal(random) + ")" : kind.literal(random));
  }

  private String expression(Kind kind) {
    return " DEFAULT (" + any(random, kind.literal(random), "1 + 1", "CONCAT('a', 'ä')") + ")";
  }

  private String comment(String before) {
    return any(
        random, "", "", "", before + "COMMENT " + any(random, "'it''s'", "'ä😀'", "'a;b,c) --'"));
  }

  private FuzzedColumn generated(String name, List<FuzzedColumn> others) {
    FuzzedColumn from = others.get(random.nextInt(others.size()));
    String of = from.sql();
    String definition =
        any(
            random,
            "VARCHAR(300) AS (CONCAT(" + of + ", '-'))",
            "INT AS (LENGTH(" + of + "))",
            "CHAR(32) AS (MD5(" + of + "))",
            "BIGINT AS (" + of + " + 1)",
            "VARCHAR(40) AS (LEFT(UPPER(" + of + "), 40)) INVISIBLE",
            "DOUBLE AS (" + of + " / 3)",
            "BOOLEAN AS (" + of + " IS NULL)");
    String kept = any(random, " VIRTUAL", " STORED");
    return new FuzzedColumn(
        name, kinds.of(Family.NUMBER, random), definition + kept + comment(" "), false);
  }

  /** As it stands behind ADD, or in a table's definition. */
  String index(String name, List<FuzzedColumn> columns) {
    FuzzedColumn first = columns.get(random.nextInt(columns.size()));
    String quoted = Names.quoted(name);
    if (first.kind().family() == Family.SHAPE) {
      return "SPATIAL INDEX " + quoted + " (" + first.sql() + ")";
    }
    if (first.kind().family() == Family.TEXT && random.nextInt(3) == 0) {
      return "FULLTEXT INDEX " + quoted + " (" + first.sql() + ")";
    }
    if (product == Product.MYSQL && random.nextInt(5) == 0) {
      String hash =
          any(random, "MD5(%s)", "LENGTH(%s)", "%s + 1", "%s IS NULL").formatted(first.sql());
      return "INDEX " + quoted + " ((" + hash + "))";
    }
    List<String> parts = new ArrayList<>(List.of(first.part(random)));
    for (int i = random.nextInt(3); i > 0; i--) {
      parts.add(columns.get(random.nextInt(columns.size())).part(random));
    }
    return any(random, "", "", "", "UNIQUE ")
        + "INDEX "
        + quoted
        + " ("
        + String.join(", ", parts)
        + ")"
        + any(random, "", "", " USING BTREE", comment(" "), " KEY_BLOCK_SIZE=8")
        + any(random, "", "", "", product == Product.MYSQL ? " INVISIBLE" : " IGNORED");
  }

  String check(String name, List<FuzzedColumn> columns) {
    String of = columns.get(random.nextInt(columns.size())).sql();
    String condition =
        any(random, "%s IS NOT NULL OR 1 = 1", "LENGTH(%s) < 400", "HEX(%s) <> 'a'").formatted(of);
    boolean named = random.nextInt(3) > 0;
    return (named ? "CONSTRAINT " + Names.quoted(name) + " " : "")
        + "CHECK ("
        + condition
        + ")"
        + (product == Product.MYSQL ? any(random, "", "", " NOT ENFORCED") : "");
  }

  /** An option of the whole table. */
  String option() {
    return any(
        random,
        "ROW_FORMAT = " + any(random, "COMPACT", "DYNAMIC", "REDUNDANT", "COMPRESSED", "DEFAULT"),
        "KEY_BLOCK_SIZE = " + any(random, "0", "4", "8"),
        "STATS_PERSISTENT = " + any(random, "0", "1", "DEFAULT"),
        "STATS_AUTO_RECALC = " + any(random, "0", "1", "DEFAULT"),
        "STATS_SAMPLE_PAGES = " + any(random, "DEFAULT", "7"),
        "COMMENT = " + any(random, "''", "'it''s a `table`'", "'ä😀'", "'AUTO_INCREMENT=5'"),
        "AUTO_INCREMENT = " + (3_000 + random.nextInt(3_000)),
        "CHECKSUM = " + any(random, "0", "1"),
        "MAX_ROWS = " + random.nextInt(9_000),
        "MIN_ROWS = 5",
        "AVG_ROW_LENGTH = 50",
        "PACK_KEYS = " + any(random, "0", "1"),
        "DELAY_KEY_WRITE = 1",
        "DEFAULT" + charset(),
        "DEFAULT" + charset());
  }

  /** With a blank before it. */
  String charset() {
    String text = "";
    while (text.isEmpty()) {
      text = Kinds.collation(random);
    }
    return text;
  }

  String partitions(List<FuzzedColumn> key) {
    FuzzedColumn one = key.get(random.nextInt(key.size()));
    return "PARTITION BY "
        + any(
            random,
            "HASH (" + one.sql() + ") PARTITIONS 3",
            "LINEAR HASH (" + one.sql() + ") PARTITIONS 4",
            "KEY (" + one.sql() + ") PARTITIONS 2",
            "LINEAR KEY (" + one.sql() + ") PARTITIONS 3",
            "RANGE ("
                + one.sql()
                + ") (PARTITION `p``1` VALUES LESS THAN (300) COMMENT = 'low',"
                + " PARTITION pm VALUES LESS THAN MAXVALUE)",
            "RANGE ("
                + one.sql()
                + ") SUBPARTITION BY HASH ("
                + one.sql()
                + ") SUBPARTITIONS 2 (PARTITION a VALUES LESS THAN (500),"
                + " PARTITION b VALUES LESS THAN MAXVALUE)",
            "RANGE COLUMNS ("
                + one.sql()
                + ") (PARTITION a VALUES LESS THAN ("
                + keyBound(one)
                + "), PARTITION b VALUES LESS THAN (MAXVALUE))",
            "LIST ("
                + one.sql()
                + " MOD 3) (PARTITION a VALUES IN (0, 1), PARTITION b VALUES IN (2))");
  }

  private String keyBound(FuzzedColumn column) {
    return column.kind().literal(random);
  }
}
