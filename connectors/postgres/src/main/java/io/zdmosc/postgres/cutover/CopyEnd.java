package io.zdmosc.postgres.cutover;

import io.zdmosc.postgres.sql.Session;
import java.sql.SQLException;
import java.util.List;

/**
 * The moment at which the last chunk had been copied. Snapshots that are older would find the new
 * table empty.
 *
 * @param at by the server's clock
 * @param running the other transactions that were under way then, by their virtual ids. They are
 *     what can be seen of other roles' sessions without the privileges of {@code
 *     pg_read_all_stats}.
 */
public record CopyEnd(String at, List<String> running) {
  public CopyEnd {
    running = List.copyOf(running);
  }

  /** That moment is now. */
  public static CopyEnd now(Session session) throws SQLException {
    String at = session.text("SELECT clock_timestamp()::text").orElseThrow();
    List<String> running =
        session.query(
            "SELECT virtualtransaction FROM pg_locks WHERE locktype = 'virtualxid' AND granted"
                + " AND mode = 'ExclusiveLock' AND pid <> pg_backend_pid()",
            row -> row.getString(1));
    return new CopyEnd(at, running);
  }
}
