package io.zdmosc.mysql.key;

import java.util.Locale;

/**
 * The type of a key column, as far as the text of its values in a {@link io.zdmosc.engine.spi.Key}
 * depends on it. This text is the same wherever a key comes from:
 *
 * <table>
 * <caption>How a value is written</caption>
 * <tr><td>integers, YEAR</td><td>decimal digits, with a sign if negative; unsigned beyond 2^63 too</td></tr>
 * <tr><td>DECIMAL</td><td>as the server writes it, with all digits of its scale</td></tr>
 * <tr><td>BIT</td><td>the value as an unsigned number</td></tr>
 * <tr><td>ENUM, SET</td><td>the number: the member's index, or the members' bits; never the name</td></tr>
 * <tr><td>DATE, DATETIME, TIME</td><td>as the server writes it, with all fractional digits of the
 * type, zero dates included</td></tr>
 * <tr><td>TIMESTAMP</td><td>the same, in UTC</td></tr>
 * <tr><td>character types</td><td>{@link KeyBytes#text}</td></tr>
 * <tr><td>BINARY, VARBINARY</td><td>{@link KeyBytes#binary}; BINARY in its full length</td></tr>
 * <tr><td>UUID</td><td>as the server writes it</td></tr>
 * </table>
 *
 * @param kind what it is
 * @param name as {@code information_schema.COLUMNS.DATA_TYPE} writes it, in lower case
 * @param unsigned true for an unsigned number
 * @param charset the server's name of the character set; empty for other types
 * @param bytes the length of the longest value in bytes; only for character and binary types
 * @param precision all digits of a DECIMAL, or the bits of a BIT
 * @param scale the digits of a DECIMAL behind the point, or the fractional digits of a temporal
 *     type
 */
public record KeyType(
    Kind kind,
    String name,
    boolean unsigned,
    String charset,
    long bytes,
    int precision,
    int scale) {

  /** Families of types whose values are written alike. */
  public enum Kind {
    INTEGER,
    DECIMAL,
    YEAR,
    BIT,
    ENUM,
    SET,
    DATE,
    TIME,
    DATETIME,
    TIMESTAMP,
    TEXT,
    BINARY,
    UUID,
    /** Approximate numbers: no text says exactly which row is meant. */
    APPROXIMATE,
    /** Nothing that can be the key of a row. */
    OTHER
  }

  /** The kind of {@code DATA_TYPE}. */
  public static Kind kind(String dataType) {
    return switch (dataType.toLowerCase(Locale.ROOT)) {
      case "tinyint", "smallint", "mediumint", "int", "bigint" -> Kind.INTEGER;
      case "decimal" -> Kind.DECIMAL;
      case "year" -> Kind.YEAR;
      case "bit" -> Kind.BIT;
      case "enum" -> Kind.ENUM;
      case "set" -> Kind.SET;
      case "date" -> Kind.DATE;
      case "time" -> Kind.TIME;
      case "datetime" -> Kind.DATETIME;
      case "timestamp" -> Kind.TIMESTAMP;
      case "char", "varchar", "tinytext", "text", "mediumtext", "longtext" -> Kind.TEXT;
      case "binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob" -> Kind.BINARY;
      case "uuid" -> Kind.UUID;
      case "float", "double" -> Kind.APPROXIMATE;
      default -> Kind.OTHER;
    };
  }

  /** True where each value has one text that says exactly which row is meant. */
  public boolean isExact() {
    return kind != Kind.APPROXIMATE && kind != Kind.OTHER;
  }
}
