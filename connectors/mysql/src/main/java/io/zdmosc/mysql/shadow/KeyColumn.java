package io.zdmosc.mysql.shadow;

import io.zdmosc.mysql.catalog.ColumnInfo;
import io.zdmosc.mysql.key.KeyType;
import io.zdmosc.mysql.sql.Sql;
import java.util.Set;

/**
 * One column of the row identity on both sides, and how its values go to and fro between the text
 * of a key, as {@link KeyType} has it, and the server.
 *
 * @param source as it is in the source table
 * @param shadow as it is in the shadow table
 * @param descending true where the identity's index runs downwards
 */
public record KeyColumn(ColumnInfo source, ColumnInfo shadow, boolean descending) {
  private static final Set<String> READABLE = Set.of("utf8mb4", "utf8mb3", "utf8", "ascii");

  /** True when values of such a column can be written as text and read back exactly. */
  public static boolean isPossible(ColumnInfo column) {
    return kind(column) != KeyType.Kind.APPROXIMATE && kind(column) != KeyType.Kind.OTHER;
  }

  private static KeyType.Kind kind(ColumnInfo column) {
    return KeyType.kind(column.dataType());
  }

  /** An expression for a value's text, for a select list. */
  public static String selected(ColumnInfo column, String value) {
    return switch (kind(column)) {
      case TEXT -> isReadable(column) ? characters(value) : "HEX(" + value + ")";
      case BINARY -> "HEX(" + value + ")";
      case INTEGER, YEAR, BIT, ENUM, SET -> "CAST(" + value + " + 0 AS CHAR)";
      default -> characters(value);
    };
  }

  private static String characters(String value) {
    return "CAST(" + value + " AS CHAR CHARACTER SET utf8mb4)";
  }

  /** True when a key holds the text itself; else its bytes, as {@code KeyBytes} writes them. */
  private static boolean isReadable(ColumnInfo column) {
    return READABLE.contains(column.charset());
  }

  /** The literal that the server takes for the value with this text. */
  public static String literal(ColumnInfo column, String text) {
    return switch (kind(column)) {
      case INTEGER, YEAR, BIT, ENUM, SET, DECIMAL -> number(text);
      case BINARY -> Sql.hexLiteral(digits(text));
      case TEXT ->
          isReadable(column)
              ? Sql.literal(text)
              : "_" + column.charset() + " " + Sql.hexLiteral(digits(text));
      default -> Sql.literal(text);
    };
  }

  private static String number(String text) {
    if (!text.matches("-?\\d+(\\.\\d+)?")) {
      throw new IllegalArgumentException("not a number: " + text);
    }
    return text;
  }

  private static String digits(String text) {
    if (!text.matches("[0-9A-Fa-f]*")) {
      throw new IllegalArgumentException("not hexadecimal: " + text);
    }
    return text;
  }

  /** True when the shadow has the source's type, so that keys need no conversion. */
  public boolean sameType() {
    return source.sameType(shadow);
  }

  /** True when the shadow's values are in the same order as the source's. */
  public boolean isOrdered() {
    return Conversion.keepsOrder(source, shadow);
  }
}
