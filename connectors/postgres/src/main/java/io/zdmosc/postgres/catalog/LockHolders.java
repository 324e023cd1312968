package io.zdmosc.postgres.catalog;

import io.zdmosc.postgres.sql.Failures;
import io.zdmosc.postgres.sql.Session;
import io.zdmosc.postgres.sql.Sql;
import java.sql.SQLException;
import java.util.List;

/** Names whoever makes others wait for locks on relations: who, and since when. */
public final class LockHolders {
  private static final int MOST = 3;

  /** A lock that somebody waits for. */
  public enum Wanted {
    ACCESS_SHARE(List.of("AccessExclusiveLock")),
    SHARE_UPDATE_EXCLUSIVE(
        List.of(
            "ShareUpdateExclusiveLock",
            "ShareLock",
            "ShareRowExclusiveLock",
            "ExclusiveLock",
            "AccessExclusiveLock")),
    ACCESS_EXCLUSIVE(
        List.of(
            "AccessShareLock",
            "RowShareLock",
            "RowExclusiveLock",
            "ShareUpdateExclusiveLock",
            "ShareLock",
            "ShareRowExclusiveLock",
            "ExclusiveLock",
            "AccessExclusiveLock"));

    private final List<String> conflicting;

    Wanted(List<String> conflicting) {
      this.conflicting = conflicting;
    }
  }

  /** Who waits for a lock that conflicts is in the way too: others come after him. */
  private static final String QUERY =
      """
      SELECT CASE WHEN l.pid IS NULL
                  THEN format('a prepared transaction holds %s on %s', l.mode, l.relation::regclass)
                  ELSE format('%s (%spid %s) has %s %s on %s%s',
                              CASE WHEN a.backend_type = 'autovacuum worker' THEN 'an autovacuum'
                                   WHEN a.state LIKE 'idle in%' THEN
                                        'an idle transaction of ' || a.usename
                                   ELSE coalesce('a transaction of ' || a.usename, 'a process') END,
                              CASE WHEN a.backend_type = 'autovacuum worker' THEN ''
                                   ELSE coalesce(nullif(a.application_name, ''), 'no name') || ', '
                              END,
                              l.pid, CASE WHEN l.granted THEN 'held' ELSE 'waited for' END,
                              l.mode, l.relation::regclass,
                              coalesce(' for ' || round(extract(epoch FROM
                                clock_timestamp() - a.xact_start) * 1000) || ' ms', ''))
             END
        FROM pg_locks l LEFT JOIN pg_stat_activity a ON a.pid = l.pid
       WHERE l.locktype = 'relation' AND l.relation = ANY (?::oid[]) AND l.mode = ANY (?::text[])
         AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
         AND l.pid IS DISTINCT FROM pg_backend_pid()
         AND (a.xact_start < coalesce(?::timestamptz, 'infinity')) IS NOT FALSE
       ORDER BY l.pid IS NOT NULL, l.granted DESC, a.xact_start NULLS LAST, l.pid
       LIMIT ?::int\
      """;

  /** The table, what is above it by inheritance, and what reads it, at any depth. */
  private static final String AROUND =
      """
      WITH RECURSIVE v(oid) AS (
        SELECT ?::oid
        UNION
        SELECT w.oid FROM v CROSS JOIN LATERAL (
          SELECT r.ev_class FROM pg_depend d JOIN pg_rewrite r ON r.oid = d.objid
           WHERE d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_class'::regclass
             AND d.refobjid = v.oid
          UNION ALL
          SELECT h.inhparent FROM pg_inherits h WHERE h.inhrelid = v.oid) AS w(oid))
      SELECT oid::bigint FROM v\
      """;

  private LockHolders() {}

  /**
   * Those who have been there longest, in words; none if they have gone meanwhile.
   *
   * @param before by the server's clock; who began later was held up himself. Null for now
   */
  public static List<String> of(Session session, List<Long> relations, Wanted wanted, String before)
      throws SQLException {
    // within a transaction the server would go on showing what it showed first
    session.text("SELECT pg_stat_clear_snapshot()::text");
    return session.query(
        QUERY,
        row -> row.getString(1),
        Sql.array(relations.stream().map(String::valueOf).toList()),
        Sql.array(wanted.conflicting),
        before,
        MOST);
  }

  /**
   * What to throw when reading a table and what depends on it has failed: the same, with the name
   * of whoever holds a lock there if that was the reason. The failed transaction is rolled back.
   */
  public static SQLException named(Session session, long table, SQLException failure) {
    if (!Failures.isLockTimeout(failure)) {
      return failure;
    }
    try {
      if (!session.connection().getAutoCommit()) {
        session.connection().rollback();
      }
      List<Long> around = session.query(AROUND, row -> row.getLong(1), table);
      List<String> holders = of(session, around, Wanted.ACCESS_SHARE, null);
      if (holders.isEmpty()) {
        holders = of(session, around, Wanted.SHARE_UPDATE_EXCLUSIVE, null);
      }
      return holders.isEmpty() ? failure : with(failure, holders);
    } catch (SQLException e) {
      failure.addSuppressed(e);
      return failure;
    }
  }

  private static SQLException with(SQLException failure, List<String> holders) {
    return new SQLException(
        failure.getMessage().lines().findFirst().orElse("")
            + ", since "
            + String.join(" and ", holders),
        failure.getSQLState(),
        failure);
  }
}
