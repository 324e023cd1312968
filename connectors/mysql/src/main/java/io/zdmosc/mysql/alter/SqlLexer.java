package io.zdmosc.mysql.alter;

import static io.zdmosc.mysql.alter.SqlToken.Kind.CLOSE;
import static io.zdmosc.mysql.alter.SqlToken.Kind.COMMA;
import static io.zdmosc.mysql.alter.SqlToken.Kind.DOT;
import static io.zdmosc.mysql.alter.SqlToken.Kind.NAME;
import static io.zdmosc.mysql.alter.SqlToken.Kind.OPEN;
import static io.zdmosc.mysql.alter.SqlToken.Kind.OTHER;
import static io.zdmosc.mysql.alter.SqlToken.Kind.SEMICOLON;
import static io.zdmosc.mysql.alter.SqlToken.Kind.STRING;
import static io.zdmosc.mysql.alter.SqlToken.Kind.VERSIONED;
import static io.zdmosc.mysql.alter.SqlToken.Kind.WORD;
import static java.util.Objects.requireNonNull;

import io.zdmosc.engine.error.RefusedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Cuts SQL into tokens where the server would.
 *
 * <p>Guarantees:
 *
 * <ul>
 *   <li>a quote, comma, parenthesis or semicolon is found if and only if it is one to the server
 *       under the given {@code sql_mode};
 *   <li>positions are those of the text given: comments and blanks are skipped, not removed;
 *   <li>a comment whose content the server may run is one token, whatever is in it.
 * </ul>
 *
 * <p>It does not check SQL beyond what it needs to find the end of a token.
 */
public final class SqlLexer {
  private final String sql;
  private final boolean doubleQuotedNames;
  private final boolean backslashes;
  private final List<SqlToken> tokens = new ArrayList<>();
  private int position;

  private SqlLexer(String sql, String sqlMode) {
    this.sql = requireNonNull(sql, "sql is null");
    String modes = "," + sqlMode.toUpperCase(Locale.ROOT) + ",";
    this.doubleQuotedNames = modes.contains("ANSI_QUOTES");
    this.backslashes = !modes.contains("NO_BACKSLASH_ESCAPES");
  }

  /**
   * Returns the tokens in order.
   *
   * @param sqlMode what the session that runs the text has as {@code sql_mode}
   * @throws RefusedException if a quote or comment is never closed, with its position
   */
  public static List<SqlToken> tokens(String sql, String sqlMode) {
    SqlLexer lexer = new SqlLexer(sql, sqlMode);
    while (true) {
      lexer.skipBlanks();
      if (lexer.position >= sql.length()) {
        return List.copyOf(lexer.tokens);
      }
      lexer.next();
    }
  }

  private char peek(int ahead) {
    int i = position + ahead;
    return i < sql.length() ? sql.charAt(i) : '\0';
  }

  private void next() {
    int start = position;
    char c = peek(0);
    if (c == '`' || (c == '"' && doubleQuotedNames)) {
      skipQuoted(c, false, "the quoted name");
      String quoted = sql.substring(start + 1, position - 1);
      add(NAME, start, quoted.replace("" + c + c, "" + c));
    } else if (c == '\'' || c == '"') {
      skipQuoted(c, backslashes, "the string");
      add(STRING, start);
    } else if (c == '/' && peek(1) == '*') {
      skipCodeInComment();
      add(VERSIONED, start);
    } else if (isWordCharacter(c)) {
      while (isWordCharacter(peek(0))) {
        position++;
      }
      add(WORD, start);
    } else {
      position++;
      switch (c) {
        case '(' -> add(OPEN, start);
        case ')' -> add(CLOSE, start);
        case ',' -> add(COMMA, start);
        case '.' -> add(DOT, start);
        case ';' -> add(SEMICOLON, start);
        default -> add(OTHER, start);
      }
    }
  }

  private static boolean isWordCharacter(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '_'
        || c == '$'
        || c >= 0x80;
  }

  private void skipBlanks() {
    while (position < sql.length()) {
      char c = peek(0);
      if (c <= ' ') {
        position++;
      } else if (c == '#' || (c == '-' && peek(1) == '-' && peek(2) <= ' ')) {
        while (position < sql.length() && peek(0) != '\n') {
          position++;
        }
      } else if (c == '/' && peek(1) == '*' && !isVersioned()) {
        skipBlockComment();
      } else {
        return;
      }
    }
  }

  /** Comments that MySQL or MariaDB take for code: with an exclamation mark, an M before it. */
  private boolean isVersioned() {
    return peek(2) == '!' || (peek(2) == 'M' && peek(3) == '!') || peek(2) == '+';
  }

  private void skipBlockComment() {
    int close = sql.indexOf("*/", position + 2);
    if (close < 0) {
      throw refused(position, "the comment", "is never closed");
    }
    position = close + 2;
  }

  /**
   * The server reads it as code, so its end is not what stands in quotes; unless it is for another
   * version, and then quotes mean nothing.
   */
  private void skipCodeInComment() {
    int start = position;
    position += 2;
    try {
      while (peek(0) != '*' || peek(1) != '/') {
        skipInComment(start);
      }
      position += 2;
    } catch (RefusedException e) {
      position = start;
      skipBlockComment();
    }
  }

  private void skipInComment(int start) {
    char c = peek(0);
    if (position >= sql.length()) {
      throw refused(start, "the comment", "is never closed");
    }
    if (c == '`' || c == '"' && doubleQuotedNames) {
      skipQuoted(c, false, "the quoted name");
    } else if (c == '\'' || c == '"') {
      skipQuoted(c, backslashes, "the string");
    } else {
      position++;
    }
  }

  private void skipQuoted(char quote, boolean escapes, String what) {
    int start = position++;
    while (true) {
      if (position >= sql.length()) {
        throw refused(start, what, "is never closed");
      }
      char c = peek(0);
      if (c == quote && peek(1) != quote) {
        position++;
        return;
      }
      position += c == quote || (escapes && c == '\\') ? 2 : 1;
    }
  }

  private RefusedException refused(int start, String what, String wrong) {
    return RefusedException.of(
        "ALTER clause",
        what + " at character " + (sql.codePointCount(0, start) + 1) + " " + wrong,
        "Close it.");
  }

  private void add(SqlToken.Kind kind, int start) {
    add(kind, start, sql.substring(start, position));
  }

  private void add(SqlToken.Kind kind, int start, String text) {
    tokens.add(new SqlToken(kind, start, position, text));
  }
}
