package io.zdmosc.postgres.shadow;

import io.zdmosc.postgres.catalog.IndexInfo;
import io.zdmosc.postgres.catalog.SequenceInfo;
import io.zdmosc.postgres.control.MigrationNames;

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
