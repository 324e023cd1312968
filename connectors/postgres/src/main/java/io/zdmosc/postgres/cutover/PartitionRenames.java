package io.zdmosc.postgres.cutover;

import static io.zdmosc.postgres.sql.Sql.name;

import io.zdmosc.postgres.catalog.IndexInfo;
import io.zdmosc.postgres.control.MigrationNames;
import io.zdmosc.postgres.partition.Partition;
import io.zdmosc.postgres.shadow.IndexBuilds;
import io.zdmosc.postgres.shadow.Working;
import io.zdmosc.postgres.sql.Session;
import io.zdmosc.postgres.sql.Sql;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The names of partitions and their indexes, where both tables have the same ones. They are looked
 * up under the lock: the server has chosen those of the new indexes when it built them.
 */
final class PartitionRenames {
  private final Working working;
  private final String schema;
  private final List<String> retire = new ArrayList<>();
  private final List<String> serve = new ArrayList<>();
  private int retired;

  private PartitionRenames(Working working) {
    this.working = working;
    this.schema = working.schema();
    this.retired = working.source().indexes().size() + working.source().sequences().size();
  }

  /** An index of a partition, and the index of the table that it is a part of. */
  private record Part(long partition, String index, String whole) {}

  /** None where the old table has no partitions. */
  static PartitionRenames of(Session session, Working working) throws SQLException {
    PartitionRenames renames = new PartitionRenames(working);
    if (working.source().table().isPartitioned()) {
      renames.plan(session);
    }
    return renames;
  }

  /** While the old partitions have their names. */
  List<String> retire() {
    return retire;
  }

  /** When they have given them away. */
  List<String> serve() {
    return serve;
  }

  private void plan(Session session) throws SQLException {
    List<Part> old = parts(session, working.source().table().oid());
    List<Part> fresh = parts(session, working.shadowOid());
    Map<String, String> finalNames = new HashMap<>();
    for (IndexInfo index : working.spec().indexes()) {
      finalNames.put(IndexBuilds.presentName(working, index), index.name());
    }
    Map<String, Long> shadows = shadows(session);
    Set<String> taken = taken(session);
    int number = 0;
    for (Partition partition : working.spec().partitions()) {
      Map<String, String> names = new HashMap<>();
      for (Part part : old) {
        if (part.partition() == partition.source()) {
          names.put(part.whole(), part.index());
          rename(
              "INDEX",
              part.index(),
              MigrationNames.part(working.migrationId(), "o", retired++),
              retire);
        }
      }
      String present = working.presentPartition(partition);
      rename(
          "TABLE",
          partition.name(),
          MigrationNames.part(working.migrationId(), "t", number++) + "_old",
          retire);
      rename("TABLE", present, partition.name(), serve);
      for (Part part : fresh) {
        // one that was there to find rows only is dropped with its whole
        if (part.partition() == shadows.get(present) && finalNames.containsKey(part.whole())) {
          String wanted = names.get(finalNames.get(part.whole()));
          if (wanted == null) {
            wanted = free(named(part.index(), present, partition.name()), taken);
          }
          taken.add(wanted);
          rename("INDEX", part.index(), wanted, serve);
        }
      }
    }
  }

  /** As the server would have named it, had the partition had its name then. */
  private static String named(String index, String present, String partition) {
    String rest = index.startsWith(present + "_") ? index.substring(present.length() + 1) : index;
    return Sql.suffixed(partition, rest);
  }

  private static String free(String wanted, Set<String> taken) {
    String name = wanted;
    for (int number = 1; taken.contains(name); number++) {
      name = Sql.suffixed(wanted, String.valueOf(number));
    }
    return name;
  }

  /** All names of the schema: which of them will be free again does not matter. */
  private Set<String> taken(Session session) throws SQLException {
    return new HashSet<>(
        session.query(
            "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                + " WHERE n.nspname = ?::text",
            row -> row.getString(1),
            schema));
  }

  private Map<String, Long> shadows(Session session) throws SQLException {
    Map<String, Long> oids = new HashMap<>();
    session
        .query(
            "SELECT c.relname, c.oid::bigint FROM pg_partition_tree(?::oid::regclass) t"
                + " JOIN pg_class c ON c.oid = t.relid WHERE t.level > 0",
            row -> Map.entry(row.getString(1), row.getLong(2)),
            working.shadowOid())
        .forEach(entry -> oids.put(entry.getKey(), entry.getValue()));
    return oids;
  }

  private static List<Part> parts(Session session, long table) throws SQLException {
    return session.query(
        """
        SELECT i.indrelid::bigint, c.relname, w.relname FROM pg_index wi
          JOIN pg_class w ON w.oid = wi.indexrelid
          JOIN pg_partition_tree(wi.indexrelid) t ON t.level > 0
          JOIN pg_index i ON i.indexrelid = t.relid
          JOIN pg_class c ON c.oid = i.indexrelid
         WHERE wi.indrelid = ?::oid ORDER BY c.oid""",
        row -> new Part(row.getLong(1), row.getString(2), row.getString(3)),
        table);
  }

  private void rename(String kind, String from, String to, List<String> statements) {
    statements.add("ALTER " + kind + " " + name(schema, from) + " RENAME TO " + name(to));
  }
}
