package io.zdmosc.mysql.control;

import io.zdmosc.engine.MigrationState;
import io.zdmosc.mysql.sql.Session;
import java.sql.SQLException;

/** Writes a migration's state, in the caller's transaction. */
public final class StateRecord {
  private StateRecord() {}

  public static void write(Session session, long migrationId, MigrationState state, String detail)
      throws SQLException {
    session.update(
        "UPDATE zdm_osc.migration SET state = ?, detail = ?, updated_at = CURRENT_TIMESTAMP(6)"
            + (state.isTerminal() ? ", open_table = NULL" : "")
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
