package io.zdmosc.postgres.shadow;

import io.zdmosc.postgres.catalog.IndexInfo;
import io.zdmosc.postgres.catalog.SequenceInfo;
import io.zdmosc.postgres.control.MigrationNames;
import io.zdmosc.postgres.partition.Partition;
import java.util.List;
import java.util.stream.IntStream;

/** What the old table's indexes and sequences are called while the new one has their names. */
public final class RetiredNames {
  private final Working working;

  /**
   * @param working of the way there
   */
  public RetiredNames(Working working) {
    this.working = working;
  }

  public String index(IndexInfo index) {
    return MigrationNames.part(
        working.migrationId(), "o", working.source().indexes().indexOf(index));
  }

  /** Of a partition. */
  public String partition(Partition partition) {
    int number = working.spec().partitions().indexOf(partition);
    return MigrationNames.part(working.migrationId(), "t", number) + "_old";
  }

  /** Of a partition's indexes, in the order in which they are known. */
  public List<String> partitionIndexes(Partition partition) {
    int number = working.source().indexes().size() + working.source().sequences().size();
    for (Partition other : working.spec().partitions()) {
      if (other.equals(partition)) {
        break;
      }
      number += other.indexes().size();
    }
    int first = number;
    return IntStream.range(0, partition.indexes().size())
        .mapToObj(i -> MigrationNames.part(working.migrationId(), "o", first + i))
        .toList();
  }

  /** Of an identity column's sequence. */
  public String sequence(SequenceInfo sequence) {
    int number = working.source().indexes().size();
    for (SequenceInfo other : working.source().sequences()) {
      if (other.equals(sequence)) {
        return MigrationNames.part(working.migrationId(), "q", number);
      }
      if (other.identity()) {
        number++;
      }
    }
    throw new IllegalStateException("no sequence " + sequence.name());
  }
}
