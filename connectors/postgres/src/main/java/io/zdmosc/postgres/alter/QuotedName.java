package io.zdmosc.postgres.alter;

/** Reads quoted identifiers into the names they stand for. */
final class QuotedName {
  private static final String WHAT = "the quoted identifier";

  private QuotedName() {}

  /** Reads {@code "..."} whose quote is next. */
  static String read(SqlText sql, int start) {
    return name(sql, start, inside(sql, start));
  }

  /** Reads {@code U&"..." [UESCAPE 'c']}; its quote is next. */
  static String readUnicode(SqlText sql, int start) {
    String inside = inside(sql, start);
    try {
      return name(sql, start, UnicodeEscapes.resolve(inside, escape(sql, start)));
    } catch (IllegalArgumentException e) {
      throw sql.refused(start, WHAT, e.getMessage(), "Write the character itself.");
    }
  }

  private static String inside(SqlText sql, int start) {
    int quote = sql.position();
    sql.skipQuoted(start, WHAT, '"', false);
    String quoted = sql.from(quote);
    return quoted.substring(1, quoted.length() - 1).replace("\"\"", "\"");
  }

  private static String name(SqlText sql, int start, String name) {
    if (name.isEmpty()) {
      throw sql.refused(start, WHAT, "is empty", "Write a name between the quotes.");
    }
    return ServerNames.truncated(name);
  }

  private static char escape(SqlText sql, int start) {
    int end = sql.position();
    sql.skipBlanks(true);
    int word = sql.position();
    sql.skipWord();
    if (!ServerNames.unquoted(sql.from(word)).equals("uescape")) {
      sql.backTo(end);
      return '\\';
    }
    sql.skipBlanks(true);
    char escape = sql.peek(1);
    if (sql.peek(0) != '\'' || sql.peek(2) != '\'' || !UnicodeEscapes.isEscapeCharacter(escape)) {
      throw sql.refused(
          start, WHAT, "has an invalid UESCAPE", "Write UESCAPE and one character in quotes.");
    }
    sql.advance(3);
    return escape;
  }
}
