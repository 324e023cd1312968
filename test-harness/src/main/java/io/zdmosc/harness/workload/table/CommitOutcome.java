package io.zdmosc.harness.workload.table;

/** What became of a transaction whose commit was not acknowledged. */
public enum CommitOutcome {
  COMMITTED,
  ABORTED,
  /** The server is still at it; ask again. */
  IN_PROGRESS
}
