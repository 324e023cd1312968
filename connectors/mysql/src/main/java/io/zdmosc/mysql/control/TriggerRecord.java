package io.zdmosc.mysql.control;

import io.zdmosc.mysql.catalog.TriggerInfo;
import io.zdmosc.mysql.sql.Session;
import java.sql.SQLException;
import java.util.List;

/**
 * The durable record of a migration's triggers: written before the first of them is touched, gone
 * when all of them have their names again. The way back writes it once more.
 */
public final class TriggerRecord {
  private TriggerRecord() {}

  public static void write(Session session, long migrationId, List<TriggerInfo> triggers)
      throws SQLException {
    for (int number = 0; number < triggers.size(); number++) {
      TriggerInfo trigger = triggers.get(number);
      session.update(
          "INSERT INTO zdm_osc.table_trigger (migration_id, number, name, timing, event,"
              + " definition, sql_mode, charset, collation, database_collation)"
              + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
          migrationId,
          number,
          trigger.name(),
          trigger.timing(),
          trigger.event(),
          trigger.definition(),
          trigger.sqlMode(),
          trigger.charset(),
          trigger.collation(),
          trigger.databaseCollation());
    }
  }

  /** Writes it in place of what an earlier attempt may have written. */
  public static void replace(Session session, long migrationId, List<TriggerInfo> triggers)
      throws SQLException {
    session.patientTransaction(
        () -> {
          delete(session, migrationId);
          write(session, migrationId, triggers);
          return null;
        });
  }

  /** The triggers in the order of {@link #write}. */
  public static List<TriggerInfo> read(Session session, long migrationId) throws SQLException {
    return session.query(
        "SELECT name, timing, event, definition, sql_mode, charset, collation, database_collation"
            + " FROM zdm_osc.table_trigger WHERE migration_id = ? ORDER BY number",
        row ->
            new TriggerInfo(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                row.getString(6),
                row.getString(7),
                row.getString(8)),
        migrationId);
  }

  public static void delete(Session session, long migrationId) throws SQLException {
    session.update("DELETE FROM zdm_osc.table_trigger WHERE migration_id = ?", migrationId);
  }
}
