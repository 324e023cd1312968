package io.zdmosc.mysql.stream.row;

import io.zdmosc.mysql.stream.event.Bytes;

/**
 * Writes DECIMAL values as the server does. They are stored in groups of nine digits, most
 * significant first; the first bit is set for those not negative, and all bits are turned round for
 * the others.
 */
final class DecimalText {
  private DecimalText() {}

  static String read(Bytes row, int precision, int scale) {
    int whole = precision - scale;
    boolean negative = (row.peek(0) & 0x80) == 0;
    Groups groups = new Groups(row, negative);
    StringBuilder digits = new StringBuilder(precision + 3);
    groups.append(digits, whole % ColumnFormat.DECIMAL_DIGITS_PER_WORD);
    groups.appendWords(digits, whole / ColumnFormat.DECIMAL_DIGITS_PER_WORD);
    StringBuilder text = new StringBuilder(precision + 3);
    if (negative) {
      text.append('-');
    }
    text.append(withoutLeadingZeros(digits));
    if (scale > 0) {
      digits.setLength(0);
      groups.appendWords(digits, scale / ColumnFormat.DECIMAL_DIGITS_PER_WORD);
      groups.append(digits, scale % ColumnFormat.DECIMAL_DIGITS_PER_WORD);
      text.append('.').append(digits);
    }
    return text.toString();
  }

  private static CharSequence withoutLeadingZeros(CharSequence digits) {
    int begin = 0;
    while (begin < digits.length() && digits.charAt(begin) == '0') {
      begin++;
    }
    return begin == digits.length() ? "0" : digits.subSequence(begin, digits.length());
  }

  /** The groups of one value, in order. */
  private static final class Groups {
    private final Bytes row;
    private final boolean negative;
    private boolean first = true;

    Groups(Bytes row, boolean negative) {
      this.row = row;
      this.negative = negative;
    }

    void appendWords(StringBuilder text, int count) {
      for (int i = 0; i < count; i++) {
        append(text, ColumnFormat.DECIMAL_DIGITS_PER_WORD);
      }
    }

    void append(StringBuilder text, int digits) {
      if (digits == 0) {
        return;
      }
      int bytes = ColumnFormat.decimalBytes(digits);
      long value = row.bigEndian(bytes);
      if (first) {
        value ^= 1L << (8 * bytes - 1); // the sign
        first = false;
      }
      if (negative) {
        value = ~value & (1L << 8 * bytes) - 1;
      }
      String group = Long.toString(value);
      text.append("0".repeat(digits - group.length())).append(group);
    }
  }
}
