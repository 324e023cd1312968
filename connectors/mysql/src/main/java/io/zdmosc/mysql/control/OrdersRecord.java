package io.zdmosc.mysql.control;

import io.zdmosc.engine.durable.RecordText;
import io.zdmosc.engine.durable.Recorded;
import io.zdmosc.engine.spi.Orders;
import io.zdmosc.mysql.sql.Session;
import java.sql.SQLException;

/** What is wanted of a migration, in its row. */
final class OrdersRecord {
  private OrdersRecord() {}

  static Orders read(Session session, long migrationId) throws SQLException {
    return session
        .text("SELECT orders FROM zdm_osc.migration WHERE id = ?", migrationId)
        .map(it -> Recorded.read(migrationId, it, Orders.class))
        .orElse(Orders.NONE);
  }

  /** False when the migration has ended. */
  static boolean write(Session session, long migrationId, Orders orders) throws SQLException {
    session.update(
        "UPDATE zdm_osc.migration SET orders = ? WHERE id = ? AND open_table IS NOT NULL",
        RecordText.write(orders),
        migrationId);
    // an update that changes nothing counts no row
    return session.test(
        "SELECT COUNT(*) FROM zdm_osc.migration WHERE id = ? AND open_table IS NOT NULL",
        migrationId);
  }
}
