package io.zdmosc.postgres.alter;

import static java.util.Objects.requireNonNull;

import io.zdmosc.engine.error.RefusedException;

/** A place in SQL text, and the rules of what ends where. Not safe for use by several threads. */
final class SqlText {
  private final String sql;
  private int position;

  SqlText(String sql) {
    this.sql = requireNonNull(sql, "sql is null");
  }

  static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  /** Whether a name can begin with it. */
  static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
  }

  int position() {
    return position;
  }

  boolean atEnd() {
    return position >= sql.length();
  }

  /** The character so far ahead; NUL beyond the end. */
  char peek(int ahead) {
    int i = position + ahead;
    return i < sql.length() ? sql.charAt(i) : '\0';
  }

  void advance(int characters) {
    position += characters;
  }

  void backTo(int earlier) {
    position = earlier;
  }

  String from(int start) {
    return sql.substring(start, position);
  }

  boolean atComment() {
    return sql.startsWith("--", position) || sql.startsWith("/*", position);
  }

  /** Skips blanks and comments; says whether the end of a line was among them. */
  boolean skipBlanks(boolean blockComments) {
    boolean newLine = false;
    while (!atEnd()) {
      char c = peek(0);
      if (" \t\n\r\f\u000B".indexOf(c) >= 0) {
        newLine |= c == '\n' || c == '\r';
        position++;
      } else if (sql.startsWith("--", position)) {
        while (!atEnd() && peek(0) != '\n' && peek(0) != '\r') {
          position++;
        }
      } else if (blockComments && sql.startsWith("/*", position)) {
        skipBlockComment();
      } else {
        break;
      }
    }
    return newLine;
  }

  private void skipBlockComment() {
    int start = position;
    int depth = 0;
    do {
      if (atEnd()) {
        throw refused(start, "the comment", "is never closed", "Close it with */ .");
      }
      boolean opens = sql.startsWith("/*", position);
      boolean closes = sql.startsWith("*/", position);
      depth += opens ? 1 : closes ? -1 : 0;
      position += opens || closes ? 2 : 1;
    } while (depth > 0);
  }

  /**
   * Skips the string literal whose quote is next, and its continuations: literals that follow after
   * a line's end belong to it and share its escapes.
   */
  void skipString(int start, boolean backslashes) {
    int end;
    do {
      skipQuoted(start, "the string literal", '\'', backslashes);
      end = position;
    } while (skipBlanks(false) && peek(0) == '\'');
    position = end;
  }

  /** Skips from the quote that is next to the one that closes it; doubled ones close nothing. */
  void skipQuoted(int start, String what, char quote, boolean backslashes) {
    position++;
    while (true) {
      if (atEnd()) {
        throw refused(start, what, "is never closed", "Close it with " + quote + " .");
      }
      char c = peek(0);
      if (c == quote && peek(1) != quote) {
        position++;
        return;
      }
      position += c == quote || (backslashes && c == '\\') ? 2 : 1;
    }
  }

  /** Skips {@code $tag$...$tag$} if one is next, else does nothing. */
  boolean skipDollarString() {
    int start = position;
    int i = position + 1;
    while (i < sql.length() && (isLetter(sql.charAt(i)) || isDigit(sql.charAt(i)))) {
      i++;
    }
    if (i >= sql.length() || sql.charAt(i) != '$') {
      return false;
    }
    String delimiter = sql.substring(start, i + 1);
    int close = sql.indexOf(delimiter, i + 1);
    if (close < 0) {
      throw refused(
          start, "the dollar-quoted literal", "is never closed", "Close it with " + delimiter);
    }
    position = close + delimiter.length();
    return true;
  }

  void skipWord() {
    while (!atEnd() && (isLetter(peek(0)) || isDigit(peek(0)) || peek(0) == '$')) {
      position++;
    }
  }

  /** Skips a number; letters that are glued to it are left, as the server does or refuses to. */
  void skipNumber() {
    boolean radix = peek(0) == '0' && "xXoObB".indexOf(peek(1)) >= 0;
    if (radix && Character.digit(peek(2) == '_' ? peek(3) : peek(2), 16) >= 0) {
      position += 2;
      while (peek(0) == '_' || (peek(0) < 0x80 && Character.digit(peek(0), 16) >= 0)) {
        position++;
      }
      return;
    }
    skipDigits();
    if (peek(0) == '.' && peek(1) != '.') {
      position++;
      skipDigits();
    }
    int sign = peek(1) == '+' || peek(1) == '-' ? 1 : 0;
    if ((peek(0) == 'e' || peek(0) == 'E') && isDigit(peek(1 + sign))) {
      position += 1 + sign;
      skipDigits();
    }
  }

  private void skipDigits() {
    while (isDigit(peek(0)) || (peek(0) == '_' && isDigit(peek(1)))) {
      position++;
    }
  }

  RefusedException refused(int start, String what, String wrong, String remedy) {
    return RefusedException.of(
        "ALTER clause", what + " at character " + character(start) + " " + wrong, remedy);
  }

  /** The position as the server counts it: in characters, from 1. */
  private int character(int start) {
    return sql.codePointCount(0, start) + 1;
  }
}
