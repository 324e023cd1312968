package io.zdmosc.postgres.shadow;

import io.zdmosc.postgres.catalog.ConstraintInfo;
import io.zdmosc.postgres.catalog.IndexInfo;
import io.zdmosc.postgres.catalog.SequenceInfo;
import io.zdmosc.postgres.catalog.TableInfo;
import io.zdmosc.postgres.partition.Partition;
import io.zdmosc.postgres.sql.Sql;
import java.util.List;
import java.util.Optional;

/**
 * What came out when the server ran the clause.
 *
 * @param table the changed table, as it was tried
 * @param finalName the name that it is to have
 * @param finalSchema the schema that it is to have
 * @param newOwner the role that it is to have as owner, as SQL has it; empty for the source's
 * @param columns in their order
 * @param indexes with their final names
 * @param late constraints that are not valid, and so are added after the last row
 * @param foreignKeys that are added at the cut-over
 * @param sequences that belong to columns of the changed table, with their final names
 * @param restarted the final names of identity sequences that the clause itself restarted
 * @param replicaIdentityIndex the final name of the index that is the replica identity, or null
 * @param notes what the clause did that the user may not expect
 * @param checks the names of its check constraints
 * @param partitions those that it has, by their final names; empty for a plain table
 * @param partitionIndexes those that partitions have by themselves
 * @param indexParts parts of indexes with settings that the others do not have
 * @param partitionLate constraints that partitions have by themselves and that are not valid
 */
public record ShadowSpec(
    TableInfo table,
    String finalName,
    String finalSchema,
    Optional<String> newOwner,
    List<MappedColumn> columns,
    List<IndexInfo> indexes,
    List<ConstraintInfo> late,
    List<ForeignKey> foreignKeys,
    List<SequenceInfo> sequences,
    List<String> restarted,
    String replicaIdentityIndex,
    List<String> notes,
    List<String> checks,
    List<Partition> partitions,
    List<PartitionIndex> partitionIndexes,
    List<IndexPart> indexParts,
    List<PartitionConstraint> partitionLate) {
  public ShadowSpec {
    columns = List.copyOf(columns);
    indexes = List.copyOf(indexes);
    late = List.copyOf(late);
    foreignKeys = List.copyOf(foreignKeys);
    sequences = List.copyOf(sequences);
    restarted = List.copyOf(restarted);
    notes = List.copyOf(notes);
    checks = List.copyOf(checks);
    partitions = List.copyOf(partitions);
    partitionIndexes = List.copyOf(partitionIndexes);
    indexParts = List.copyOf(indexParts);
    partitionLate = List.copyOf(partitionLate);
  }

  /** The qualified name that the table is to have. */
  public String servedSql() {
    return Sql.name(finalSchema, finalName);
  }

  /** The shadow column that continues the source column of this number. */
  public Optional<MappedColumn> continuing(int sourceNumber) {
    return columns.stream()
        .filter(c -> c.source() != null && c.source().number() == sourceNumber)
        .findFirst();
  }

  /** The partition of this final name. */
  public Partition partition(String name) {
    return partitions.stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow();
  }

  public List<MappedColumn> written() {
    return columns.stream().filter(MappedColumn::isWritten).toList();
  }

  /** Columns that no value comes for, so that a row that is there keeps its own. */
  public List<MappedColumn> kept() {
    return columns.stream().filter(c -> !c.isWritten() && !c.column().isGenerated()).toList();
  }

  public boolean hasIdentityColumn() {
    return columns.stream().anyMatch(c -> c.column().isIdentity());
  }
}
