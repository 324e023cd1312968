package io.zdmosc.harness.fuzz.mysql;

import io.zdmosc.cli.server.Product;
import io.zdmosc.harness.fuzz.mysql.Kind.Family;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;

/** The types of columns that are drawn from, and their values. */
final class Kinds {
  private static final List<String> COLLATIONS =
      List.of(
          "",
          "",
          " CHARACTER SET latin1",
          " CHARACTER SET latin1 COLLATE latin1_german2_ci",
          " CHARACTER SET utf8mb3",
          " CHARACTER SET utf8mb3 COLLATE utf8mb3_bin",
          " CHARACTER SET utf8mb4 COLLATE utf8mb4_bin",
          " CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci",
          " CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci",
          " CHARACTER SET ucs2",
          " CHARACTER SET utf16",
          " CHARACTER SET sjis",
          " CHARACTER SET ascii");

  private static final String[] TAME = {"''", "'a'", "'A'", "'a '", "'12'", "'-1.50'", "'x y'"};
  private static final String[] WILD = {
    "' '",
    "'ä'",
    "'Ä'",
    "'ß'",
    "'ss'",
    "'o''brien'",
    "'back\\\\slash'",
    "'\\0nul'",
    "'a\\t'",
    "'line\\n'",
    "'表ソ'",
    "'😀'",
    "'e\u0301'",
    "'2020-02-29'",
    "REPEAT('x', 200)",
    "'null'",
    "'%_'",
    "'{\"a\": 1}'",
    "'\uFB01'",
    "'\u00A0'",
    "'\u200B'"
  };

  private final List<Kind> all = new ArrayList<>();

  Kinds(Product product) {
    numbers();
    times();
    bytes();
    for (String type : List.of("CHAR(9)", "VARCHAR(30)", "VARCHAR(300)", "TEXT", "MEDIUMTEXT")) {
      COLLATIONS.forEach(collation -> add(type + collation, Family.TEXT, Kinds::text));
    }
    add("TINYTEXT", Family.TEXT, Kinds::text);
    add("LONGTEXT", Family.TEXT, Kinds::text);
    choices();
    for (int i = 0; i < 3; i++) {
      add("JSON", Family.DOCUMENT, Kinds::document);
      add("POINT", Family.SHAPE, Kinds::point);
      add("GEOMETRY", Family.SHAPE, Kinds::shape);
    }
    if (product == Product.MYSQL) {
      add("POINT SRID 4326", Family.SHAPE, r -> "ST_GeomFromText('POINT(1 2)', 4326)");
      add("VECTOR(3)", Family.OTHER, r -> "STRING_TO_VECTOR('[1," + r.nextInt(9) + ",-0.5]')");
    } else {
      add("UUID", Family.OTHER, r -> String.format("'123e4567-e89b-12d3-a456-%012d'", bound(r)));
      add("INET6", Family.OTHER, r -> "'::" + r.nextInt(9999) + "'");
      add("INET4", Family.OTHER, r -> "'10.0.0." + r.nextInt(256) + "'");
    }
  }

  private void numbers() {
    add("TINYINT", Family.NUMBER, r -> any(r, "-128", "127", "0", "5", small(r)));
    add("SMALLINT UNSIGNED", Family.NUMBER, r -> any(r, "0", "65535", "5", natural(r)));
    add("INT", Family.NUMBER, r -> any(r, "-2147483648", "2147483647", whole(r), small(r)));
    add("INT UNSIGNED ZEROFILL", Family.NUMBER, r -> any(r, "4294967295", natural(r)));
    add("BIGINT", Family.NUMBER, r -> any(r, "-9223372036854775808", whole(r), small(r)));
    add("BIGINT UNSIGNED", Family.NUMBER, r -> any(r, "18446744073709551615", natural(r)));
    add("DECIMAL(10,2)", Family.NUMBER, r -> any(r, "-99999999.99", whole(r) + ".25", small(r)));
    add("DECIMAL(65,30)", Family.NUMBER, r -> any(r, "1e34", "-1e-30", "0.1", whole(r)));
    add("FLOAT", Family.NUMBER, r -> any(r, "0.1", "-0e0", "3.4e38", "16777217", small(r)));
    add("FLOAT(9,3)", Family.NUMBER, r -> any(r, "0.1235", "12345.678", small(r)));
    add("DOUBLE", Family.NUMBER, r -> any(r, "0.1", "-0e0", "1.7e308", "5e-324", small(r)));
    add("BIT(1)", Family.NUMBER, r -> any(r, "b'0'", "b'1'"));
    add("BIT(17)", Family.NUMBER, r -> any(r, "b'10000000000000001'", "0", "255", "256"));
    add("YEAR", Family.NUMBER, r -> any(r, "0", "1901", "2155", "2024"));
    add("BOOLEAN", Family.NUMBER, r -> any(r, "0", "1"));
  }

  private void times() {
    add("DATE", Family.TIME, r -> any(r, "'0001-01-01'", "'9999-12-31'", date(r)));
    add("DATETIME", Family.TIME, r -> any(r, "'1000-01-01'", "'9999-12-31 23:59:59'", moment(r)));
    add("DATETIME(6)", Family.TIME, r -> any(r, "'2020-02-29 12:00:00.999999'", moment(r)));
    add("TIMESTAMP NULL", Family.TIME, r -> any(r, "'1970-01-01 00:00:01'", moment(r)));
    add("TIMESTAMP(3) NULL", Family.TIME, r -> any(r, "'2038-01-19 03:14:07'", moment(r)));
    add(
        "TIME",
        Family.TIME,
        r -> any(r, "'-838:59:59'", "'838:59:59'", "'12:00:01'", "'-00:00:01'"));
    add("TIME(3)", Family.TIME, r -> any(r, "'-00:00:00.001'", "'23:59:59.999'", "'00:00:00'"));
  }

  private void bytes() {
    for (String type : List.of("BINARY(5)", "VARBINARY(20)", "BLOB", "TINYBLOB", "LONGBLOB")) {
      add(type, Family.BYTES, r -> any(r, "x''", "x'00'", "x'6100'", "x'ff00fe'", "'abc'", hex(r)));
    }
  }

  private void choices() {
    add("ENUM('a','b','c')", Family.CHOICE, r -> any(r, "'a'", "'b'", "'c'"));
    add("ENUM('c','a','b','','x,y','it''s')", Family.CHOICE, r -> any(r, "'a'", "''", "'it''s'"));
    add("ENUM('ä','7','a') CHARACTER SET latin1", Family.CHOICE, r -> any(r, "'ä'", "'7'", "3"));
    add("SET('a','b','c')", Family.CHOICE, r -> any(r, "''", "'a,c'", "7", "'b'"));
    add("SET('c','b','a','d')", Family.CHOICE, r -> any(r, "'d'", "'a,c'", "15", "''"));
  }

  private void add(String type, Family family, Function<Random, String> literals) {
    all.add(new Kind(type, family, literals));
  }

  Kind any(Random random) {
    Family family = any(random, Family.values());
    return of(family, random);
  }

  /** One that values of another one can mostly be converted to. */
  Kind near(Kind kind, Random random) {
    return switch (random.nextInt(6)) {
      case 0 -> any(random);
      case 1 -> of(Family.TEXT, random);
      default -> of(kind.family(), random);
    };
  }

  Kind of(Family family, Random random) {
    List<Kind> some = all.stream().filter(kind -> kind.family() == family).toList();
    return some.get(random.nextInt(some.size()));
  }

  static String collation(Random random) {
    return any(random, COLLATIONS.toArray(String[]::new));
  }

  @SafeVarargs
  static <T> T any(Random random, T... choices) {
    return choices[random.nextInt(choices.length)];
  }

  private static int bound(Random random) {
    return random.nextInt(100_000);
  }

  private static String small(Random random) {
    return String.valueOf(random.nextInt(20) - 10);
  }

  private static String natural(Random random) {
    return String.valueOf(random.nextInt(3_000));
  }

  private static String whole(Random random) {
    return String.valueOf(random.nextInt(200_000) - 100_000);
  }

  private static String hex(Random random) {
    return String.format("x'%08x00'", random.nextInt());
  }

  private static String date(Random random) {
    return String.format("'20%02d-%02d-28'", random.nextInt(30), 1 + random.nextInt(12));
  }

  private static String moment(Random random) {
    return String.format(
        "'20%02d-%02d-15 %02d:30:15.%06d'",
        random.nextInt(30), 1 + random.nextInt(12), random.nextInt(24), random.nextInt(1_000_000));
  }

  private static String text(Random random) {
    return switch (random.nextInt(12)) {
      case 0 -> any(random, WILD);
      case 1, 2, 3 -> any(random, TAME);
      default -> "'r" + random.nextInt(5_000) + "'";
    };
  }

  private static String document(Random random) {
    return any(
        random,
        "'{}'",
        "'[]'",
        "'null'",
        "'{\"b\": [1, 2.50, \"ä😀\"], \"a\": null}'",
        "'\"text\"'",
        "'" + random.nextInt(100) + "'",
        "'[1, {\"k\": " + random.nextInt(9) + "}]'");
  }

  private static String point(Random random) {
    return "ST_GeomFromText('POINT(" + random.nextInt(90) + " " + random.nextInt(90) + ")')";
  }

  private static String shape(Random random) {
    return any(
        random,
        point(random),
        "ST_GeomFromText('LINESTRING(0 0, 1 " + random.nextInt(9) + ")')",
        "ST_GeomFromText('POLYGON((0 0, 4 0, 4 4, 0 0))')");
  }
}
