package io.zdmosc.harness.workload.table;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * A column of a source table.
 *
 * @param id how the workload calls it, whatever its name in the database
 * @param name its name in the database, unquoted
 * @param type its type as DDL, with the collation if it has one
 * @param constraints what follows the type in DDL: {@code NOT NULL}, defaults, identity
 * @param generatedAs the expression it is generated from, already quoted; empty if it is written
 */
public record Column(
    String id, String name, String type, String constraints, Optional<String> generatedAs) {
  public Column {
    requireNonNull(id, "id is null");
    requireNonNull(name, "name is null");
    requireNonNull(type, "type is null");
    requireNonNull(constraints, "constraints is null");
    requireNonNull(generatedAs, "generatedAs is null");
  }

  /**
   * Returns whether statements name this column when they write; generated ones are not written.
   */
  public boolean written() {
    return generatedAs.isEmpty();
  }
}
