package io.zdmosc.harness.workload.table;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * How a column of the resulting table comes from a source row.
 *
 * @param target its name in the resulting table, unquoted
 * @param expression SQL over the source's columns; empty if the value cannot be known (volatile
 *     defaults), and is not compared
 * @param carries the id of the source column that lives on in it, if one does
 */
public record ColumnMapping(String target, Optional<String> expression, Optional<String> carries) {
  public ColumnMapping {
    requireNonNull(target, "target is null");
    requireNonNull(expression, "expression is null");
    requireNonNull(carries, "carries is null");
  }
}
