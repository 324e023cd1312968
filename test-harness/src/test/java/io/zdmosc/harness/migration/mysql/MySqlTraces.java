package io.zdmosc.harness.migration.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.harness.server.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;

/** What a migration may leave on a MySQL or MariaDB server, and must not. */
public final class MySqlTraces {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final String TABLES =
      """
      SELECT CONCAT('table ', TABLE_SCHEMA, '.', TABLE_NAME) FROM information_schema.TABLES
       WHERE (TABLE_SCHEMA = DATABASE() AND TABLE_NAME REGEXP '_zdm[0-9]+_[a-z]+$')
          OR (TABLE_SCHEMA = 'zdm_osc'
              AND TABLE_NAME LIKE 'zdm%')\
      """;

  private static final String RECORDS =
      """
      SELECT CONCAT('open migration ', id, ' in state ', state) FROM zdm_osc.migration
       WHERE open_table IS NOT NULL AND table_schema = DATABASE()
      UNION ALL
      SELECT CONCAT('chunk record of migration ', c.migration_id) FROM zdm_osc.chunk c
        JOIN zdm_osc.migration m ON m.id = c.migration_id WHERE m.table_schema = DATABASE()\
      """;

  private MySqlTraces() {}

  /** Fails unless there is nothing; what ends a moment after the run is waited for. */
  public static void assertNone(TestDatabase database) {
    assertNoneBut(database, "^$");
  }

  /** As {@link #assertNone}, but for the retired table that was to be kept. */
  public static void assertNoneButTheRetiredTable(TestDatabase database) {
    assertNoneBut(database, ".*_old$");
  }

  /**
   * As {@link #assertNone}, but for what was to be kept.
   *
   * @param allowed a pattern for the whole of its description
   */
  public static void assertNoneBut(TestDatabase database, String allowed) {
    Awaitility.await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(find(database).stream().filter(each -> !each.matches(allowed)))
                    .as("left behind")
                    .isEmpty());
  }

  private static List<String> find(TestDatabase database) throws SQLException {
    List<String> found = new ArrayList<>();
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      for (String sql : recorded(statement) ? List.of(TABLES, RECORDS) : List.of(TABLES)) {
        try (ResultSet rows = statement.executeQuery(sql)) {
          while (rows.next()) {
            found.add(rows.getString(1));
          }
        }
      }
    }
    return found;
  }

  /** False on a server where all migrations were refused at once. */
  private static boolean recorded(Statement statement) throws SQLException {
    try (ResultSet rows =
        statement.executeQuery(
            "SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = 'zdm_osc'"
                + " AND TABLE_NAME = 'migration'")) {
      return rows.next();
    }
  }
}
