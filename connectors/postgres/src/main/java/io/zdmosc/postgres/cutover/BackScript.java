package io.zdmosc.postgres.cutover;

import static io.zdmosc.postgres.sql.Sql.literal;
import static io.zdmosc.postgres.sql.Sql.name;

import io.zdmosc.postgres.catalog.ConstraintInfo;
import io.zdmosc.postgres.catalog.IndexInfo;
import io.zdmosc.postgres.catalog.SequenceInfo;
import io.zdmosc.postgres.control.MigrationNames;
import io.zdmosc.postgres.partition.Partition;
import io.zdmosc.postgres.shadow.ForeignKey;
import io.zdmosc.postgres.shadow.IndexBuilds;
import io.zdmosc.postgres.shadow.MappedColumn;
import io.zdmosc.postgres.shadow.RetiredNames;
import io.zdmosc.postgres.shadow.Working;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Undoes what {@link SwapScript} did, in the opposite order. */
final class BackScript {
  private final Working forth;
  private final String schema;
  private final String target;
  private final String served;
  private final String old;
  private final RetiredNames names;
  private final PartitionRenames partitions;
  private final boolean keysInParts;
  private final List<String> statements = new ArrayList<>();

  /**
   * @param keysInParts whether a partitioned table's foreign keys go to its partitions
   */
  BackScript(Working forth, PartitionRenames partitions, boolean keysInParts) {
    this.forth = forth;
    this.keysInParts = keysInParts;
    this.partitions = partitions;
    this.schema = forth.schema();
    this.target = forth.spec().finalSchema();
    this.served = forth.spec().servedSql();
    this.old = forth.sourceSql();
    this.names = new RetiredNames(forth);
  }

  List<String> statements() {
    if (forth.isApart()) {
      statements.add("ALTER TABLE " + forth.retiredSql() + " SET SCHEMA " + name(schema));
      for (Partition partition : forth.spec().partitions()) {
        if (partition.goesOn()) {
          move(forth.retiredSchema(), names.partition(partition), partition.schema());
        }
      }
    }
    statements.addAll(forth.handover().back().release());
    retire();
    serve();
    sequences();
    foreignKeys();
    statements.addAll(forth.handover().back().attach());
    if (forth.isApart()) {
      move(target, forth.shadowName(), forth.shadowSchema());
      for (Partition partition : forth.spec().partitions()) {
        move(partition.schemaIn(target), forth.presentPartition(partition), forth.shadowSchema());
      }
    }
    statements.add(
        "UPDATE zdm_osc.migration SET state = 'rolled back', updated_at = clock_timestamp()"
            + " WHERE id = "
            + forth.migrationId());
    statements.add(
        "INSERT INTO zdm_osc.transition (migration_id, state, detail) VALUES ("
            + forth.migrationId()
            + ", 'rolled back', '')");
    return List.copyOf(statements);
  }

  /** The new table gives its names away. Its foreign keys go: stale rows would hold others back. */
  private void retire() {
    forth.spec().foreignKeys().forEach(this::drop);
    for (IndexInfo index : forth.spec().indexes()) {
      rename("INDEX", target, index.name(), IndexBuilds.presentName(forth, index));
    }
    for (SequenceInfo sequence : forth.spec().sequences()) {
      if (sequence.identity()) {
        rename("SEQUENCE", target, sequence.name(), newSequence(sequence));
      }
    }
    statements.addAll(partitions.retire());
    statements.add("ALTER TABLE " + served + " RENAME TO " + name(forth.shadowName()));
  }

  /** Until it is complete, a partitioned table's key is there for each partition only. */
  private void drop(ForeignKey key) {
    String drop = " DROP CONSTRAINT " + (served().isEmpty() ? "" : "IF EXISTS ") + name(key.name());
    statements.add("ALTER TABLE " + served + drop);
    served().forEach(partition -> statements.add("ALTER TABLE " + partition + drop));
  }

  /** The new table's partitions that hold rows. */
  private List<String> served() {
    return forth.spec().partitions().stream()
        .filter(Partition::isLeaf)
        .map(forth::servedPartition)
        .toList();
  }

  private void serve() {
    for (IndexInfo index : forth.source().indexes()) {
      rename("INDEX", schema, names.index(index), index.name());
    }
    for (SequenceInfo sequence : forth.source().sequences()) {
      if (sequence.identity()) {
        rename("SEQUENCE", schema, names.sequence(sequence), sequence.name());
      }
    }
    statements.add(
        "ALTER TABLE "
            + name(schema, forth.retiredName())
            + " RENAME TO "
            + name(forth.source().table().name()));
    statements.addAll(partitions.serve());
  }

  /** Numbers go on where the new table's are; what was handed over is handed back. */
  private void sequences() {
    for (SequenceInfo sequence : forth.source().sequences()) {
      Optional<MappedColumn> column = forth.spec().continuing(sequence.column());
      if (column.isEmpty()) {
        continue;
      }
      if (!sequence.identity()) {
        handBack(sequence);
      }
      forth.spec().sequences().stream()
          .filter(each -> each.identity() && each.column() == column.get().column().number())
          .findFirst()
          .ifPresent(
              each ->
                  statements.add(
                      "SELECT setval("
                          + literal(name(schema, sequence.name()))
                          + "::regclass, last_value, is_called) FROM "
                          + name(target, newSequence(each))));
    }
  }

  private void handBack(SequenceInfo owned) {
    if (!target.equals(schema)) {
      String there = name(target, owned.name());
      statements.add("ALTER SEQUENCE " + there + " OWNED BY NONE");
      statements.add("ALTER SEQUENCE " + there + " SET SCHEMA " + name(owned.schema()));
    }
    String column = forth.source().column(owned.column()).name();
    statements.add(
        "ALTER SEQUENCE "
            + name(owned.schema(), owned.name())
            + " OWNED BY "
            + old
            + "."
            + name(column));
  }

  private void foreignKeys() {
    for (ConstraintInfo key : forth.source().constraintsOfType("f")) {
      String definition = key.definition().replaceAll(" NOT VALID$", "");
      if (forth.source().table().isPartitioned() && keysInParts) {
        addToPartitions(key.name(), definition);
        continue;
      }
      addUnchecked(old, key.name(), definition);
      if (key.comment() != null) {
        statements.add(
            "COMMENT ON CONSTRAINT "
                + name(key.name())
                + " ON "
                + old
                + " IS "
                + literal(key.comment()));
      }
    }
  }

  /** The table itself gets it when the partitions have been checked. */
  private void addToPartitions(String key, String definition) {
    for (Partition partition : forth.spec().partitions()) {
      if (partition.isLeaf()) {
        addUnchecked(name(partition.schema(), partition.name()), key, definition);
      }
    }
  }

  private void addUnchecked(String table, String key, String definition) {
    statements.add(
        "ALTER TABLE " + table + " ADD CONSTRAINT " + name(key) + " " + definition + " NOT VALID");
  }

  private void move(String from, String table, String to) {
    statements.add("ALTER TABLE " + name(from, table) + " SET SCHEMA " + name(to));
  }

  private String newSequence(SequenceInfo sequence) {
    int number = forth.spec().sequences().indexOf(sequence);
    return MigrationNames.part(forth.migrationId(), "s", number);
  }

  private void rename(String kind, String in, String from, String to) {
    statements.add("ALTER " + kind + " " + name(in, from) + " RENAME TO " + name(to));
  }
}
