package io.zdmosc.mysql.shadow;

import java.sql.SQLException;

/** The server refused the user's clause. */
public final class ClauseException extends SQLException {
  private static final long serialVersionUID = 1L;

  private final String clause;

  ClauseException(String clause, String words, SQLException cause) {
    super(words, cause.getSQLState(), cause.getErrorCode(), cause);
    this.clause = clause;
  }

  /** What was run after ALTER TABLE. */
  public String clause() {
    return clause;
  }
}
