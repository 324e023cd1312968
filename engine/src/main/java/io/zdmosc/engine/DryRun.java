package io.zdmosc.engine;

/** How much of a migration is done without changing the source table. */
public enum DryRun {
  /** The real thing: nothing is left out. */
  NONE,
  /** Builds the shadow table, copies and verifies a sample, removes everything. */
  SAMPLE,
  /** Copies, streams and verifies the entire table, stops short of the cut-over. */
  FULL
}
