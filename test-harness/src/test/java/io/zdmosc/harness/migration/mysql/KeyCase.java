package io.zdmosc.harness.migration.mysql;

import java.util.List;
import java.util.function.LongFunction;

/**
 * A type of key, and a literal of it for every number.
 *
 * @param columns the key's column definitions
 * @param key the list of key columns, as in an index
 * @param literals of the key's columns for a number from 0 to 99,999
 */
record KeyCase(String name, String columns, String key, LongFunction<List<String>> literals) {

  static final List<KeyCase> ALL =
      List.of(
          one("int", "INT", n -> "" + (n - 5_000)),
          one("unsigned beyond 2^63", "BIGINT UNSIGNED", n -> "18446744073709551615 - " + n),
          one("decimal", "DECIMAL(30,6)", n -> (n - 700) + "." + (n % 10) + "5"),
          one(
              "collated text",
              "VARCHAR(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci",
              n -> "'" + (n % 2 == 0 ? "Key-é\\\\'' " : "kEY-") + n + "'"),
          one(
              "latin1 text",
              "VARCHAR(40) CHARACTER SET latin1 COLLATE latin1_german1_ci",
              n -> "'" + (n % 3 == 0 ? "ä" : "Z") + n + "'"),
          one(
              "binary with zeros at its end",
              "BINARY(6)",
              n -> String.format("x'%04x%02x000000'", n / 256, n % 256)),
          one("varbinary", "VARBINARY(6)", n -> String.format("x'00%06x'", n)),
          one(
              "datetime(6)",
              "DATETIME(6)",
              n -> "TIMESTAMP '2001-01-01 00:00:00.000001' + INTERVAL " + n + " * 999 MICROSECOND"),
          one("timestamp(3)", "TIMESTAMP(3)", n -> "FROM_UNIXTIME(1603580000 + " + n + " * 0.125)"),
          one("time(2)", "TIME(2)", n -> "SEC_TO_TIME((" + n + " - 900) * 1.25)"),
          one("bit", "BIT(20)", n -> "" + n),
          new KeyCase(
              "composite",
              "a ENUM('z','y','x') NOT NULL, b SMALLINT UNSIGNED NOT NULL, c CHAR(8) NOT NULL",
              "a, b, c",
              n -> List.of("" + (1 + n % 3), "" + (n / 30), "'c" + n % 30 + "'")),
          new KeyCase(
              "descending",
              "a INT NOT NULL, b INT NOT NULL",
              "a DESC, b",
              n -> List.of("" + n / 50, "" + n % 50)));

  private static KeyCase one(String name, String type, LongFunction<String> literal) {
    return new KeyCase(name, "a " + type + " NOT NULL", "a", n -> List.of(literal.apply(n)));
  }

  /** The key's columns without directions. */
  List<String> names() {
    return List.of(key.replace(" DESC", "").split(", "));
  }

  String condition(long number) {
    StringBuilder sql = new StringBuilder();
    List<String> values = literals.apply(number);
    for (int i = 0; i < values.size(); i++) {
      sql.append(i == 0 ? "" : " AND ").append(names().get(i)).append(" = ").append(values.get(i));
    }
    return sql.toString();
  }

  @Override
  public String toString() {
    return name;
  }
}
