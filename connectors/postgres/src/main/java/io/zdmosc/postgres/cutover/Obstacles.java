package io.zdmosc.postgres.cutover;

import io.zdmosc.postgres.sql.Session;
import io.zdmosc.postgres.sql.Sql;
import java.sql.SQLException;
import java.util.List;

/**
 * Who would make the cut-over wait: transactions that hold a lock on one of its tables for longer
 * than a moment, and snapshots that are older than the copy, whose owners would find the new table
 * empty.
 */
final class Obstacles {
  private static final String QUERY =
      """
      SELECT coalesce(format('%s of %s (%s, pid %s) has held %s on %s for %s ms',
                             CASE WHEN a.state LIKE 'idle in%%' THEN 'an idle transaction'
                                  ELSE 'a transaction' END,
                             a.usename, coalesce(nullif(a.application_name, ''), 'no name'), l.pid,
                             l.mode, l.relation::regclass,
                             round(extract(epoch FROM clock_timestamp() - a.xact_start) * 1000)),
                      format('a prepared transaction holds %s on %s', l.mode,
                             l.relation::regclass))
        FROM pg_locks l LEFT JOIN pg_stat_activity a ON a.pid = l.pid
       WHERE l.locktype = 'relation' AND l.relation = ANY (?::oid[]) AND l.granted
         AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
         AND l.pid IS DISTINCT FROM pg_backend_pid()
         AND (l.pid IS NULL OR (a.xact_start < clock_timestamp() - interval '100 ms'
              AND a.backend_type = 'client backend'))
      UNION ALL
      SELECT format('a statement of %s (pid %s) waits for a strong lock on %s', a.usename, l.pid,
                    l.relation::regclass)
        FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
       WHERE l.locktype = 'relation' AND l.relation = ANY (?::oid[]) AND NOT l.granted
         AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
         AND l.mode = 'AccessExclusiveLock' AND l.pid <> pg_backend_pid()
      UNION ALL
      SELECT format('%s (%s, pid %s) reads with a snapshot that is older than the copy', a.usename,
                    coalesce(nullif(a.application_name, ''), 'no name'), a.pid)
        FROM pg_stat_activity a
       WHERE a.datname = current_database() AND a.backend_type = 'client backend'
         AND a.backend_xmin IS NOT NULL AND a.pid <> pg_backend_pid()
         AND a.xact_start < ?::timestamptz
         AND a.application_name NOT LIKE 'zdm-osc %'""";

  private final Session session;
  private final List<String> tables;
  private final String copiedAt;

  /**
   * @param copiedAt when the last chunk had been copied, by the server's clock
   */
  Obstacles(Session session, List<Long> tables, String copiedAt) {
    this.session = session;
    this.tables = tables.stream().map(String::valueOf).toList();
    this.copiedAt = copiedAt;
  }

  List<String> find() throws SQLException {
    String oids = Sql.array(tables);
    return session.query(QUERY, row -> row.getString(1), oids, oids, copiedAt);
  }
}
