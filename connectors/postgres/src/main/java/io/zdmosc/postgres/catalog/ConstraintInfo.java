package io.zdmosc.postgres.catalog;

import java.util.List;

/**
 * A constraint by the catalog that needs no index: check, foreign key, or not null.
 *
 * @param type {@code contype}
 * @param definition by {@code pg_get_constraintdef}, {@code NOT VALID} included
 * @param columns the {@code attnum}s it is on
 * @param referencedTable the {@code oid} of a foreign key's target, or 0
 * @param comment null for none
 */
public record ConstraintInfo(
    long oid,
    String name,
    String type,
    String definition,
    boolean validated,
    List<Integer> columns,
    long referencedTable,
    String comment) {
  public ConstraintInfo {
    columns = List.copyOf(columns);
  }
}
