package io.zdmosc.postgres.shadow;

import io.zdmosc.postgres.sql.Session;
import java.sql.SQLException;

/** How much of the server a session may take for what it builds in bulk. */
final class BuildSettings {
  private BuildSettings() {}

  /**
   * Sets it for the rest of the session.
   *
   * @param memoryBytes of all processes together
   * @param processes at least one; the server's own limit holds all the same
   */
  static void apply(Session session, long memoryBytes, int processes) throws SQLException {
    session.execute(
        "SET maintenance_work_mem = '" + Math.min(memoryBytes >> 10, Integer.MAX_VALUE) + "kB'");
    session.text(
        "SELECT set_config('max_parallel_maintenance_workers', least("
            + "current_setting('max_parallel_maintenance_workers')::int, ?::int)::text, false)",
        processes - 1);
  }
}
