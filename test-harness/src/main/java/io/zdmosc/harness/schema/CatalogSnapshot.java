package io.zdmosc.harness.schema;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Every object in one database, and every replication slot of the server, as lines of text: two
 * equal snapshots mean that nothing was made, changed or dropped in between.
 *
 * <p>Left out is what the server's own maintenance changes: sizes, statistics, transaction ids.
 *
 * @param lines one per row of a catalog
 */
public record CatalogSnapshot(List<String> lines) {
  private static final List<String> CATALOGS =
      List.of(
          "pg_class",
          "pg_namespace",
          "pg_type",
          "pg_constraint",
          "pg_trigger",
          "pg_policy",
          "pg_rewrite",
          "pg_proc",
          "pg_attrdef",
          "pg_collation",
          "pg_publication",
          "pg_publication_rel",
          "pg_statistic_ext",
          "pg_event_trigger",
          "pg_extension");

  private static final String MAINTENANCE =
      "'{relpages,reltuples,relallvisible,relallfrozen,relfrozenxid,relminmxid}'::text[]";

  public CatalogSnapshot {
    lines = List.copyOf(lines);
  }

  public static CatalogSnapshot of(Connection connection) throws SQLException {
    List<String> lines = new ArrayList<>();
    try (Statement statement = connection.createStatement()) {
      for (String catalog : CATALOGS) {
        read(
            statement,
            "SELECT '%1$s ' || (to_jsonb(c) - %2$s)::text FROM %1$s AS c WHERE oid >= 16384"
                .formatted(catalog, MAINTENANCE),
            lines);
      }
      read(
          statement,
          "SELECT 'pg_attribute ' || (to_jsonb(a) - 'attmissingval')::text FROM pg_attribute AS a"
              + " WHERE attrelid >= 16384",
          lines);
      read(
          statement,
          "SELECT 'pg_index ' || to_jsonb(i)::text FROM pg_index AS i WHERE indexrelid >= 16384",
          lines);
      read(
          statement,
          "SELECT 'pg_inherits ' || to_jsonb(h)::text FROM pg_inherits AS h WHERE inhrelid >= 16384",
          lines);
      read(
          statement,
          "SELECT 'pg_partitioned_table ' || (to_jsonb(p) - 'partexprs')::text"
              + " FROM pg_partitioned_table AS p",
          lines);
      read(
          statement,
          "SELECT 'pg_seclabel ' || to_jsonb(l)::text FROM pg_seclabel AS l WHERE objoid >= 16384",
          lines);
      read(statement, "SELECT 'slot ' || slot_name FROM pg_replication_slots", lines);
      read(
          statement,
          "SELECT 'advisory lock ' || pid FROM pg_locks WHERE locktype = 'advisory'"
              + " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
          lines);
    }
    return new CatalogSnapshot(lines.stream().sorted().toList());
  }

  private static void read(Statement statement, String sql, List<String> lines)
      throws SQLException {
    try (ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        lines.add(rows.getString(1));
      }
    }
  }
}
