package io.zdmosc.harness.migration;

import io.zdmosc.harness.server.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;

/** What a migration may leave on a server, and must not. */
public final class Traces {
  private static final String QUERY =
      """
      SELECT 'slot ' || slot_name FROM pg_replication_slots
       WHERE slot_name LIKE 'zdm_osc_%%' AND database = current_database()
      UNION ALL SELECT 'publication ' || pubname FROM pg_publication WHERE pubname LIKE 'zdm%%'
      UNION ALL SELECT 'relation ' || oid::regclass FROM pg_class
       WHERE relname ~ '^zdm_[0-9]+_' AND relkind <> 't' AND relname !~ '%s'
      UNION ALL SELECT 'schema ' || nspname FROM pg_namespace WHERE nspname ~ '^zdm_[^o]'
      UNION ALL SELECT 'advisory lock of ' || pid FROM pg_locks
       WHERE locktype = 'advisory'
         AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
      UNION ALL SELECT 'connection ' || application_name || ': ' || state FROM pg_stat_activity
       WHERE datname = current_database() AND application_name LIKE 'zdm-osc%%'\
      """;

  /** The retired table and what belongs to it. */
  private static final String RETIRED = "_old$|_[oq][0-9]+$";

  private static final String NOTHING = "^$";

  private Traces() {}

  /** Fails unless there is nothing; what ends a moment after the run is waited for. */
  public static void assertNone(TestDatabase database) {
    assertNone(database, NOTHING);
  }

  /** As {@link #assertNone(TestDatabase)}, but for the retired table that was to be kept. */
  static void assertNoneButTheRetiredTable(TestDatabase database) {
    assertNone(database, RETIRED);
  }

  private static void assertNone(TestDatabase database, String allowed) {
    Awaitility.await()
        .atMost(Runs.PATIENCE)
        .untilAsserted(
            () -> {
              List<String> found = find(database, allowed);
              if (!found.isEmpty()) {
                throw new AssertionError("left behind: " + found);
              }
            });
  }

  private static List<String> find(TestDatabase database, String allowed) throws SQLException {
    List<String> found = new ArrayList<>();
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      read(statement, QUERY.formatted(allowed), found);
      try (ResultSet row =
          statement.executeQuery("SELECT to_regclass('zdm_osc.migration') IS NOT NULL")) {
        row.next();
        if (!row.getBoolean(1)) {
          return found;
        }
      }
      read(
          statement,
          "SELECT 'open migration ' || id || ' in state ' || state FROM zdm_osc.migration"
              + " WHERE is_open OR restore_identity <> ''"
              + " UNION ALL SELECT 'chunk record ' || number FROM zdm_osc.chunk",
          found);
    }
    return found;
  }

  private static void read(Statement statement, String sql, List<String> found)
      throws SQLException {
    try (ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        found.add(rows.getString(1));
      }
    }
  }
}
