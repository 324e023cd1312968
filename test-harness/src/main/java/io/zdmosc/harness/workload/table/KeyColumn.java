package io.zdmosc.harness.workload.table;

import static java.util.Objects.requireNonNull;

/**
 * A column of a key.
 *
 * @param id how the workload calls it; also its name in tables with ordinary names
 * @param type its type as DDL, with the collation if it has one
 * @param constraints what follows the type in DDL
 * @param direction how the unique index orders it, {@code ASC} or {@code DESC}
 */
public record KeyColumn(String id, String type, String constraints, String direction) {
  public KeyColumn {
    requireNonNull(id, "id is null");
    requireNonNull(type, "type is null");
    requireNonNull(constraints, "constraints is null");
    requireNonNull(direction, "direction is null");
  }

  /** A key column that is NOT NULL and ordered ascending. */
  public static KeyColumn of(String id, String type) {
    return new KeyColumn(id, type, "NOT NULL", "ASC");
  }
}
