package io.zdmosc.postgres.cutover;

import static io.zdmosc.postgres.sql.Sql.name;

import io.zdmosc.postgres.catalog.IndexInfo;
import io.zdmosc.postgres.catalog.IndexPartsSql;
import io.zdmosc.postgres.control.MigrationNames;
import io.zdmosc.postgres.partition.Partition;
import io.zdmosc.postgres.shadow.IndexBuilds;
import io.zdmosc.postgres.shadow.IndexSql;
import io.zdmosc.postgres.shadow.PartitionIndex;
import io.zdmosc.postgres.shadow.RetiredNames;
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
 * The names of partitions and their indexes, where both tables have the same ones. Those of the new
 * indexes are looked up under the lock: the server has chosen them when it built them.
 */
final class PartitionRenames {
  private final Working working;
  private final RetiredNames names;
  private final List<String> retire = new ArrayList<>();
  private final List<String> serve = new ArrayList<>();

  private PartitionRenames(Working working) {
    this.working = working;
    this.names = new RetiredNames(working);
  }

  /** An index of a partition, and the index of the table that it is a part of. */
  private record Part(long partition, String index, String whole) {}

  /** Something by its schema and name. */
  private record Named(String schema, String name) {}

  /** From the old table to the new one; none where the old table has no partitions. */
  static PartitionRenames forth(Session session, Working working) throws SQLException {
    PartitionRenames renames = new PartitionRenames(working);
    if (working.source().table().isPartitioned()) {
      renames.planForth(session);
    }
    return renames;
  }

  /** From the new table, which serves, to the old one. */
  static PartitionRenames back(Session session, Working forth) throws SQLException {
    PartitionRenames renames = new PartitionRenames(forth);
    if (forth.source().table().isPartitioned()) {
      renames.planBack(session);
    }
    return renames;
  }

  /** While the partitions that stop to serve have their names. */
  List<String> retire() {
    return retire;
  }

  /** When they have given them away. */
  List<String> serve() {
    return serve;
  }

  private void planForth(Session session) throws SQLException {
    List<Part> present = parts(session, working.source().table().oid());
    List<Part> fresh = parts(session, working.shadowOid());
    Map<String, String> finalNames = new HashMap<>();
    for (IndexInfo index : working.spec().indexes()) {
      finalNames.put(IndexBuilds.presentName(working, index), index.name());
    }
    for (PartitionIndex own : working.spec().partitionIndexes()) {
      finalNames.put(IndexBuilds.presentName(working, own), own.name());
    }
    Map<String, Long> shadows = shadows(session);
    Map<String, Set<String>> taken = taken(session);
    for (Partition partition : working.spec().partitions()) {
      Map<String, String> byWhole = new HashMap<>();
      for (Part part : present) {
        if (part.partition() == partition.source()) {
          byWhole.put(part.whole(), part.index());
        }
      }
      List<String> aside = names.partitionIndexes(partition);
      String schema = partition.schema();
      for (int i = 0; i < aside.size(); i++) {
        rename("INDEX", schema, partition.indexes().get(i), aside.get(i), retire);
      }
      String shadow = working.presentPartition(partition);
      rename("TABLE", schema, partition.name(), names.partition(partition), retire);
      rename("TABLE", schema, shadow, partition.name(), serve);
      for (Part part : fresh) {
        // one that was there to find rows only is dropped with its whole
        if (part.partition() == shadows.get(shadow)
            && finalNames.containsKey(part.whole())
            && !finalNames.containsKey(part.index())) {
          String wanted = byWhole.get(finalNames.get(part.whole()));
          if (wanted == null) {
            wanted = free(named(part.index(), shadow, partition.name()), taken.get(schema));
          }
          taken.get(schema).add(wanted);
          rename("INDEX", schema, part.index(), wanted, serve);
        }
      }
    }
    for (PartitionIndex own : working.spec().partitionIndexes()) {
      String built = IndexBuilds.presentName(working, own);
      String schema = working.spec().partition(own.partition()).schema();
      if (own.index().isAttachedLate()) {
        String table = name(schema, own.partition());
        serve.add(IndexSql.attach(own.index(), table, built));
        serve.addAll(IndexBuilds.constraintComment(own.index(), table, built));
        if (own.whole() != null) {
          serve.add(IndexSql.join(servedIndex(own.whole()), name(schema, built)));
        }
      }
      rename("INDEX", schema, built, own.name(), serve);
    }
  }

  /** Higher ones have their names by now. */
  private String servedIndex(String index) {
    String schema =
        working.spec().partitionIndexes().stream()
            .filter(each -> each.name().equals(index))
            .findFirst()
            .map(each -> working.spec().partition(each.partition()).schema())
            .orElse(working.spec().finalSchema());
    return name(schema, index);
  }

  /** Whatever indexes the new partitions have got by now, they give their names away. */
  private void planBack(Session session) throws SQLException {
    List<Named> indexes =
        session.query(
            """
            SELECT n.nspname, c.relname FROM pg_partition_tree(?::oid::regclass) t
              JOIN pg_index i ON i.indrelid = t.relid JOIN pg_class c ON c.oid = i.indexrelid
              JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE t.level > 0 ORDER BY c.oid""",
            row -> new Named(row.getString(1), row.getString(2)),
            working.shadowOid());
    for (int i = 0; i < indexes.size(); i++) {
      Named index = indexes.get(i);
      String aside = MigrationNames.part(working.migrationId(), "r", i);
      rename("INDEX", index.schema(), index.name(), aside, retire);
    }
    for (Partition partition : working.spec().partitions()) {
      String schema = partition.schema();
      rename("TABLE", schema, partition.name(), working.presentPartition(partition), retire);
      rename("TABLE", schema, names.partition(partition), partition.name(), serve);
      List<String> aside = names.partitionIndexes(partition);
      for (int i = 0; i < aside.size(); i++) {
        rename("INDEX", schema, aside.get(i), partition.indexes().get(i), serve);
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

  /** All names of a schema: which of them will be free again does not matter. */
  private Map<String, Set<String>> taken(Session session) throws SQLException {
    Map<String, Set<String>> taken = new HashMap<>();
    working.spec().partitions().forEach(each -> taken.put(each.schema(), new HashSet<>()));
    session
        .query(
            "SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n"
                + " ON n.oid = c.relnamespace WHERE n.nspname = ANY (?::text[])",
            row -> new Named(row.getString(1), row.getString(2)),
            Sql.array(List.copyOf(taken.keySet())))
        .forEach(each -> taken.get(each.schema()).add(each.name()));
    return taken;
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

  /** By the table's own indexes, and those of partitions that are cut into partitions. */
  private static List<Part> parts(Session session, long table) throws SQLException {
    return session.query(
        IndexPartsSql.UP
            + "SELECT up.indrelid::bigint, c.relname, w.relname"
            + " FROM up JOIN pg_class c ON c.oid = up.part JOIN pg_class w ON w.oid = up.above"
            + " WHERE "
            + IndexPartsSql.IS_WHOLE
            + " ORDER BY c.oid",
        row -> new Part(row.getLong(1), row.getString(2), row.getString(3)),
        table);
  }

  private static void rename(
      String kind, String schema, String from, String to, List<String> statements) {
    statements.add("ALTER " + kind + " " + name(schema, from) + " RENAME TO " + name(to));
  }
}
