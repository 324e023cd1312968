package io.zdmosc.postgres.control;

import io.zdmosc.engine.durable.RecordText;
import io.zdmosc.engine.durable.Recorded;
import io.zdmosc.engine.spi.Orders;
import io.zdmosc.postgres.sql.Session;
import java.sql.SQLException;

/** What is wanted of a migration, in its row. */
final class OrdersRecord {
  private OrdersRecord() {}

  static Orders read(Session session, long migrationId) throws SQLException {
    return session
        .text("SELECT orders FROM zdm_osc.migration WHERE id = ?::bigint", migrationId)
        .map(it -> Recorded.read(migrationId, it, Orders.class))
        .orElse(Orders.NONE);
  }

  /** False when the migration has ended. */
  static boolean write(Session session, long migrationId, Orders orders) throws SQLException {
    return session.update(
            "UPDATE zdm_osc.migration SET orders = ?::text WHERE id = ?::bigint AND is_open",
            RecordText.write(orders),
            migrationId)
        == 1;
  }
}
