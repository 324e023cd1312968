package io.zdmosc.mysql.shadow;

import io.zdmosc.mysql.sql.Failures;
import java.sql.SQLException;

/** The server refused the user's clause. */
public final class ClauseException extends SQLException {
  private static final long serialVersionUID = 1L;

  private final String clause;

  ClauseException(String clause, SQLException cause) {
    super(Failures.words(cause), cause.getSQLState(), cause.getErrorCode(), cause);
    this.clause = clause;
  }

  /** What was run after ALTER TABLE. */
  public String clause() {
    return clause;
  }
}
