package io.zdmosc.postgres.cutover;

import io.zdmosc.postgres.flush.TransactionIds;
import io.zdmosc.postgres.sql.Session;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * Snapshots of other sessions that would outlive the swap. A change that was committed before such
 * a snapshot and flushed after it is not in the shadow table as that snapshot sees it: its owner,
 * who touches the table for the first time after the swap, would find the row as it was before.
 *
 * <p>A snapshot outlives its statement in REPEATABLE READ and SERIALIZABLE transactions, and in
 * cursors. That shows where a session holds one while idle in a transaction, or one that is older
 * than its present statement ({@link SnapshotHistory}). Other statements give theirs back when they
 * end, unless they are the first of such a transaction, which cannot be seen.
 *
 * <p>A transaction that began after the last flush sees all of them, so it is in nobody's way as
 * long as the final flush has nothing to do.
 */
final class Snapshots {
  private static final long SHORT_MILLIS = 100;
  private static final long LONG_MILLIS = 1_000;

  private static final String SAMPLE =
      "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint,"
          + " (extract(epoch FROM clock_timestamp()) * 1000000)::bigint";

  private static final String QUERY =
      """
      WITH f AS (SELECT max(CASE WHEN state = 'idle' THEN state_change ELSE 'infinity' END) AS flushed
                   FROM pg_stat_activity
                  WHERE application_name = 'zdm-osc flush' AND datname = current_database())
      SELECT format('%s (%s, pid %s)', a.usename, coalesce(nullif(a.application_name, ''), 'no name'),
                    a.pid) AS who,
             a.state = 'idle in transaction' AS idle,
             (extract(epoch FROM clock_timestamp() - a.xact_start) * 1000)::bigint AS held,
             (extract(epoch FROM clock_timestamp() - a.query_start) * 1000)::bigint AS running,
             (extract(epoch FROM a.query_start) * 1000000)::bigint AS began,
             a.backend_xmin::text::bigint AS xmin,
             pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS next,
             a.xact_start > coalesce(f.flushed, 'infinity') AS fresh
        FROM pg_stat_activity a, f
       WHERE a.datname = current_database() AND a.backend_xmin IS NOT NULL
         AND a.xact_start IS NOT NULL AND a.state <> 'idle in transaction (aborted)'
         AND a.backend_type NOT IN ('walsender', 'autovacuum worker', 'parallel worker')
         AND a.pid <> pg_backend_pid() AND a.application_name NOT LIKE 'zdm-osc %'
       ORDER BY a.xact_start\
      """;

  private record Holder(
      String who, boolean lasting, boolean idle, long held, long running, boolean fresh) {
    String words() {
      return (idle ? "an idle transaction of " : "a transaction of ")
          + who
          + " has held a snapshot for "
          + held
          + " ms";
    }
  }

  private final Session session;
  private final SnapshotHistory history;

  Snapshots(Session session, SnapshotHistory history) {
    this.session = session;
    this.history = history;
  }

  /** Who stands in the way before the lock is asked for. */
  List<String> inTheWay() throws SQLException {
    sample();
    boolean patient = history.isPatient();
    return holders().stream()
        .filter(holder -> !holder.fresh())
        .filter(
            holder ->
                holder.lasting()
                    ? holder.held() > SHORT_MILLIS
                    : patient && holder.running() > LONG_MILLIS)
        .map(
            holder ->
                holder.lasting()
                    ? holder.words()
                    : "a statement of "
                        + holder.who()
                        + " has been running for "
                        + holder.running()
                        + " ms with a snapshot that its transaction may go on with")
        .toList();
  }

  /**
   * Whom the swap would show old rows, under the lock. Short transactions are spared a limited
   * number of times: where all transactions hold their snapshots, there is always one.
   *
   * @param flushed whether the final flush had anything to do
   */
  Optional<String> wronged(boolean flushed) throws SQLException {
    return holders().stream()
        .filter(holder -> holder.lasting() && (flushed || !holder.fresh()))
        .findFirst()
        .filter(holder -> holder.held() > LONG_MILLIS || history.giveUp())
        .map(holder -> holder.words() + " that does not see the last changes of the new table");
  }

  /** Learns what tells a snapshot of this moment from later ones. */
  void sample() throws SQLException {
    session.query(
        SAMPLE,
        row -> {
          history.record(row.getLong(2), row.getLong(1));
          return true;
        });
  }

  private List<Holder> holders() throws SQLException {
    // within a transaction the server would go on showing what it showed first
    session.text("SELECT pg_stat_clear_snapshot()::text");
    return session.query(
        QUERY,
        row -> {
          long xmin = TransactionIds.widen(row.getLong("xmin"), row.getLong("next"));
          boolean idle = row.getBoolean("idle");
          return new Holder(
              row.getString("who"),
              idle || history.isOlderThan(row.getLong("began"), xmin),
              idle,
              row.getLong("held"),
              row.getLong("running"),
              row.getBoolean("fresh"));
        });
  }
}
