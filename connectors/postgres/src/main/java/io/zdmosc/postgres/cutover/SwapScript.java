package io.zdmosc.postgres.cutover;

import static io.zdmosc.postgres.sql.Sql.literal;
import static io.zdmosc.postgres.sql.Sql.name;
import static io.zdmosc.postgres.sql.Sql.names;

import io.zdmosc.postgres.catalog.ConstraintInfo;
import io.zdmosc.postgres.catalog.IndexInfo;
import io.zdmosc.postgres.catalog.SequenceInfo;
import io.zdmosc.postgres.control.MigrationNames;
import io.zdmosc.postgres.partition.Partition;
import io.zdmosc.postgres.shadow.ForeignKey;
import io.zdmosc.postgres.shadow.IdentityChooser;
import io.zdmosc.postgres.shadow.IndexBuilds;
import io.zdmosc.postgres.shadow.IndexSql;
import io.zdmosc.postgres.shadow.MappedColumn;
import io.zdmosc.postgres.shadow.PartitionConstraint;
import io.zdmosc.postgres.shadow.RetiredNames;
import io.zdmosc.postgres.shadow.RowIdentity;
import io.zdmosc.postgres.shadow.Working;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The statements of the swap, in order. They are sent together, in one round trip. */
final class SwapScript {
  private final Working working;
  private final String schema;
  private final String target;
  private final String source;
  private final String shadow;
  private final String retired;
  private final String served;
  private final RetiredNames names;
  private final Optional<Working> back;
  private final PartitionRenames partitions;
  private final boolean keysInParts;
  private final List<String> statements = new ArrayList<>();

  /**
   * @param back the pair the other way round, where the retired table is to be kept in step
   * @param keysInParts whether a partitioned table's foreign keys go to its partitions
   */
  SwapScript(
      Working working, Optional<Working> back, PartitionRenames partitions, boolean keysInParts) {
    this.working = working;
    this.keysInParts = keysInParts;
    this.back = back;
    this.partitions = partitions;
    this.names = new RetiredNames(working);
    this.schema = working.schema();
    this.source = working.sourceSql();
    this.target = working.spec().finalSchema();
    this.shadow = name(target, working.shadowName());
    this.retired = name(schema, working.retiredName());
    this.served = working.spec().servedSql();
  }

  List<String> statements() {
    statements.addAll(working.handover().forth().release());
    retire();
    if (!target.equals(working.shadowSchema())) {
      statements.add("ALTER TABLE " + working.shadowSql() + " SET SCHEMA " + name(target));
    }
    movePartitions();
    serve();
    constraints();
    sequences();
    replicaIdentities();
    statements.addAll(working.handover().forth().attach());
    if (working.isApart()) {
      String away = " SET SCHEMA " + name(working.retiredSchema());
      statements.add("ALTER TABLE " + retired + away);
      for (Partition partition : working.spec().partitions()) {
        if (partition.goesOn()) {
          String retiredPartition = name(partition.schema(), names.partition(partition));
          statements.add("ALTER TABLE " + retiredPartition + away);
        }
      }
    }
    back.ifPresent(this::turnStream);
    working.spec().newOwner().ifPresent(this::own);
    statements.add(
        "UPDATE zdm_osc.migration SET state = 'swapped', updated_at = clock_timestamp()"
            + ", restore_identity = '' WHERE id = "
            + working.migrationId());
    statements.add(
        "INSERT INTO zdm_osc.transition (migration_id, state, detail) VALUES ("
            + working.migrationId()
            + ", 'swapped', '')");
    return List.copyOf(statements);
  }

  /** New ones go where the table goes; those that go on stay where they were. */
  private void movePartitions() {
    for (Partition partition : working.spec().partitions()) {
      String wanted = partition.schemaIn(target);
      if (!wanted.equals(working.shadowSchema())) {
        statements.add(
            "ALTER TABLE "
                + name(working.shadowSchema(), working.presentPartition(partition))
                + " SET SCHEMA "
                + name(wanted));
      }
    }
  }

  private void own(String role) {
    statements.add("ALTER TABLE " + served + " OWNER TO " + role);
    for (Partition partition : working.spec().partitions()) {
      if (!partition.goesOn()) {
        statements.add("ALTER TABLE " + working.servedPartition(partition) + " OWNER TO " + role);
      }
    }
  }

  /**
   * The source gives its names away. Its foreign keys go: its stale rows would hold others back.
   */
  private void retire() {
    for (ConstraintInfo key : working.source().constraintsOfType("f")) {
      statements.add("ALTER TABLE " + source + " DROP CONSTRAINT " + name(key.name()));
    }
    for (IndexInfo index : working.source().indexes()) {
      rename("INDEX", schema, index.name(), names.index(index));
    }
    for (SequenceInfo sequence : working.source().sequences()) {
      if (sequence.identity()) {
        rename("SEQUENCE", schema, sequence.name(), names.sequence(sequence));
      }
    }
    statements.addAll(partitions.retire());
    statements.add("ALTER TABLE " + source + " RENAME TO " + name(working.retiredName()));
  }

  /** The shadow takes its names. */
  private void serve() {
    if (IdentityChooser.shadowIndex(working.spec(), working.identity()).isEmpty()) {
      statements.add("DROP INDEX " + name(target, working.shadowIndex()));
    }
    for (IndexInfo index : working.spec().indexes()) {
      String present = IndexBuilds.presentName(working, index);
      if (index.isAttachedLate() && !present.equals(working.shadowIndex())) {
        statements.add(IndexSql.attach(index, shadow, present));
        statements.addAll(IndexBuilds.constraintComment(index, shadow, present));
      }
      rename("INDEX", target, present, index.name());
    }
    statements.add("ALTER TABLE " + shadow + " RENAME TO " + name(working.spec().finalName()));
    statements.addAll(partitions.serve());
  }

  private void constraints() {
    for (ConstraintInfo late : working.spec().late()) {
      add(served, late);
    }
    for (PartitionConstraint late : working.spec().partitionLate()) {
      add(working.servedPartition(working.spec().partition(late.partition())), late.constraint());
    }
    for (ForeignKey key : working.spec().foreignKeys()) {
      if (working.spec().partitions().isEmpty() || !keysInParts) {
        addUnchecked(served, key);
        comment(served, key.name(), key.comment());
        continue;
      }
      for (Partition partition : working.spec().partitions()) {
        if (partition.isLeaf()) {
          addUnchecked(working.servedPartition(partition), key);
        }
      }
    }
  }

  /** Before version 18 a partitioned table takes none that is not checked; its partitions do. */
  private void addUnchecked(String table, ForeignKey key) {
    statements.add(
        "ALTER TABLE "
            + table
            + " ADD CONSTRAINT "
            + name(key.name())
            + " "
            + key.definition()
            + " NOT VALID");
  }

  private void add(String table, ConstraintInfo late) {
    statements.add(
        "ALTER TABLE " + table + " ADD CONSTRAINT " + name(late.name()) + " " + late.definition());
    comment(table, late.name(), late.comment());
  }

  private void comment(String table, String constraint, String comment) {
    if (comment != null) {
      statements.add(
          "COMMENT ON CONSTRAINT " + name(constraint) + " ON " + table + " IS " + literal(comment));
    }
  }

  private void sequences() {
    int number = 0;
    for (SequenceInfo sequence : working.spec().sequences()) {
      String present = part("s", number++);
      continueState(sequence, present);
      rename("SEQUENCE", target, present, sequence.name());
    }
    for (SequenceInfo owned : working.source().sequences()) {
      if (!owned.identity()) {
        working
            .spec()
            .continuing(owned.column())
            .map(MappedColumn::column)
            .ifPresent(column -> handOver(owned, served + "." + name(column.name())));
      }
    }
  }

  /**
   * From this commit on the slot delivers the changes of the new table: whoever writes to it next
   * comes after it in the log, and the server decodes with the catalog of that moment.
   */
  private void turnStream(Working reverse) {
    RowIdentity identity = reverse.identity();
    if (!identity.arrange().isEmpty()) {
      statements.add("ALTER TABLE " + served + " REPLICA IDENTITY " + identity.arrange());
    }
    String columns = identity.columnList() ? " (" + names(identity.sourceColumns()) + ")" : "";
    statements.add(
        "ALTER PUBLICATION "
            + name(MigrationNames.publication(working.migrationId()))
            + " SET TABLE "
            + served
            + columns);
  }

  /** A sequence of the user's own goes with its column; its schema must be the table's. */
  private void handOver(SequenceInfo owned, String column) {
    String sequence = name(owned.schema(), owned.name());
    if (!target.equals(schema)) {
      statements.add("ALTER SEQUENCE " + sequence + " OWNED BY NONE");
      statements.add("ALTER SEQUENCE " + sequence + " SET SCHEMA " + name(target));
      sequence = name(target, owned.name());
    }
    statements.add("ALTER SEQUENCE " + sequence + " OWNED BY " + column);
  }

  /**
   * The new identity's sequence goes on where the old one is. The old one has been renamed before,
   * under a lock that no nextval passes. A sequence that the clause itself restarted keeps its
   * state. What setval does is not undone when an attempt is rolled back: so nothing here may
   * depend on the state of the new sequence, which the next attempt would find changed.
   */
  private void continueState(SequenceInfo sequence, String present) {
    if (!sequence.identity() || working.spec().restarted().contains(sequence.name())) {
      return;
    }
    working
        .sourceSequenceOf(sequence)
        .ifPresent(
            old ->
                statements.add(
                    "SELECT setval("
                        + literal(name(target, present))
                        + "::regclass, last_value, is_called) FROM "
                        + name(schema, names.sequence(old))));
  }

  private void replicaIdentities() {
    String wanted =
        switch (working.spec().table().replicaIdentity()) {
          case 'f' -> "FULL";
          case 'n' -> "NOTHING";
          case 'i' ->
              working.spec().replicaIdentityIndex() == null
                  ? "NOTHING"
                  : "USING INDEX " + name(working.spec().replicaIdentityIndex());
          default -> "DEFAULT";
        };
    if (!wanted.equals("DEFAULT")) {
      statements.add("ALTER TABLE " + served + " REPLICA IDENTITY " + wanted);
    }
    if (!working.identity().restore().isEmpty()) {
      statements.add("ALTER TABLE " + retired + " REPLICA IDENTITY " + retiredIdentity());
    }
  }

  /** The index that the source had as replica identity has another name by now. */
  private String retiredIdentity() {
    for (IndexInfo index : working.source().indexes()) {
      if (working.identity().restore().equals("USING INDEX " + name(index.name()))) {
        return "USING INDEX " + name(names.index(index));
      }
    }
    return working.identity().restore();
  }

  private void rename(String kind, String in, String from, String to) {
    statements.add("ALTER " + kind + " " + name(in, from) + " RENAME TO " + name(to));
  }

  private String part(String kind, int number) {
    return MigrationNames.part(working.migrationId(), kind, number);
  }
}
