package io.zdmosc.harness.workload;

import io.zdmosc.harness.workload.check.Difference.Kind;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Something that spoils rows of the plain table.
 *
 * @param kind what a check must call it
 * @param columns the columns in which the rows differ then
 * @param victims a query for the keys of the rows
 * @param sql the statement; {@code %s} stands for the first key
 */
record Fault(String name, Kind kind, Set<String> columns, String victims, String sql) {

  static List<Fault> of(Site site) {
    boolean postgres = site.name().startsWith("PostgreSQL");
    return Stream.concat(both(postgres).stream(), (postgres ? postgres() : mySql()).stream())
        .toList();
  }

  /** Returns the keys of the rows that it has spoiled. */
  List<List<String>> inflict(Connection connection) throws SQLException {
    List<List<String>> keys = new ArrayList<>();
    try (Statement statement = connection.createStatement()) {
      try (ResultSet rows = statement.executeQuery(victims)) {
        while (rows.next()) {
          keys.add(List.of(rows.getString(1)));
        }
      }
      statement.executeUpdate(sql.replace("%s", keys.get(0).get(0)));
    }
    return keys;
  }

  private static List<Fault> both(boolean postgres) {
    String row = postgres ? "1000042" : "42";
    String other = postgres ? "1000044" : "44";
    String pair = row + ", " + other;
    return List.of(
        new Fault(
            "deleted row",
            Kind.MISSING,
            Set.of(),
            "SELECT " + row,
            "DELETE FROM orders WHERE id = %s"),
        new Fault(
            "added row",
            Kind.EXTRA,
            Set.of(),
            "SELECT 77",
            "INSERT INTO orders (id, era, bucket, cnt, note) SELECT %s, era, bucket, cnt, note"
                + " FROM orders WHERE id = "
                + row),
        update("NULL becomes empty", "note", "''", "note IS NULL"),
        update("empty becomes NULL", "note", "NULL", "length(note) = 0"),
        update("trailing blank", "note", "concat(note, ' ')", "note = 'plain'"),
        update("lost trailing blank", "note", "rtrim(note)", "note LIKE '%trailing  '"),
        update("letter case", "note", "upper(note)", "note = 'plain'"),
        update("counter", "cnt", "cnt + 1", "cnt > 0"),
        new Fault(
            "two rows exchange values",
            Kind.DIFFERENT,
            Set.of("cnt"),
            "SELECT " + row + " UNION ALL SELECT " + other,
            "UPDATE orders SET cnt = (SELECT s FROM (SELECT sum(cnt) AS s FROM orders WHERE id IN ("
                + pair
                + ")) AS both_rows) - cnt WHERE id IN ("
                + pair
                + ")"),
        new Fault(
            "text moves to the next column",
            Kind.DIFFERENT,
            Set.of("note", "big"),
            "SELECT min(id) FROM orders WHERE length(note) > 0 AND length(big) > 0",
            postgres
                ? "UPDATE orders SET note = note || left(big, 1), big = substr(big, 2)"
                    + " WHERE id = %s"
                : "UPDATE orders SET note = concat(note, left(big, 1)), big = substr(big, 2)"
                    + " WHERE id = %s"));
  }

  private static List<Fault> postgres() {
    return List.of(
        update(
            "flipped bit of a long text",
            "big",
            "overlay(big PLACING chr(ascii(substr(big, 99, 1)) # 1) FROM 99)",
            "length(big) > 2500"),
        update(
            "trailing zero of a number",
            "amount",
            "(amount || '0')::numeric",
            "amount::text LIKE '%.%'"),
        update("a microsecond", "at", "at + '1 microsecond'", "at IS NOT NULL"),
        update("a boolean", "flag", "NOT flag", "flag IS NOT NULL"),
        update("JSON number 1.0 becomes 1", "doc", "doc || '{\"b\": 1}'", "doc ? 'b'"));
  }

  private static List<Fault> mySql() {
    return List.of(
        update(
            "flipped bit of a long text",
            "big",
            "insert(big, 99, 1, char(ascii(substr(big, 99, 1)) ^ 1))",
            "length(big) > 2500"),
        update("the last digit of a number", "amount", "amount + 0.0001", "amount > 0"),
        update("a millisecond", "at", "at + INTERVAL 1000 MICROSECOND", "at IS NOT NULL"),
        update("a sign", "flag", "flag - 1", "flag = 0"),
        // Not 1.0 to 1: MySQL takes the two for the same, and does not write.
        update("a JSON number", "doc", "replace(doc, '1.0', '1.5')", "doc LIKE '%1.0%'"),
        update("another word of an enumeration", "kind", "'high'", "kind = 'low'"),
        update("the empty word becomes NULL", "kind", "NULL", "kind = ''"),
        update("a word more in a set", "tags", "'red,green'", "tags = 'red'"),
        update("a bit", "mask", "mask ^ 2048", "mask IS NOT NULL"),
        update("a zero byte at the end", "raw", "concat(raw, x'00')", "length(raw) > 0"),
        update("a lost zero byte", "raw", "left(raw, length(raw) - 1)", "right(raw, 1) = x'00'"));
  }

  private static Fault update(String name, String column, String value, String where) {
    return new Fault(
        name,
        Kind.DIFFERENT,
        Set.of(column),
        "SELECT min(id) FROM orders WHERE " + where,
        "UPDATE orders SET " + column + " = " + value + " WHERE id = %s");
  }

  @Override
  public String toString() {
    return name;
  }
}
