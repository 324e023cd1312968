package io.zdmosc.postgres.cutover;

import io.zdmosc.postgres.handover.FirstLock;
import io.zdmosc.postgres.shadow.ForeignKey;
import io.zdmosc.postgres.shadow.Working;
import io.zdmosc.postgres.sql.Session;
import io.zdmosc.postgres.sql.Sql;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a cut-over locks besides the shadow: the source, and what goes with it. */
final class LockedRelations {
  private final Session session;
  private final Working working;
  private final List<Long> others;
  private final List<Long> all;

  /** Looks them up. */
  LockedRelations(Session session, Working working) throws SQLException {
    this.session = session;
    this.working = working;
    this.others = otherTables();
    List<Long> tables = new ArrayList<>(others);
    tables.addAll(partitions());
    tables.add(working.source().table().oid());
    for (FirstLock each : working.transfer().first()) {
      resolve(each.relation()).ifPresent(tables::add);
    }
    this.all = List.copyOf(tables);
  }

  /** The source with its partitions, and everything else. */
  List<Long> all() {
    return all;
  }

  /** Whether there are other tables that are locked by name. */
  boolean hasOthers() {
    return !others.isEmpty();
  }

  /** The others, qualified and quoted, in the order of creation. */
  String others() throws SQLException {
    return session
        .text(
            "SELECT string_agg(format('%I.%I', n.nspname, c.relname), ', ' ORDER BY c.oid)"
                + " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                + " WHERE c.oid = ANY (?::oid[])",
            Sql.array(others.stream().map(String::valueOf).toList()))
        .orElseThrow();
  }

  /** All that is locked with the table, in the order of creation. */
  private List<Long> otherTables() throws SQLException {
    List<Long> oids = new ArrayList<>(referencedTables());
    for (String other : working.handover().locked()) {
      resolve(other).ifPresent(oids::add);
    }
    return oids.stream().distinct().sorted().toList();
  }

  private Optional<Long> resolve(String relation) throws SQLException {
    return session.text("SELECT to_regclass(?::text)::oid::text", relation).map(Long::valueOf);
  }

  /** They are locked with their table. */
  private List<Long> partitions() throws SQLException {
    return session.query(
        "SELECT relid::oid::bigint FROM pg_partition_tree(?::oid::regclass) WHERE level > 0",
        row -> row.getLong(1),
        working.source().table().oid());
  }

  private List<Long> referencedTables() {
    List<Long> oids = new ArrayList<>();
    working.source().constraintsOfType("f").forEach(key -> oids.add(key.referencedTable()));
    working.spec().foreignKeys().stream().map(ForeignKey::referencedTable).forEach(oids::add);
    return oids.stream()
        .filter(oid -> oid != 0 && oid != working.source().table().oid())
        .distinct()
        .toList();
  }
}
