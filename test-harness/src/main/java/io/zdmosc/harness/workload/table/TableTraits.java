package io.zdmosc.harness.workload.table;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * What a source table is to be like.
 *
 * @param naming the names of the table and its columns
 * @param key the kind of its key
 * @param generated whether it has a stored generated column
 * @param uniqueDeferrable whether the constraint on {@code u} is deferrable
 * @param uniqueNullable whether {@code u} may be NULL
 */
public record TableTraits(
    Naming naming,
    KeyKind key,
    boolean generated,
    boolean uniqueDeferrable,
    boolean uniqueNullable) {
  public TableTraits {
    requireNonNull(naming, "naming is null");
    requireNonNull(key, "key is null");
  }

  /** Returns a column that is written. */
  public Column column(String id, String type, String constraints) {
    return new Column(id, naming.column(id), type, constraints, Optional.empty());
  }
}
