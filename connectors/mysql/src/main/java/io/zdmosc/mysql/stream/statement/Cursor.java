package io.zdmosc.mysql.stream.statement;

import java.util.List;

/** Walks through the tokens of a statement. Not thread-safe. */
final class Cursor {
  private static final Token NOTHING = new Token(Token.Kind.SYMBOL, "\0");

  private final List<Token> tokens;
  private int at;

  Cursor(List<Token> tokens) {
    this.tokens = tokens;
  }

  boolean atEnd() {
    return at >= tokens.size();
  }

  Token present() {
    return atEnd() ? NOTHING : tokens.get(at);
  }

  void advance() {
    at++;
  }

  /** Moves over the keyword if it stands here. */
  boolean take(String keyword) {
    if (present().is(keyword)) {
      at++;
      return true;
    }
    return false;
  }

  boolean takeSymbol(char symbol) {
    if (present().isSymbol(symbol)) {
      at++;
      return true;
    }
    return false;
  }

  /** Moves over all of these keywords, in any order and number. */
  void takeAll(String... keywords) {
    boolean more = true;
    while (more) {
      more = false;
      for (String keyword : keywords) {
        more |= take(keyword);
      }
    }
  }

  /** Moves behind the next of these keywords; false when there is none. */
  boolean find(String keyword) {
    while (!atEnd()) {
      if (take(keyword)) {
        return true;
      }
      advance();
    }
    return false;
  }

  /** The table name here, or null when there is none. */
  Name name() {
    if (!present().isName()) {
      return null;
    }
    String first = present().text();
    advance();
    if (!takeSymbol('.')) {
      return new Name(null, first);
    }
    String second = present().text();
    advance();
    return new Name(first, second);
  }

  /** A table's name as a statement writes it; the schema may be null. */
  record Name(String schema, String table) {}
}
