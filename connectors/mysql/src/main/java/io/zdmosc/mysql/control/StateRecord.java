package io.zdmosc.mysql.control;

import io.zdmosc.engine.MigrationState;
import io.zdmosc.mysql.sql.Session;
import java.sql.SQLException;

/** Writes a migration's state, in the caller's transaction. */
public final class StateRecord {
  private StateRecord() {}

  /** The same, but what remains to be done keeps the migration open whatever the state. */
  public static void writeOpen(
      Session session, long migrationId, MigrationState state, String detail) throws SQLException {
    write(session, migrationId, state, detail, false);
  }

  public static void write(Session session, long migrationId, MigrationState state, String detail)
      throws SQLException {
    write(session, migrationId, state, detail, state.isTerminal());
  }

  private static void write(
      Session session, long migrationId, MigrationState state, String detail, boolean ends)
      throws SQLException {
    session.update(
        "UPDATE zdm_osc.migration SET state = ?, detail = ?, updated_at = CURRENT_TIMESTAMP(6)"
            + (ends ? ", open_table = NULL" : "")
            + " WHERE id = ?",
        state.label(),
        detail,
        migrationId);
    session.update(
        "INSERT INTO zdm_osc.transition (migration_id, state, detail) VALUES (?, ?, ?)",
        migrationId,
        state.label(),
        detail);
  }
}
