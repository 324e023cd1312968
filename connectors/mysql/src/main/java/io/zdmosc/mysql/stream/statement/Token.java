package io.zdmosc.mysql.stream.statement;

/**
 * A piece of a statement.
 *
 * @param kind what it is
 * @param text the word, the name without its quotes, or the symbol
 */
record Token(Kind kind, String text) {
  enum Kind {
    /** A keyword or a name without quotes. */
    WORD,
    NAME,
    STRING,
    SYMBOL
  }

  boolean is(String keyword) {
    return kind == Kind.WORD && text.equalsIgnoreCase(keyword);
  }

  boolean isSymbol(char symbol) {
    return kind == Kind.SYMBOL && text.charAt(0) == symbol;
  }

  boolean isName() {
    return kind == Kind.WORD || kind == Kind.NAME;
  }
}
