package io.zdmosc.postgres.alter;

/**
 * Resolves the escapes of {@code U&"..."}: {@code \XXXX}, {@code \+XXXXXX} and a doubled escape.
 */
final class UnicodeEscapes {
  private UnicodeEscapes() {}

  /** Whether the server takes this character after {@code UESCAPE}. */
  static boolean isEscapeCharacter(char c) {
    return Character.digit(c, 16) < 0 && "+'\" \t\n\r\f\u000B".indexOf(c) < 0 && c < 0x80;
  }

  /**
   * Returns the text that the escapes stand for.
   *
   * @throws IllegalArgumentException if the server would refuse an escape
   */
  static String resolve(String written, char escape) {
    StringBuilder resolved = new StringBuilder(written.length());
    int highSurrogate = 0;
    int i = 0;
    while (i < written.length()) {
      boolean escaped = written.charAt(i) == escape;
      boolean doubled = escaped && i + 1 < written.length() && written.charAt(i + 1) == escape;
      if (!escaped || doubled) {
        requirePair(highSurrogate == 0);
        resolved.append(written.charAt(i));
        i += doubled ? 2 : 1;
        continue;
      }
      boolean longForm = i + 1 < written.length() && written.charAt(i + 1) == '+';
      int digits = i + (longForm ? 2 : 1);
      int end = digits + (longForm ? 6 : 4);
      int codePoint = hex(written, digits, end);
      boolean low = codePoint >= 0xDC00 && codePoint <= 0xDFFF;
      requirePair(low == (highSurrogate != 0));
      if (codePoint >= 0xD800 && codePoint <= 0xDBFF) {
        highSurrogate = codePoint;
      } else if (low) {
        resolved.appendCodePoint(Character.toCodePoint((char) highSurrogate, (char) codePoint));
        highSurrogate = 0;
      } else {
        resolved.appendCodePoint(codePoint);
      }
      i = end;
    }
    requirePair(highSurrogate == 0);
    return resolved.toString();
  }

  private static int hex(String text, int start, int end) {
    if (end > text.length()) {
      throw new IllegalArgumentException("has an incomplete Unicode escape");
    }
    int value = 0;
    for (int i = start; i < end; i++) {
      char c = text.charAt(i);
      int digit = c < 0x80 ? Character.digit(c, 16) : -1;
      if (digit < 0) {
        throw new IllegalArgumentException("has an invalid Unicode escape");
      }
      value = value * 16 + digit;
    }
    if (value == 0 || value > Character.MAX_CODE_POINT) {
      throw new IllegalArgumentException("has a Unicode escape of no valid character");
    }
    return value;
  }

  private static void requirePair(boolean paired) {
    if (!paired) {
      throw new IllegalArgumentException("has half of a Unicode surrogate pair");
    }
  }
}
