package io.zdmosc.postgres.shadow;

import java.sql.SQLException;

/** The server refused a statement of the user's clause. */
public final class ClauseException extends SQLException {
  private static final long serialVersionUID = 1L;

  private final String clause;

  ClauseException(String clause, SQLException cause) {
    super(words(cause), cause.getSQLState(), cause);
    this.clause = clause;
  }

  /** The position would be one in our statement, of which the user has written a part. */
  private static String words(SQLException cause) {
    return String.valueOf(cause.getMessage()).replaceFirst("\\R *Position: \\d+", "");
  }

  /** What was run after ALTER TABLE. */
  public String clause() {
    return clause;
  }
}
