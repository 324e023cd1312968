package io.zdmosc.engine;

import static java.util.Objects.requireNonNull;

/**
 * What the user asked for.
 *
 * @param table the table's name as the user wrote it, with or without a schema, quoted or not
 * @param alter what follows {@code ALTER TABLE t}; empty to rebuild the table as it is
 */
public record ChangeRequest(String table, String alter) {
  public ChangeRequest {
    requireNonNull(table, "table is null");
    requireNonNull(alter, "alter is null");
  }
}
