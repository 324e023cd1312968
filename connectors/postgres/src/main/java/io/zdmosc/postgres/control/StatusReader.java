package io.zdmosc.postgres.control;

import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.durable.MigrationOrder;
import io.zdmosc.engine.durable.Recorded;
import io.zdmosc.engine.spi.MigrationStatus;
import io.zdmosc.engine.spi.Orders;
import io.zdmosc.engine.spi.Transition;
import io.zdmosc.postgres.sql.Session;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** Reads how migrations stand. */
final class StatusReader {
  private static final String LATEST =
      """
      SELECT m.id, format('%I.%I', m.table_schema, m.table_name) AS name, m.alter_clause, m.state,
             m.detail, m.dry_run, m.is_open, m.owner, m.requested, m.orders, m.created_at,
             m.updated_at,
             EXISTS (SELECT FROM pg_locks l
                      WHERE l.locktype = 'advisory' AND l.classid = ?::int::oid
                        AND l.objid = (m.id & 4294967295)::oid AND l.granted
                        AND l.database = (SELECT oid FROM pg_database
                                           WHERE datname = current_database())) AS alive,
             coalesce((SELECT sum(c.rows) FROM zdm_osc.chunk c WHERE c.migration_id = m.id), 0)
               AS copied,
             p.report,
             (extract(epoch FROM clock_timestamp() - p.at) * 1000)::bigint AS report_age
        FROM zdm_osc.migration m LEFT JOIN zdm_osc.progress p ON p.migration_id = m.id
       ORDER BY m.id DESC LIMIT ?::bigint\
      """;

  private StatusReader() {}

  static List<MigrationStatus> latest(Session session, int count) throws SQLException {
    return session.query(LATEST, StatusReader::status, ControlSchema.LOCK_CLASS, count);
  }

  private static MigrationStatus status(ResultSet row) throws SQLException {
    return new MigrationStatus(
        row.getLong("id"),
        row.getString("name"),
        row.getString("alter_clause"),
        MigrationState.ofLabel(row.getString("state")),
        row.getString("detail"),
        row.getBoolean("dry_run"),
        row.getBoolean("is_open"),
        row.getBoolean("alive"),
        row.getString("owner"),
        row.getLong("copied"),
        rows(row.getString("requested")),
        row.getTimestamp("created_at").toInstant(),
        row.getTimestamp("updated_at").toInstant(),
        Recorded.known(row.getString("orders"), Orders.class).orElse(Orders.NONE),
        MigrationStatus.Report.of(row.getString("report"), row.getLong("report_age")));
  }

  private static long rows(String requested) {
    return Recorded.known(requested, MigrationOrder.class)
        .map(order -> order.plan().size().rows())
        .orElse(0L);
  }

  static List<Transition> history(Session session, long migrationId) throws SQLException {
    return session.query(
        "SELECT at, state, detail FROM zdm_osc.transition WHERE migration_id = ?::bigint"
            + " ORDER BY at",
        row ->
            new Transition(
                row.getTimestamp(1).toInstant(),
                MigrationState.ofLabel(row.getString(2)),
                row.getString(3)),
        migrationId);
  }
}
