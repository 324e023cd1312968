package io.zdmosc.mysql.catalog;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A column by the information schema.
 *
 * @param position counted from 1
 * @param dataType in lower case, without length: {@code int}, {@code varchar}
 * @param columnType in full: {@code int unsigned}, {@code varchar(20)}, {@code enum('a','b')}
 * @param charset null for what is not text
 * @param collation null for what is not text
 * @param defaultText the default as the information schema has it, or null
 * @param extra what else the server says: {@code auto_increment}, {@code DEFAULT_GENERATED}
 */
public record ColumnInfo(
    int position,
    String name,
    String dataType,
    String columnType,
    String charset,
    String collation,
    boolean notNull,
    String defaultText,
    String extra) {
  /** A constant as MariaDB writes it; whatever else it writes is an expression. */
  private static final Pattern MARIADB_CONSTANT =
      Pattern.compile(
          "NULL|'.*'|_?\\w*'.*'|-?[0-9.]+(e[+-]?\\d+)?", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private static final Set<String> INTEGERS =
      Set.of("tinyint", "smallint", "mediumint", "int", "bigint", "year");
  private static final Set<String> BYTES =
      Set.of("binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob");
  private static final Set<String> TEXTS =
      Set.of("char", "varchar", "tinytext", "text", "mediumtext", "longtext");
  private static final Set<String> TEMPORALS = Set.of("date", "datetime", "timestamp", "time");

  public boolean isGenerated() {
    String words = extra.toUpperCase(Locale.ROOT);
    return words.contains("VIRTUAL GENERATED")
        || words.contains("STORED GENERATED")
        || words.contains("VIRTUAL")
        || words.contains("PERSISTENT");
  }

  /** True when a row that says nothing gets a value that is the same for all such rows. */
  public boolean hasConstantDefault(boolean mariaDb) {
    if (defaultText == null || isAutoIncrement()) {
      return false;
    }
    return mariaDb
        ? MARIADB_CONSTANT.matcher(defaultText).matches()
        : !extra.toUpperCase(Locale.ROOT).contains("DEFAULT_GENERATED");
  }

  public boolean isAutoIncrement() {
    return extra.toLowerCase(Locale.ROOT).contains("auto_increment");
  }

  public boolean isInteger() {
    return INTEGERS.contains(dataType);
  }

  public boolean isUnsigned() {
    return columnType.contains("unsigned");
  }

  public boolean isDecimal() {
    return dataType.equals("decimal");
  }

  public boolean isFloat() {
    return dataType.equals("float") || dataType.equals("double");
  }

  public boolean isBytes() {
    return BYTES.contains(dataType);
  }

  public boolean isText() {
    return TEXTS.contains(dataType) && charset != null;
  }

  public boolean isTemporal() {
    return TEMPORALS.contains(dataType);
  }

  public boolean isTimestamp() {
    return dataType.equals("timestamp");
  }

  /** True for ENUM and SET, which are numbers with names. */
  public boolean isNamed() {
    return dataType.equals("enum") || dataType.equals("set");
  }

  public boolean isBit() {
    return dataType.equals("bit");
  }

  public boolean isSpatial() {
    return Set.of(
            "geometry",
            "point",
            "linestring",
            "polygon",
            "multipoint",
            "multilinestring",
            "multipolygon",
            "geomcollection",
            "geometrycollection")
        .contains(dataType);
  }

  /** The type as a column definition has it, with character set and collation. */
  public String definition() {
    return collation == null || charset == null
        ? columnType
        : columnType + " CHARACTER SET " + charset + " COLLATE " + collation;
  }

  /** True when both are of the same type, character set and collation. */
  public boolean sameType(ColumnInfo other) {
    return definition().equals(other.definition());
  }

  /** What a definition says beside the type: whether it takes NULL, default and extras. */
  public String behaviour() {
    return (notNull ? "NOT NULL" : "NULL")
        // MySQL may show the default of a CHAR at its full length
        + (defaultText == null ? "" : " DEFAULT " + defaultText.stripTrailing())
        + (extra.isEmpty() ? "" : " " + extra);
  }
}
