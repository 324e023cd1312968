package io.zdmosc.mysql.foreignkey;

import io.zdmosc.engine.durable.RecordText;
import io.zdmosc.engine.durable.Recorded;
import io.zdmosc.mysql.sql.Session;
import java.sql.SQLException;
import java.util.Optional;

/**
 * The durable record of an exchange of keys: written before the first of them is touched, gone when
 * all of them are as they should be.
 */
public final class KeyRecord {
  private KeyRecord() {}

  /** In place of what an earlier attempt has written. */
  static void write(Session session, long migrationId, KeyExchange exchange) throws SQLException {
    session.update(
        "REPLACE INTO zdm_osc.table_key (migration_id, exchange) VALUES (?, ?)",
        migrationId,
        RecordText.write(exchange));
  }

  static Optional<KeyExchange> read(Session session, long migrationId) throws SQLException {
    return session
        .text("SELECT exchange FROM zdm_osc.table_key WHERE migration_id = ?", migrationId)
        .map(text -> Recorded.read(migrationId, text, KeyExchange.class));
  }

  /** True when keys may be under temporary names. */
  public static boolean exists(Session session, long migrationId) throws SQLException {
    return session.test(
        "SELECT COUNT(*) FROM zdm_osc.table_key WHERE migration_id = ?", migrationId);
  }

  static void delete(Session session, long migrationId) throws SQLException {
    session.update("DELETE FROM zdm_osc.table_key WHERE migration_id = ?", migrationId);
  }
}
