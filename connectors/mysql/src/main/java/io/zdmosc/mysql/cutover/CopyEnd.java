package io.zdmosc.mysql.cutover;

import io.zdmosc.mysql.sql.Session;
import java.sql.SQLException;

/**
 * The moment at which the last chunk had been copied. Read views that are older would find the new
 * table empty.
 *
 * @param at by the server's clock, in seconds since 1970
 */
public record CopyEnd(long at) {

  /** That moment is now. */
  public static CopyEnd now(Session session) throws SQLException {
    return new CopyEnd(
        session.first("SELECT UNIX_TIMESTAMP()", row -> row.getLong(1)).orElseThrow());
  }

  /** There was no copy to wait for. */
  public static CopyEnd never() {
    return new CopyEnd(0);
  }
}
