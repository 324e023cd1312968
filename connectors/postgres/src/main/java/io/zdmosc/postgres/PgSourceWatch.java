package io.zdmosc.postgres;

import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.engine.spi.SourceWatch;
import io.zdmosc.postgres.catalog.Fingerprint;
import io.zdmosc.postgres.shadow.Working;
import io.zdmosc.postgres.sql.Failures;
import io.zdmosc.postgres.sql.Session;
import java.sql.SQLException;
import java.util.List;
import java.util.OptionalLong;

/** Reads the views that tell how slot, replicas and table are doing. */
final class PgSourceWatch implements SourceWatch {
  private final Session session;
  private final Working working;
  private final Fingerprint shape;
  private final String slot;

  PgSourceWatch(Session session, Working working, Fingerprint shape, String slot)
      throws SQLException {
    this.session = session;
    this.working = working;
    this.shape = shape;
    this.slot = slot;
    session.execute("SET search_path = pg_catalog");
  }

  @Override
  public List<String> shapeChanges() {
    try {
      return Fingerprint.take(session, working.source().table().oid()).changesSince(shape);
    } catch (SQLException e) {
      throw Failures.failed("reading the source table's shape", e);
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
      if (state.walStatus().equals("lost") || state.walStatus().equals("unreserved")) {
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
    return number("SELECT pg_total_relation_size(?::oid)", working.shadowOid());
  }

  @Override
  public OptionalLong replicaLagMillis() {
    return OptionalLong.of(
        number(
            "SELECT coalesce(max(extract(epoch FROM replay_lag) * 1000), 0)::bigint"
                + " FROM pg_stat_replication WHERE application_name NOT LIKE 'zdm-osc %'"));
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
