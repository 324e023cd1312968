package io.zdmosc.harness.stream;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * A type that a key can have, with values at its edges.
 *
 * @param name shows in the test's name
 * @param ddl what must exist before the table; may be empty
 * @param type the type as it is written in CREATE TABLE
 * @param values texts of values
 */
record KeyTypeCase(String name, String ddl, String type, List<String> values) {
  private static final int RANDOM_VALUES = 300;

  private static KeyTypeCase of(String type, String... values) {
    return new KeyTypeCase(type, "", type, List.of(values));
  }

  @Override
  public String toString() {
    return name;
  }

  static List<KeyTypeCase> all() {
    List<KeyTypeCase> cases = new ArrayList<>();
    cases.addAll(numbers());
    cases.addAll(texts());
    cases.addAll(times());
    cases.addAll(others());
    cases.addAll(derived());
    return cases;
  }

  private static List<KeyTypeCase> numbers() {
    return List.of(
        of("smallint", "-32768", "-1", "0", "32767"),
        of("integer", "-2147483648", "0", "2147483647"),
        of("bigint", "-9223372036854775808", "0", "9223372036854775807"),
        of("oid", "0", "2147483648", "4294967295"),
        of(
            "numeric",
            "0",
            "0.00",
            "1.0",
            "-1.50",
            "NaN",
            "Infinity",
            "-Infinity",
            "1" + "0".repeat(300),
            "9".repeat(400) + "." + "9".repeat(400),
            "0." + "0".repeat(300) + "1",
            "123456789012345678901234567890.123456789"),
        of("numeric(10,2)", "-99999999.99", "0.00", "0.10", "NaN"),
        of(
            "real",
            "0",
            "-0",
            "1",
            "0.1",
            "16777216",
            "16777217",
            "1e10",
            "3.4028235e38",
            "-3.4028235e38",
            "1.1754944e-38",
            "1e-45",
            "1.5e-45",
            "NaN",
            "Infinity",
            "-Infinity",
            "33554430",
            "8589973000"),
        of(
            "double precision",
            "0",
            "-0",
            "1",
            "0.1",
            "9007199254740993",
            "2e-3",
            "2e23",
            "1e23",
            "1.7976931348623157e308",
            "2.2250738585072014e-308",
            "5e-324",
            "4.9e-324",
            "NaN",
            "Infinity",
            "-Infinity",
            "123456789.123456789",
            "1e15",
            "1e16"));
  }

  private static List<KeyTypeCase> texts() {
    String[] values = {
      "",
      " ",
      "  a  ",
      "NULL",
      "null",
      "\\N",
      "a\"b",
      "a'b",
      "a,b",
      "{a}",
      "(a)",
      "a\\b",
      "\t\n\r",
      "äöü",
      "日本語",
      "\uD83D\uDE00",
      "e\u0301",
      "__debezium_unavailable_value",
      "x".repeat(2000)
    };
    return List.of(
        of("text", values),
        of("character varying(2000)", values),
        of("character(20)", "", "a", "ä b", "12345678901234567890"),
        of("name", "", "a\"b", "ä"),
        of("\"char\"", "a", " "),
        new KeyTypeCase(
            "citext", "CREATE EXTENSION citext", "citext", List.of("", "Ab", "ÄÖ", "a,\"b")));
  }

  private static List<KeyTypeCase> times() {
    return List.of(
        of(
            "date",
            "4713-01-01 BC",
            "0001-12-31 BC",
            "0001-01-01",
            "1582-10-10",
            "2000-02-29",
            "9999-12-31",
            "10000-01-01",
            "5874897-12-31",
            "infinity",
            "-infinity"),
        of("time", "00:00:00", "00:00:00.000001", "23:59:59.999999", "24:00:00", "12:30:00.5"),
        of("timetz", "00:00:00+00", "24:00:00-15:59", "12:30:00.123456+05:30", "12:30:00+00:53:28"),
        of(
            "timestamp",
            "4713-01-01 00:00:00 BC",
            "0001-12-31 23:59:59.999999 BC",
            "0001-01-01 00:00:00",
            "1969-12-31 23:59:59.999999",
            "1970-01-01 00:00:00",
            "2026-07-30 12:34:56.7",
            "9999-12-31 23:59:59.999999",
            "10000-01-01 00:00:00",
            "294276-12-31 23:59:59.999999",
            "infinity",
            "-infinity",
            "294247-01-10 04:00:25.2",
            "290309-12-21 20:00:00",
            "294247-01-10 04:00:54.775807"),
        of(
            "timestamptz",
            "4713-01-01 00:00:00+00 BC",
            "0001-12-31 23:59:59.999999+00 BC",
            "1883-01-01 00:00:00+00",
            "1969-12-31 23:59:59.999999+00",
            "2026-03-29 02:30:00+02",
            "2026-10-25 00:30:00+00",
            "2026-10-25 01:30:00+00",
            "294276-12-31 23:59:59.999999+00",
            "infinity",
            "-infinity",
            "294247-01-10 04:00:25.2+00",
            "2026-07-30 12:34:56.000001+05:45"),
        of("timestamp(0)", "2026-07-30 12:34:56", "infinity"),
        of(
            "interval",
            "0",
            "1 microsecond",
            "-1 microsecond",
            "1 mon",
            "-1 mon +1 day -00:00:01",
            "178000000 years",
            "-178000000 years",
            "2562047788:00:54.775807",
            "-1 day +02:03:00.5"));
  }

  private static List<KeyTypeCase> others() {
    return List.of(
        of("boolean", "true", "false"),
        of("uuid", "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"),
        of("bytea", "\\x", "\\x00", "\\xff00ff", "\\x5c78", "\\x27"),
        of(
            "inet",
            "0.0.0.0",
            "192.168.0.1/24",
            "255.255.255.255",
            "::",
            "2001:db8::1/64",
            "::ffff:1.2.3.4"),
        of("cidr", "0.0.0.0/0", "10.0.0.0/8", "2001:db8::/32"),
        of("macaddr", "00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff"),
        of("macaddr8", "08:00:2b:01:02:03:04:05"),
        of("bit(1)", "0", "1"),
        of("bit(70)", "1".repeat(70), "0".repeat(69) + "1"),
        of("bit varying", "", "0", "00", "1".repeat(200)));
  }

  private static List<KeyTypeCase> derived() {
    return List.of(
        new KeyTypeCase(
            "enum",
            "CREATE TYPE mood AS ENUM ('', 'sad', 'a''b\"c', 'ü')",
            "mood",
            List.of("", "sad", "a'b\"c", "ü")),
        new KeyTypeCase(
            "domain over bigint",
            "CREATE DOMAIN number AS bigint CHECK (value > 0)",
            "number",
            List.of("1", "9223372036854775807")),
        new KeyTypeCase(
            "domain over a domain over timestamptz",
            "CREATE DOMAIN inner_time AS timestamptz; CREATE DOMAIN outer_time AS inner_time NOT"
                + " NULL",
            "outer_time",
            List.of("2026-07-30 12:34:56.123456+00", "infinity")),
        new KeyTypeCase(
            "domain over numeric",
            "CREATE DOMAIN amount AS numeric(12,3)",
            "amount",
            List.of("0.000", "-1.500")));
  }

  /** Values drawn from the whole range of types that are converted on the way. */
  static List<KeyTypeCase> random(long seed) {
    Random random = new Random(seed);
    return List.of(
        drawn("real", () -> Float.toString(Float.intBitsToFloat(random.nextInt()))),
        drawn(
            "double precision", () -> Double.toString(Double.longBitsToDouble(random.nextLong()))),
        drawn(
            "numeric",
            () -> new BigDecimal(new BigInteger(200, random), random.nextInt(60)).toPlainString()),
        drawn("date", () -> day(random)),
        drawn("timestamp", () -> moment(random)),
        drawn("timestamptz", () -> moment(random) + "+00"),
        drawn(
            "bytea",
            () -> "\\x" + new BigInteger(96, random).toString(16).replaceAll("^(.(..)*)$", "0$1")));
  }

  private static KeyTypeCase drawn(String type, Supplier<String> value) {
    return new KeyTypeCase(
        "random " + type,
        "",
        type,
        IntStream.range(0, RANDOM_VALUES).mapToObj(i -> value.get()).distinct().toList());
  }

  private static String day(Random random) {
    return String.format(
        "%04d-%02d-%02d",
        1 + random.nextInt(294_000), 1 + random.nextInt(12), 1 + random.nextInt(28));
  }

  private static String moment(Random random) {
    return day(random)
        + String.format(
            " %02d:%02d:%02d.%06d",
            random.nextInt(24), random.nextInt(60), random.nextInt(60), random.nextInt(1_000_000));
  }
}
