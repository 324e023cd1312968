package io.zdmosc.harness.workload.model;

/** What a committed transaction did to one row. */
public sealed interface Effect {
  RowId id();

  /** The row is this now, whatever it was. */
  record Put(RowId id, Row row) implements Effect {}

  /** The row is gone. */
  record Remove(RowId id) implements Effect {}

  /** A counter went up; commutes with itself. */
  record Increment(RowId id, int column) implements Effect {}

  /**
   * The row is this now, unless a newer version is known already. The version is a column that
   * every writer of the row counts up under the server's row lock, so the highest committed one is
   * last.
   */
  record Newest(RowId id, Row row, int versionColumn) implements Effect {}
}
