package io.zdmosc.harness.workload.postgres;

import java.util.List;
import java.util.stream.Collectors;

/** The query that finds what differs between two tables; all names come quoted. */
final class PostgresDifferences {
  private PostgresDifferences() {}

  /** Rows of equal keys are numbered, so that a second row of a key finds no partner. */
  static String query(String expected, String actual, List<String> columns, List<String> identity) {
    String join =
        identity.stream().map(c -> "e." + c + " = a." + c).collect(Collectors.joining(" AND "));
    String differs =
        columns.stream().map(PostgresDifferences::differs).collect(Collectors.joining(" OR "));
    String keys =
        identity.stream()
            .map(c -> ", coalesce(e." + c + "::text, a." + c + "::text)")
            .collect(Collectors.joining());
    String values =
        columns.stream()
            .map(c -> ", " + differs(c) + ", e." + c + "::text, a." + c + "::text")
            .collect(Collectors.joining());
    String kind =
        "CASE WHEN a.zdm_n IS NULL THEN 'MISSING' WHEN e.zdm_n IS NULL THEN 'EXTRA'"
            + " ELSE 'DIFFERENT' END";
    return "SELECT "
        + kind
        + keys
        + values
        + " FROM "
        + numbered(expected, columns, identity, "e")
        + " FULL JOIN "
        + numbered(actual, columns, identity, "a")
        + " ON "
        + join
        + " AND e.zdm_n = a.zdm_n"
        + " WHERE a.zdm_n IS NULL OR e.zdm_n IS NULL OR "
        + differs;
  }

  private static String numbered(
      String table, List<String> columns, List<String> identity, String alias) {
    return "(SELECT "
        + String.join(", ", columns)
        + ", row_number() OVER (PARTITION BY "
        + String.join(", ", identity)
        + ") AS zdm_n FROM "
        + table
        + ") AS "
        + alias;
  }

  /**
   * Compares text byte for byte, which is stricter than any type's own equality. (Some types, like
   * json, have none.)
   */
  private static String differs(String column) {
    String e = "e." + column;
    String a = "a." + column;
    return "(" + e + "::text COLLATE \"C\" IS DISTINCT FROM " + a + "::text COLLATE \"C\")";
  }
}
