package io.zdmosc.mysql.stream.statement;

import io.zdmosc.mysql.stream.event.Quoting;
import java.util.ArrayList;
import java.util.List;

/**
 * Splits a statement into tokens, as far as names and keywords need it. Comments are left out, but
 * not those that the server executes ({@code /*! ... *}{@code /}). What a backslash and a double
 * quote mean is said by the sql_mode under which the statement was run.
 */
final class Lexer {
  private final String sql;
  private final Quoting quoting;
  private final List<Token> tokens = new ArrayList<>();
  private int at;

  private Lexer(String sql, Quoting quoting) {
    this.sql = sql;
    this.quoting = quoting;
  }

  static List<Token> tokens(String sql, Quoting quoting) {
    Lexer lexer = new Lexer(sql, quoting);
    while (lexer.at < sql.length()) {
      lexer.next();
    }
    return lexer.tokens;
  }

  private void next() {
    char c = sql.charAt(at);
    if (Character.isWhitespace(c)) {
      at++;
    } else if (c == '`' || c == '"' && quoting.doubleQuotesAreNames()) {
      quoted(c, Token.Kind.NAME);
    } else if (c == '\'' || c == '"') {
      quoted(c, Token.Kind.STRING);
    } else if (c == '#' || startsWith("-- ") || startsWith("--\n") || startsWith("--\t")) {
      int end = sql.indexOf('\n', at);
      at = end < 0 ? sql.length() : end + 1;
    } else if (startsWith("/*")) {
      comment();
    } else if (startsWith("*/")) {
      at += 2; // the end of a comment that is executed
    } else if (isWordPart(c)) {
      word();
    } else {
      tokens.add(new Token(Token.Kind.SYMBOL, String.valueOf(c)));
      at++;
    }
  }

  private void comment() {
    if (startsWith("/*!") || startsWith("/*M!")) {
      at = sql.indexOf('!', at) + 1;
      while (at < sql.length() && Character.isDigit(sql.charAt(at))) {
        at++;
      }
    } else {
      int end = sql.indexOf("*/", at + 2);
      at = end < 0 ? sql.length() : end + 2;
    }
  }

  private void quoted(char quote, Token.Kind kind) {
    boolean escapes = kind == Token.Kind.STRING && quoting.backslashesEscape();
    StringBuilder text = new StringBuilder();
    at++;
    while (at < sql.length()) {
      char c = sql.charAt(at++);
      if (c == '\\' && escapes && at < sql.length()) {
        text.append(sql.charAt(at++));
      } else if (c != quote) {
        text.append(c);
      } else if (at < sql.length() && sql.charAt(at) == quote) {
        text.append(c);
        at++;
      } else {
        break;
      }
    }
    tokens.add(new Token(kind, text.toString()));
  }

  private void word() {
    int begin = at;
    while (at < sql.length() && isWordPart(sql.charAt(at))) {
      at++;
    }
    tokens.add(new Token(Token.Kind.WORD, sql.substring(begin, at)));
  }

  private boolean startsWith(String text) {
    return sql.startsWith(text, at);
  }

  private static boolean isWordPart(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '$' || c >= 0x80;
  }
}
