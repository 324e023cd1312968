package io.zdmosc.mysql.stream.row;

import io.zdmosc.mysql.stream.event.Bytes;

/**
 * How one column's values stand in row events, from the table map event.
 *
 * @param type the number of the type
 * @param meta what the table map says beyond it
 */
record ColumnFormat(int type, int meta) {
  static final int DECIMAL_DIGITS_PER_WORD = 9;
  private static final int[] DECIMAL_BYTES = {0, 1, 1, 2, 2, 3, 3, 4, 4, 4};

  static final int TINY = 1;
  static final int SHORT = 2;
  static final int LONG = 3;
  static final int FLOAT = 4;
  static final int DOUBLE = 5;
  static final int NULL = 6;
  static final int TIMESTAMP = 7;
  static final int LONGLONG = 8;
  static final int INT24 = 9;
  static final int DATE = 10;
  static final int TIME = 11;
  static final int DATETIME = 12;
  static final int YEAR = 13;
  static final int VARCHAR = 15;
  static final int BIT = 16;
  static final int TIMESTAMP2 = 17;
  static final int DATETIME2 = 18;
  static final int TIME2 = 19;
  static final int MARIADB_BLOB_COMPRESSED = 140;
  static final int MARIADB_VARCHAR_COMPRESSED = 141;
  static final int VECTOR = 242;
  static final int JSON = 245;
  static final int DECIMAL = 246;
  static final int ENUM = 247;
  static final int SET = 248;
  static final int TINY_BLOB = 249;
  static final int MEDIUM_BLOB = 250;
  static final int LONG_BLOB = 251;
  static final int BLOB = 252;
  static final int VAR_STRING = 253;
  static final int STRING = 254;
  static final int GEOMETRY = 255;

  /** Reads what the table map says of a column of this type. */
  static ColumnFormat read(int type, Bytes metadata) {
    return switch (type) {
      case FLOAT,
          DOUBLE,
          TINY_BLOB,
          MEDIUM_BLOB,
          LONG_BLOB,
          BLOB,
          MARIADB_BLOB_COMPRESSED,
          JSON,
          GEOMETRY,
          VECTOR,
          TIME2,
          DATETIME2,
          TIMESTAMP2 ->
          new ColumnFormat(type, metadata.u8());
      case VARCHAR, VAR_STRING, MARIADB_VARCHAR_COMPRESSED, BIT ->
          new ColumnFormat(type, metadata.u16());
      case DECIMAL -> new ColumnFormat(type, (int) metadata.bigEndian(2));
      case STRING -> string(metadata.u8(), metadata.u8());
      case ENUM, SET -> string(metadata.u8(), metadata.u8());
      default -> new ColumnFormat(type, 0);
    };
  }

  /** The byte for the type also carries the upper bits of lengths above 255, in negative. */
  private static ColumnFormat string(int first, int second) {
    if ((first & 0x30) != 0x30) {
      return new ColumnFormat(first | 0x30, second | ((first & 0x30) ^ 0x30) << 4);
    }
    return new ColumnFormat(first, second);
  }

  int precision() {
    return meta >> 8;
  }

  int scale() {
    return meta & 0xFF;
  }

  /** How many bytes tell the length of a value. */
  int lengthBytes() {
    return meta > 255 ? 2 : 1;
  }

  /** Moves on behind a value. */
  void skip(Bytes row) {
    switch (type) {
      case NULL -> {}
      case TINY, YEAR -> row.skip(1);
      case SHORT -> row.skip(2);
      case INT24, DATE, TIME -> row.skip(3);
      case LONG, FLOAT, TIMESTAMP -> row.skip(4);
      case LONGLONG, DOUBLE, DATETIME -> row.skip(8);
      case TIME2 -> row.skip(3 + fractionBytes());
      case TIMESTAMP2 -> row.skip(4 + fractionBytes());
      case DATETIME2 -> row.skip(5 + fractionBytes());
      case DECIMAL -> row.skip(decimalBytes());
      case BIT -> row.skip(bitBytes());
      case ENUM, SET -> row.skip(meta);
      case VARCHAR, VAR_STRING, STRING, MARIADB_VARCHAR_COMPRESSED ->
          row.skip(row.unsigned(lengthBytes()));
      case TINY_BLOB,
          MEDIUM_BLOB,
          LONG_BLOB,
          BLOB,
          MARIADB_BLOB_COMPRESSED,
          JSON,
          GEOMETRY,
          VECTOR ->
          row.skip(row.unsigned(meta));
      default ->
          throw new IllegalStateException("a row event has a column of the unknown type " + type);
    }
  }

  int fractionBytes() {
    return (meta + 1) / 2;
  }

  int bitBytes() {
    return (meta >> 8) + ((meta & 0xFF) > 0 ? 1 : 0);
  }

  int decimalBytes() {
    int whole = precision() - scale();
    return whole / DECIMAL_DIGITS_PER_WORD * 4
        + decimalBytes(whole % DECIMAL_DIGITS_PER_WORD)
        + scale() / DECIMAL_DIGITS_PER_WORD * 4
        + decimalBytes(scale() % DECIMAL_DIGITS_PER_WORD);
  }

  /** How many bytes a group of so many decimal digits takes. */
  static int decimalBytes(int digits) {
    return DECIMAL_BYTES[digits];
  }
}
