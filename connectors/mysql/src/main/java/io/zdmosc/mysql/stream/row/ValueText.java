package io.zdmosc.mysql.stream.row;

import io.zdmosc.mysql.key.KeyBytes;
import io.zdmosc.mysql.key.KeyType;
import io.zdmosc.mysql.stream.event.Bytes;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.UUID;

/** Writes the value of one key column as {@link KeyType} says, straight from the bytes of a row. */
final class ValueText {
  private final KeyType type;
  private final ColumnFormat format;

  /**
   * @throws IllegalStateException when the log carries another type than the catalog tells
   */
  ValueText(KeyType type, ColumnFormat format) {
    this.type = type;
    this.format = format;
    if (!fits()) {
      throw new IllegalStateException(
          "the binary log carries type %d for a key column of type %s"
              .formatted(format.type(), type.name()));
    }
  }

  private boolean fits() {
    int logged = format.type();
    return switch (type.kind()) {
      case INTEGER -> logged == integerType();
      case DECIMAL ->
          logged == ColumnFormat.DECIMAL
              && format.precision() == type.precision()
              && format.scale() == type.scale();
      case YEAR -> logged == ColumnFormat.YEAR;
      case BIT -> logged == ColumnFormat.BIT;
      case ENUM -> logged == ColumnFormat.ENUM;
      case SET -> logged == ColumnFormat.SET;
      case DATE -> logged == ColumnFormat.DATE;
      case TIME -> logged == ColumnFormat.TIME2 && format.meta() == type.scale();
      case DATETIME -> logged == ColumnFormat.DATETIME2 && format.meta() == type.scale();
      case TIMESTAMP -> logged == ColumnFormat.TIMESTAMP2 && format.meta() == type.scale();
      case TEXT, BINARY, UUID ->
          logged == ColumnFormat.STRING
              || logged == ColumnFormat.VARCHAR
              || logged == ColumnFormat.VAR_STRING;
      case APPROXIMATE, OTHER -> false;
    };
  }

  private int integerType() {
    return switch (type.name()) {
      case "tinyint" -> ColumnFormat.TINY;
      case "smallint" -> ColumnFormat.SHORT;
      case "mediumint" -> ColumnFormat.INT24;
      case "int" -> ColumnFormat.LONG;
      default -> ColumnFormat.LONGLONG;
    };
  }

  /** The value at the position; moves on behind it. */
  String read(Bytes row) {
    return switch (type.kind()) {
      case INTEGER -> integer(row);
      case DECIMAL -> DecimalText.read(row, format.precision(), format.scale());
      case YEAR -> TemporalText.year(row);
      case BIT -> Long.toUnsignedString(row.bigEndian(format.bitBytes()));
      case ENUM, SET -> Long.toUnsignedString(row.unsigned(format.meta()));
      case DATE -> TemporalText.date(row);
      case TIME -> TemporalText.time(row, format.meta());
      case DATETIME -> TemporalText.datetime(row, format.meta());
      case TIMESTAMP -> TemporalText.timestamp(row, format.meta());
      case TEXT -> KeyBytes.text(string(row), type.charset());
      case BINARY -> KeyBytes.binary(padded(string(row)));
      case UUID -> uuid(padded(string(row)));
      case APPROXIMATE, OTHER -> throw new IllegalStateException("no text for " + type.name());
    };
  }

  private String integer(Bytes row) {
    int bytes =
        switch (format.type()) {
          case ColumnFormat.TINY -> 1;
          case ColumnFormat.SHORT -> 2;
          case ColumnFormat.INT24 -> 3;
          case ColumnFormat.LONG -> 4;
          default -> 8;
        };
    long value = row.unsigned(bytes);
    if (type.unsigned()) {
      return Long.toUnsignedString(value);
    }
    int shift = 64 - 8 * bytes;
    return Long.toString(value << shift >> shift);
  }

  private byte[] string(Bytes row) {
    return row.bytes((int) row.unsigned(format.lengthBytes()));
  }

  private static String uuid(byte[] value) {
    ByteBuffer bytes = ByteBuffer.wrap(value);
    return new UUID(bytes.getLong(), bytes.getLong()).toString();
  }

  /** The log leaves out the zeros at the end of types with a fixed length. */
  private byte[] padded(byte[] value) {
    boolean fixed = !type.name().startsWith("var");
    return fixed && value.length < type.bytes() ? Arrays.copyOf(value, (int) type.bytes()) : value;
  }
}
