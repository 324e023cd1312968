package io.zdmosc.postgres.cutover;

import io.zdmosc.postgres.sql.Session;
import io.zdmosc.postgres.sql.Sql;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * Who would make the cut-over wait: transactions that hold a lock on one of its tables for longer
 * than a moment, and snapshots that are older than the copy, whose owners would find the new table
 * empty. Of other roles' sessions the server may hide everything but that they are there; then
 * every transaction that is older than the copy's end counts.
 */
final class Obstacles {
  private static final String QUERY =
      """
      SELECT CASE WHEN l.pid IS NULL
                  THEN format('a prepared transaction holds %s on %s', l.mode, l.relation::regclass)
                  ELSE format('%s of %s (%s, pid %s) has held %s on %s for %s ms',
                              CASE WHEN a.state LIKE 'idle in%' THEN 'an idle transaction'
                                   ELSE 'a transaction' END,
                              a.usename, coalesce(nullif(a.application_name, ''), 'no name'),
                              l.pid, l.mode, l.relation::regclass,
                              round(extract(epoch FROM clock_timestamp() - a.xact_start) * 1000))
             END
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
         AND a.application_name NOT LIKE 'zdm-osc %'
      UNION ALL
      SELECT format('a transaction (pid %s) that began before the copy ended may still read with its'
                    || ' old snapshot', l.pid)
        FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
       WHERE l.locktype = 'virtualxid' AND l.granted AND l.virtualtransaction = ANY (?::text[])
         AND a.datname = current_database() AND a.xact_start IS NULL\
      """;

  private static final String HELD_UP =
      """
      SELECT format('%s (%s, pid %s) waits for the cut-over''s own lock on %s', a.usename,
                    coalesce(nullif(a.application_name, ''), 'no name'), a.pid, l.relation::regclass)
        FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
       WHERE l.locktype = 'relation' AND l.relation = ANY (?::oid[]) AND NOT l.granted
         AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
         AND pg_backend_pid() = ANY (pg_blocking_pids(l.pid))
       LIMIT 1\
      """;

  private final Session session;
  private final List<String> tables;
  private final CopyEnd copyEnd;

  Obstacles(Session session, List<Long> tables, CopyEnd copyEnd) {
    this.session = session;
    this.tables = tables.stream().map(String::valueOf).toList();
    this.copyEnd = copyEnd;
  }

  List<String> find() throws SQLException {
    String oids = Sql.array(tables);
    // within a transaction the server would go on showing what it showed first
    session.text("SELECT pg_stat_clear_snapshot()::text");
    return session.query(
        QUERY, row -> row.getString(1), oids, oids, copyEnd.at(), Sql.array(copyEnd.running()));
  }

  /** Who waits for a lock that this session holds already. */
  Optional<String> heldUp() throws SQLException {
    return session.text(HELD_UP, Sql.array(tables));
  }
}
