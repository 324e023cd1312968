package io.zdmosc.engine.progress;

import io.zdmosc.engine.DryRun;
import io.zdmosc.engine.MigrationState;
import java.util.List;

/**
 * How a migration ended.
 *
 * @param rowsCopied rows that the copy wrote into the shadow table
 * @param changesApplied changed keys that were flushed
 * @param verifiedRows rows of the source that were compared
 * @param divergentRows rows that were found different and had to be repaired
 * @param cutOverStallMillis the longest time from asking for the lock to its release, over all
 *     attempts
 * @param cutOverAttempts attempts at the cut-over
 * @param seconds from start to end
 * @param newTable the table that serves now
 * @param retiredTable the retired table's name, or empty when there is none
 * @param notes what the user should know afterwards
 */
public record Summary(
    long migrationId,
    MigrationState state,
    DryRun dryRun,
    long rowsCopied,
    long changesApplied,
    long verifiedRows,
    long divergentRows,
    double cutOverStallMillis,
    int cutOverAttempts,
    double seconds,
    String newTable,
    String retiredTable,
    List<String> notes) {
  public Summary {
    notes = List.copyOf(notes);
  }
}
