package io.zdmosc.harness.workload.table;

/** Why a server gives up a transaction that would have been fine by itself. */
public enum Conflict {
  /** Two waited for each other, or a row was changed since the transaction's snapshot. */
  DEADLOCK,
  /** A lock could not be had for a long time. */
  LOCK_WAIT
}
