package io.zdmosc.mysql.alter;

import static java.util.Objects.requireNonNull;

/**
 * One token of MySQL's or MariaDB's SQL.
 *
 * @param start where it begins in the text, in Java characters
 * @param end where it ends, exclusive
 * @param text for quoted names the name, for everything else the text as written
 */
public record SqlToken(Kind kind, int start, int end, String text) {

  /** The kinds of tokens that matter to us. */
  public enum Kind {
    /** A keyword, a name without quotes, or a number. */
    WORD,
    /** A name in quotes. */
    NAME,
    STRING,
    OPEN,
    CLOSE,
    COMMA,
    DOT,
    SEMICOLON,
    /** A comment whose content the server may run. */
    VERSIONED,
    OTHER
  }

  public SqlToken {
    requireNonNull(kind, "kind is null");
    requireNonNull(text, "text is null");
  }

  /** Whether this is the keyword, given in upper case. */
  public boolean isWord(String word) {
    return kind == Kind.WORD && text.equalsIgnoreCase(word);
  }

  /** Whether this can stand where a name is expected; reserved words are left to the server. */
  public boolean isName() {
    return kind == Kind.WORD || kind == Kind.NAME;
  }

  boolean is(Kind wanted) {
    return kind == wanted;
  }
}
