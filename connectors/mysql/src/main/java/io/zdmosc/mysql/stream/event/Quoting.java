package io.zdmosc.mysql.stream.event;

/**
 * How a statement's quotes are to be read, by the sql_mode of the session that ran it.
 *
 * @param doubleQuotesAreNames true under {@code ANSI_QUOTES}; else they are those of a string
 * @param backslashesEscape false under {@code NO_BACKSLASH_ESCAPES}
 */
public record Quoting(boolean doubleQuotesAreNames, boolean backslashesEscape) {
  /** Of a session whose sql_mode says nothing of it. */
  public static final Quoting DEFAULT = new Quoting(false, true);

  /** Both servers number these two modes alike. */
  private static final long ANSI_QUOTES = 1 << 2;

  private static final long NO_BACKSLASH_ESCAPES = 1 << 20;

  /**
   * As the log says it.
   *
   * @param sqlMode the modes as bits
   */
  static Quoting of(long sqlMode) {
    return new Quoting((sqlMode & ANSI_QUOTES) != 0, (sqlMode & NO_BACKSLASH_ESCAPES) == 0);
  }
}
