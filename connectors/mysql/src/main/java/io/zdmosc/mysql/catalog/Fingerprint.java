package io.zdmosc.mysql.catalog;

import io.zdmosc.mysql.sql.Failures;
import io.zdmosc.mysql.sql.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;

/**
 * The shape of a table, aspect by aspect. Two fingerprints tell what has changed in between. The
 * time of its creation is among them: it tells a truncated table, and one that another was renamed
 * to.
 */
public record Fingerprint(Map<String, String> aspects) {
  private static final String GONE = "gone";
  private static final Pattern STAND_IN = Pattern.compile("(^|/)zdm\\d+_(old)?key_\\d+ ");
  private static final int LOOKS = 100;
  private static final long REST_NANOS = 50_000_000;

  private static final String TRIGGERS =
      """
      SELECT CONCAT_WS('|', TRIGGER_NAME, ACTION_TIMING, EVENT_MANIPULATION, ACTION_ORDER,
                       ACTION_STATEMENT, DEFINER, SQL_MODE, CHARACTER_SET_CLIENT,
                       COLLATION_CONNECTION)
        FROM information_schema.TRIGGERS
       WHERE EVENT_OBJECT_SCHEMA = ? AND EVENT_OBJECT_TABLE = ? ORDER BY TRIGGER_NAME\
      """;

  private static final String GRANTS =
      """
      SELECT CONCAT_WS('|', GRANTEE, PRIVILEGE_TYPE, IS_GRANTABLE)
        FROM information_schema.TABLE_PRIVILEGES
       WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? ORDER BY GRANTEE, PRIVILEGE_TYPE\
      """;

  public Fingerprint {
    aspects = Collections.unmodifiableMap(new LinkedHashMap<>(aspects));
  }

  public static Fingerprint take(Session session, String schema, String table) throws SQLException {
    Catalog catalog = new Catalog(session);
    Map<String, String> aspects = new LinkedHashMap<>();
    try {
      String ddl = catalog.createTable(schema, table);
      aspects.put("definition", ddl.replaceFirst(" AUTO_INCREMENT=\\d+", ""));
    } catch (SQLException e) {
      if (!Failures.isUndefinedTable(e)) {
        throw e;
      }
      aspects.put("definition", GONE);
      return new Fingerprint(aspects);
    }
    aspects.put(
        "time of creation", catalog.table(schema, table).map(TableInfo::created).orElse(GONE));
    aspects.put("triggers", list(session, TRIGGERS, schema, table));
    aspects.put("incoming foreign keys", incomingKeys(catalog, schema, table));
    aspects.put("grants", list(session, GRANTS, schema, table));
    return new Fingerprint(aspects);
  }

  /**
   * While keys are exchanged, others stand in for them. Who looks just then waits for the end of
   * it.
   */
  private static String incomingKeys(Catalog catalog, String schema, String table)
      throws SQLException {
    for (int look = 1; ; look++) {
      List<String> keys = new ArrayList<>(catalog.referringKeys(schema, table));
      keys.addAll(catalog.referringActions(schema, table));
      if (look == LOOKS || keys.stream().noneMatch(STAND_IN.asPredicate())) {
        return String.join("\n", keys);
      }
      LockSupport.parkNanos(REST_NANOS);
    }
  }

  private static String list(Session session, String query, String schema, String table)
      throws SQLException {
    return String.join("\n", session.query(query, row -> row.getString(1), schema, table));
  }

  /** Without what belongs to the name, and so goes back with it. */
  public Fingerprint ofServing() {
    Map<String, String> watched = new LinkedHashMap<>(aspects);
    watched.remove("grants");
    return new Fingerprint(watched);
  }

  /** What is different now, in words. */
  public List<String> changesSince(Fingerprint earlier) {
    if (GONE.equals(aspects.get("definition"))) {
      return List.of("the table is gone");
    }
    return earlier.aspects.keySet().stream()
        .filter(aspect -> !earlier.aspects.get(aspect).equals(aspects.get(aspect)))
        .map(aspect -> "its " + aspect + (aspect.endsWith("s") ? " were" : " was") + " changed")
        .toList();
  }
}
