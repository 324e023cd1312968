package io.zdmosc.mysql.control;

import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.durable.MigrationOrder;
import io.zdmosc.engine.durable.Recorded;
import io.zdmosc.engine.spi.MigrationStatus;
import io.zdmosc.engine.spi.Orders;
import io.zdmosc.engine.spi.Transition;
import io.zdmosc.mysql.sql.Session;
import io.zdmosc.mysql.sql.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/** Reads how migrations stand. */
final class StatusReader {
  private static final String LATEST =
      """
      SELECT m.id, m.table_schema, m.table_name, m.alter_clause, m.state, m.detail, m.dry_run,
             m.open_table IS NOT NULL AS is_open, m.owner, m.requested, m.orders,
             CAST(UNIX_TIMESTAMP(m.created_at) * 1000 AS SIGNED) AS created,
             CAST(UNIX_TIMESTAMP(m.updated_at) * 1000 AS SIGNED) AS updated,
             IS_USED_LOCK(CONCAT('zdm_osc_', m.id)) IS NOT NULL AS alive,
             COALESCE((SELECT SUM(c.row_count) FROM zdm_osc.chunk c
                        WHERE c.migration_id = m.id), 0) AS copied,
             p.report,
             TIMESTAMPDIFF(MICROSECOND, p.at, CURRENT_TIMESTAMP(6)) DIV 1000 AS report_age
        FROM zdm_osc.migration m LEFT JOIN zdm_osc.progress p ON p.migration_id = m.id
       ORDER BY m.id DESC LIMIT\
      """;

  private StatusReader() {}

  static List<MigrationStatus> latest(Session session, int count) throws SQLException {
    return session.read(LATEST + " " + count, StatusReader::status);
  }

  private static MigrationStatus status(ResultSet row) throws SQLException {
    return new MigrationStatus(
        row.getLong("id"),
        Sql.name(row.getString("table_schema"), row.getString("table_name")),
        row.getString("alter_clause"),
        MigrationState.ofLabel(row.getString("state")),
        row.getString("detail"),
        row.getBoolean("dry_run"),
        row.getBoolean("is_open"),
        row.getBoolean("alive"),
        row.getString("owner"),
        row.getLong("copied"),
        rows(row.getString("requested")),
        Instant.ofEpochMilli(row.getLong("created")),
        Instant.ofEpochMilli(row.getLong("updated")),
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
        "SELECT CAST(UNIX_TIMESTAMP(at) * 1000 AS SIGNED), state, detail FROM zdm_osc.transition"
            + " WHERE migration_id = ? ORDER BY id",
        row ->
            new Transition(
                Instant.ofEpochMilli(row.getLong(1)),
                MigrationState.ofLabel(row.getString(2)),
                row.getString(3)),
        migrationId);
  }
}
