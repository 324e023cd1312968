package io.zdmosc.harness.stream.mysql;

import java.util.ArrayList;
import java.util.List;

/**
 * A type that keys can have, with values at its borders.
 *
 * @param type as in CREATE TABLE
 * @param text how the server writes a column {@code @} as a key
 * @param values as literals
 */
record KeyCase(String type, String text, List<String> values) {
  private static final String PLAIN = "CAST(@ AS CHAR CHARACTER SET utf8mb4)";
  private static final String NUMBER = "CAST(@ + 0 AS CHAR)";
  private static final String HEX = "HEX(@)";

  /** How the server writes a column of this name. */
  String textOf(String name) {
    return text.replace("@", name);
  }

  /** Those of both servers. */
  static List<KeyCase> all() {
    List<KeyCase> cases = new ArrayList<>();
    cases.add(of("TINYINT", NUMBER, "-128", "-1", "0", "127"));
    cases.add(of("TINYINT UNSIGNED", NUMBER, "0", "128", "255"));
    cases.add(of("SMALLINT", NUMBER, "-32768", "-1", "32767"));
    cases.add(of("SMALLINT UNSIGNED ZEROFILL", NUMBER, "0", "65535"));
    cases.add(of("MEDIUMINT", NUMBER, "-8388608", "-1", "8388607"));
    cases.add(of("MEDIUMINT UNSIGNED", NUMBER, "0", "16777215"));
    cases.add(of("INT", NUMBER, "-2147483648", "-1", "2147483647"));
    cases.add(of("INT UNSIGNED", NUMBER, "0", "4294967295"));
    cases.add(of("BIGINT", NUMBER, "-9223372036854775808", "-1", "9223372036854775807"));
    cases.add(of("BIGINT UNSIGNED", NUMBER, "0", "9223372036854775808", "18446744073709551615"));
    cases.add(
        of(
            "DECIMAL(65,30)",
            PLAIN,
            "-1",
            "0",
            "12345678901234567890123456789012345.6",
            "-0.000000000000000000000000000001"));
    cases.add(of("DECIMAL(10,0)", PLAIN, "-9999999999", "0", "9999999999"));
    cases.add(of("DECIMAL(5,5)", PLAIN, "-0.99999", "0", "0.00001"));
    cases.add(of("DECIMAL(9,2) UNSIGNED", PLAIN, "0", "0.10", "9999999.99"));
    cases.add(of("DECIMAL(18,9)", PLAIN, "-123456789.987654321", "100000000.000000001"));
    cases.add(of("YEAR", PLAIN, "0000", "1901", "2155"));
    cases.add(of("BIT(1)", NUMBER, "b'0'", "b'1'"));
    cases.add(of("BIT(10)", NUMBER, "0", "1023", "512"));
    cases.add(of("BIT(64)", NUMBER, "0", "18446744073709551615"));
    cases.add(of("ENUM('b','a','c,''d')", NUMBER, "'b'", "'a'", "3"));
    cases.add(of("SET('x','y','z')", NUMBER, "''", "'x,z'", "7"));
    cases.add(of("DATE", PLAIN, "'0000-00-00'", "'2024-00-00'", "'1000-01-01'", "'9999-12-31'"));
    cases.add(of("TIME", PLAIN, "'-838:59:59'", "'-00:00:01'", "'00:00:00'", "'838:59:59'"));
    cases.add(of("TIME(1)", PLAIN, "'-00:00:00.1'", "'-12:34:56.7'", "'12:34:56.9'"));
    cases.add(of("TIME(3)", PLAIN, "'-00:00:01.001'", "'-100:00:00.999'", "'00:00:00.001'"));
    cases.add(of("TIME(6)", PLAIN, "'-00:00:00.000001'", "'-838:59:58.999999'", "'1:2:3.4'"));
    cases.add(
        of(
            "DATETIME",
            PLAIN,
            "'0000-00-00 00:00:00'",
            "'1000-01-01 00:00:00'",
            "'9999-12-31 23:59:59'"));
    cases.add(of("DATETIME(2)", PLAIN, "'2024-02-29 23:59:59.99'", "'2024-01-01 00:00:00.01'"));
    cases.add(of("DATETIME(5)", PLAIN, "'2024-02-29 23:59:59.99999'", "'2024-01-01 0:0:0.00001'"));
    cases.add(of("DATETIME(6)", PLAIN, "'2024-02-29 23:59:59.999999'", "'0000-00-00 00:00:00'"));
    cases.add(
        of(
            "TIMESTAMP",
            PLAIN,
            "'0000-00-00 00:00:00'",
            "'1970-01-01 00:00:01'",
            "'2038-01-19 03:14:07'"));
    cases.add(of("TIMESTAMP(4)", PLAIN, "'2024-06-30 23:59:59.9999'", "'1970-01-01 00:00:01'"));
    cases.add(of("TIMESTAMP(6)", PLAIN, "'2024-03-31 02:30:00.000001'", "'0000-00-00 00:00:00'"));
    cases.addAll(texts());
    cases.addAll(bytes());
    return cases;
  }

  private static List<KeyCase> texts() {
    return List.of(
        of(
            "VARCHAR(100) CHARACTER SET utf8mb4",
            PLAIN,
            "''",
            "'a  '",
            "'Äß\uD83D\uDE00'",
            "'0x41'",
            "'a''\"\\\\`'"),
        of("CHAR(20) CHARACTER SET utf8mb4", PLAIN, "''", "'abc'", "'\uD83D\uDE00'"),
        of("CHAR(100) CHARACTER SET utf8mb4", PLAIN, "'abc'", "REPEAT('\uD83D\uDE00', 100)"),
        of("VARCHAR(300) CHARACTER SET ascii", PLAIN, "'x'", "REPEAT('y', 300)"),
        of("VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin", PLAIN, "'A'", "'a'"),
        of("VARCHAR(50) CHARACTER SET latin1", HEX, "'abc'", "_latin1 X'80E4FF81'"),
        of("CHAR(30) CHARACTER SET latin1", HEX, "'abc'", "_latin1 X'E4'"),
        of("VARCHAR(50) CHARACTER SET sjis", HEX, "_sjis X'835C'", "'a'"),
        of("CHAR(10) CHARACTER SET ucs2", HEX, "'aä'", "''"),
        of("VARCHAR(10) CHARACTER SET utf16", HEX, "'\uD83D\uDE00'", "'a'"),
        of("VARCHAR(10) CHARACTER SET utf32", HEX, "'a'"));
  }

  private static List<KeyCase> bytes() {
    return List.of(
        of("BINARY(4)", HEX, "X'00000000'", "X'01000000'", "X'FFFFFF00'", "X'20202020'"),
        of("BINARY(16)", HEX, "X'0102030405060708090A0B0C0D0E0F00'", "''"),
        of("BINARY(255)", HEX, "X'00'", "REPEAT(X'FF', 255)"),
        of("VARBINARY(8)", HEX, "''", "X'00'", "X'0000'", "X'FF20'"),
        of("VARBINARY(700)", HEX, "REPEAT(X'0100', 350)", "X'00'"));
  }

  /** MariaDB's own. */
  static List<KeyCase> ofMariaDb() {
    return List.of(
        of(
            "UUID",
            PLAIN,
            "'00000000-0000-0000-0000-000000000000'",
            "'123e4567-e89b-12d3-a456-426614174000'",
            "'ffffffff-ffff-ffff-ffff-ffffffffffff'",
            "'f81d4fae-7dec-41d0-a765-00a0c91e6b00'",
            "'01890a5d-ac96-774b-bcce-b302099a8057'",
            "'123e4567-e89b-72d3-0456-426614174000'"));
  }

  private static KeyCase of(String type, String text, String... values) {
    return new KeyCase(type, text, List.of(values));
  }

  @Override
  public String toString() {
    return type;
  }
}
