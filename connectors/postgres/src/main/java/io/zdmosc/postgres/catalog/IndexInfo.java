package io.zdmosc.postgres.catalog;

import java.util.List;

/**
 * An index by the catalog.
 *
 * @param definition by {@code pg_get_indexdef}
 * @param keyColumns the {@code attnum}s of its key columns; 0 for an expression
 * @param descending for each key column
 * @param constraint the name of the constraint it serves, or null
 * @param constraintType {@code pg_constraint.contype}, or blank
 * @param constraintDefinition by {@code pg_get_constraintdef}, or null
 * @param tablespace empty for the default
 * @param comment null for none
 * @param constraintComment null for none
 * @param expressionStatistics {@code position=target} of expression columns with their own target
 * @param extensions those that the index is dropped with
 * @param partitioned true for one of a partitioned table, which is made of its partitions' indexes
 */
public record IndexInfo(
    long oid,
    String name,
    String definition,
    boolean primary,
    boolean unique,
    boolean valid,
    boolean immediate,
    boolean partial,
    boolean clustered,
    boolean replicaIdentity,
    List<Integer> keyColumns,
    List<Boolean> descending,
    String constraint,
    String constraintType,
    String constraintDefinition,
    boolean deferrable,
    boolean deferred,
    String tablespace,
    String comment,
    String constraintComment,
    List<String> expressionStatistics,
    List<String> extensions,
    boolean partitioned) {
  public IndexInfo {
    keyColumns = List.copyOf(keyColumns);
    descending = List.copyOf(descending);
    expressionStatistics = List.copyOf(expressionStatistics);
    extensions = List.copyOf(extensions);
  }

  public boolean servesConstraint() {
    return constraint != null;
  }

  /**
   * True for what only {@code ADD CONSTRAINT} can build: exclusion, WITHOUT OVERLAPS, and any
   * constraint of a partitioned table.
   */
  public boolean needsConstraintSyntax() {
    return servesConstraint()
        && (partitioned
            || constraintType.equals("x")
            || constraintDefinition.contains(" WITHOUT OVERLAPS"));
  }

  /**
   * True for one of a partitioned table that was made for that alone, with parts for some of its
   * partitions, or none.
   */
  public boolean lacksParts() {
    return partitioned && !valid;
  }

  /** Whether it can be made again as it is. */
  public boolean canBeCarried() {
    return valid || lacksParts();
  }

  /** True for one whose constraint is attached in the swap: until then rows are checked at once. */
  public boolean isAttachedLate() {
    return servesConstraint() && deferrable && !needsConstraintSyntax();
  }

  /** True when it can give rows their identity: unique over plain columns, checked at once. */
  public boolean canIdentify() {
    return unique && valid && immediate && !partial && !keyColumns.contains(0);
  }
}
