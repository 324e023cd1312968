package io.zdmosc.mysql.dump;

import io.zdmosc.mysql.catalog.ColumnInfo;
import io.zdmosc.mysql.sql.Sql;
import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/** A column whose values are written, and how: so that each becomes the same again. */
record StoredColumn(ColumnInfo column, Form form) {
  /** How values of a type are read and written. */
  enum Form {
    /** Digits, without quotes. */
    NUMBER,
    /** The number of an ENUM's or SET's value: an ENUM's invalid value has no other. */
    NAMED,
    /** All digits of a floating-point number, in quotes: only so a negative zero stays one. */
    FLOAT,
    /** The bytes. */
    BYTES,
    /** Characters, of which the stored bytes are read. */
    CHARACTERS,
    /** The server's own text: dates, JSON, addresses. */
    WORDS
  }

  static StoredColumn of(ColumnInfo column) {
    return new StoredColumn(column, form(column));
  }

  private static Form form(ColumnInfo column) {
    if (column.isInteger() || column.isDecimal() || column.isBit()) {
      return Form.NUMBER;
    }
    if (column.isNamed()) {
      return Form.NAMED;
    }
    if (column.isFloat()) {
      return Form.FLOAT;
    }
    if (column.isBytes() || column.isSpatial() || column.dataType().equals("vector")) {
      return Form.BYTES;
    }
    return column.isText() ? Form.CHARACTERS : Form.WORDS;
  }

  /** What is selected of it. */
  String expression() {
    String name = Sql.name(column.name());
    return switch (form) {
      case NUMBER ->
          column.isBit()
              ? "CAST(CAST(" + name + " AS UNSIGNED) AS CHAR)"
              : "CAST(" + name + " AS CHAR)";
      case NAMED -> "CAST(CAST(" + name + " AS UNSIGNED) AS CHAR)";
      // as a DOUBLE: the server shows six digits of a FLOAT
      case FLOAT -> "CAST(" + name + " * 1e0 AS CHAR)";
      case CHARACTERS -> "CAST(" + name + " AS BINARY)";
      case BYTES -> name;
      case WORDS -> "CAST(" + name + " AS CHAR)";
    };
  }

  /** True for a value that the server takes only where it is not strict. */
  boolean isInvalid(ResultSet row, int index) throws SQLException {
    return column.dataType().equals("enum") && "0".equals(row.getString(index));
  }

  /** Writes this column's value of the row as a literal. */
  void write(ResultSet row, int index, SqlOutput out) throws SQLException, IOException {
    switch (form) {
      case NUMBER, NAMED -> out.text(Optional.ofNullable(row.getString(index)).orElse("NULL"));
      case FLOAT, WORDS -> {
        String value = row.getString(index);
        out.text(value == null ? "NULL" : Sql.literal(value));
      }
      case CHARACTERS -> characters(row.getBytes(index), out);
      case BYTES -> bytes(row.getBytes(index), out);
    }
  }

  private static void bytes(byte[] value, SqlOutput out) throws IOException {
    if (value == null) {
      out.text("NULL");
    } else {
      out.hexLiteral(value);
    }
  }

  private void characters(byte[] stored, SqlOutput out) throws IOException {
    if (stored == null) {
      out.text("NULL");
      return;
    }
    Optional<String> text = CharsetText.read(column.charset(), stored);
    if (text.isPresent()) {
      out.text(Sql.literal(text.get()));
    } else {
      out.text("_" + column.charset() + " ");
      out.hexLiteral(stored);
    }
  }
}
