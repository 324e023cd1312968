package io.zdmosc.postgres;

import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.engine.guard.DiskSpace;
import io.zdmosc.engine.spi.SourceWatch;
import io.zdmosc.engine.throttle.PositionClock;
import io.zdmosc.postgres.catalog.Fingerprint;
import io.zdmosc.postgres.plan.ServerDisks;
import io.zdmosc.postgres.shadow.Working;
import io.zdmosc.postgres.sql.Failures;
import io.zdmosc.postgres.sql.Session;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Reads the views that tell how slot, replicas and table are doing. */
final class PgSourceWatch implements SourceWatch {
  /** Streaming standbys and logical subscribers, that are connected and not ours. */
  private static final String REPLICAS =
      """
      SELECT application_name, coalesce(extract(epoch FROM replay_lag) * 1000, 0)::bigint,
             pg_wal_lsn_diff(replay_lsn, '0/0')::bigint
        FROM pg_stat_replication
       WHERE application_name NOT LIKE 'zdm-osc %' AND replay_lsn IS NOT NULL\
      """;

  private final Session session;
  private final Working working;
  private final Fingerprint shape;
  private final String slot;
  private final SwapCheck swap;
  private ServerDisks disks;
  private final PositionClock log = new PositionClock();

  /** Asks whether the swap is committed. */
  @FunctionalInterface
  interface SwapCheck {
    boolean isSwapped(Session session) throws SQLException;
  }

  PgSourceWatch(Session session, Working working, Fingerprint shape, String slot, SwapCheck swap)
      throws SQLException {
    this.session = session;
    this.working = working;
    this.shape = shape;
    this.slot = slot;
    this.swap = swap;
    session.execute("SET search_path = pg_catalog");
  }

  @Override
  public List<String> shapeChanges() {
    try {
      List<String> changes =
          Fingerprint.take(session, working.source().table().oid()).changesSince(shape);
      // definitions are read as they are when their turn comes, not as of the query's snapshot: so
      // a
      // look that the swap overtakes sees a part of what the swap did
      return changes.isEmpty() || swap.isSwapped(session) ? List.of() : changes;
    } catch (SQLException e) {
      throw Failures.failed("reading the source table's shape", e);
    }
  }

  @Override
  public long keptLogBytes() {
    return Math.max(
        0,
        number(
            "SELECT coalesce(pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn), 0)::bigint"
                + " FROM pg_replication_slots WHERE slot_name = ?::text",
            slot));
  }

  /** The server keeps what a slot needs, whatever its age. */
  @Override
  public Optional<Duration> logExpiry() {
    return Optional.empty();
  }

  @Override
  public Optional<Duration> neededLogAge() {
    return Optional.empty(); // a slot keeps its log, however old it is
  }

  @Override
  public List<DiskSpace> disks() {
    try {
      if (disks == null) {
        disks = ServerDisks.of(session, working.source().table().oid());
      }
      return disks.look();
    } catch (SQLException e) {
      throw Failures.failed("looking for the server's disks", e);
    }
  }

  private record Slot(String walStatus, long lagBytes) {}

  @Override
  public long retainedLogBytes() {
    try {
      Slot state =
          session
              .first(
                  "SELECT coalesce(wal_status, ''), coalesce(pg_wal_lsn_diff("
                      + "pg_current_wal_lsn(), confirmed_flush_lsn), 0)::bigint"
                      + " FROM pg_replication_slots WHERE slot_name = ?::text",
                  row -> new Slot(row.getString(1), row.getLong(2)),
                  slot)
              .orElseThrow(() -> slotFailure("is gone"));
      if (state.walStatus().equals("lost")) {
        throw slotFailure("has lost log that it needs (max_slot_wal_keep_size)");
      }
      if (state.walStatus().equals("unreserved")) {
        throw slotFailure("is about to lose log that it needs (max_slot_wal_keep_size)");
      }
      return Math.max(0, state.lagBytes());
    } catch (SQLException e) {
      throw Failures.failed("reading the replication slot's state", e);
    }
  }

  private MigrationFailedException slotFailure(String what) {
    return new MigrationFailedException(
        "Replication slot " + slot + " " + what + ".",
        "The source table is untouched.",
        "Run the migration again at a quieter time, or let the server keep more log.");
  }

  @Override
  public long retainedLogLimitBytes() {
    return number(
        "SELECT CASE WHEN setting::bigint < 0 THEN 9223372036854775807 ELSE setting::bigint *"
            + " 1048576 END FROM pg_settings WHERE name = 'max_slot_wal_keep_size'");
  }

  @Override
  public long writtenLogBytes() {
    return number("SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint");
  }

  @Override
  public long shadowBytes() {
    return number(
        "SELECT coalesce((SELECT sum(pg_total_relation_size(relid)) FROM pg_partition_tree(t)),"
            + " pg_total_relation_size(t))::bigint FROM (SELECT ?::oid AS t) AS t",
        working.shadowOid());
  }

  @Override
  public Optional<ReplicaLag> slowestReplica() {
    log.tick(number("SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint"));
    try {
      return session.query(REPLICAS, this::lag).stream()
          .max(Comparator.comparingLong(ReplicaLag::millis));
    } catch (SQLException e) {
      throw Failures.failed("reading how far replicas are behind", e);
    }
  }

  /** What the server has measured stands still while nothing is replayed; so its place counts. */
  private ReplicaLag lag(ResultSet row) throws SQLException {
    return new ReplicaLag(
        row.getString(1), Math.max(row.getLong(2), log.ageMillis(row.getLong(3))));
  }

  private long number(String sql, Object... parameters) {
    try {
      return session.first(sql, row -> row.getLong(1), parameters).orElse(0L);
    } catch (SQLException e) {
      throw Failures.failed("watching the server", e);
    }
  }

  @Override
  public void close() {
    session.close();
  }
}
