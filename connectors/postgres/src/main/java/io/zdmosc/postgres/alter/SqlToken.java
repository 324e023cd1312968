package io.zdmosc.postgres.alter;

import static java.util.Objects.requireNonNull;

/**
 * One token of PostgreSQL's SQL.
 *
 * @param kind what the server's lexer takes it for
 * @param start where it begins in the text, in Java characters
 * @param end where it ends, exclusive
 * @param text for identifiers the name as the server stores it, for everything else the text as
 *     written
 */
public record SqlToken(Kind kind, int start, int end, String text) {

  /** The kinds of tokens that matter to us. */
  public enum Kind {
    /** An unquoted name or keyword; its text is in lower case. */
    IDENTIFIER,
    /** {@code "..."} or {@code U&"..."} with its {@code UESCAPE}. */
    QUOTED_IDENTIFIER,
    /** Any literal in single quotes, whatever its prefix, with its continuations. */
    STRING,
    /** {@code $tag$...$tag$}. */
    DOLLAR_STRING,
    NUMBER,
    /** {@code $1}. */
    PARAMETER,
    OPERATOR,
    /** {@code (} or {@code [}. */
    OPEN,
    /** {@code )} or {@code ]}. */
    CLOSE,
    COMMA,
    SEMICOLON,
    DOT,
    /** A character that belongs to no valid SQL; the server will say so. */
    OTHER
  }

  public SqlToken {
    requireNonNull(kind, "kind is null");
    requireNonNull(text, "text is null");
  }

  /** Whether this is the unquoted keyword, given in lower case. */
  public boolean isWord(String word) {
    return kind == Kind.IDENTIFIER && text.equals(word);
  }

  /** Whether this can stand where a name is expected; reserved words are left to the server. */
  public boolean isName() {
    return kind == Kind.IDENTIFIER || kind == Kind.QUOTED_IDENTIFIER;
  }

  boolean isOpen(String parenthesis) {
    return kind == Kind.OPEN && text.equals(parenthesis);
  }

  boolean isClose(String parenthesis) {
    return kind == Kind.CLOSE && text.equals(parenthesis);
  }
}
