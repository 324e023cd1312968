package io.zdmosc.harness.workload.table;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * What is asked for, for one table, and what must come of it.
 *
 * @param clauses what follows {@code ALTER TABLE t}, one clause each; empty for a plain rebuild
 * @param mapping every column of the resulting table
 * @param identity the resulting names of the columns that tell rows apart
 * @param targetTable the table's name afterwards, unquoted
 * @param writersMayGoOn whether a writer that knows the new names may go on afterwards, because
 *     what it writes then is what the change would have made of it before
 * @param upsertable whether {@code ON CONFLICT} on the key still has an index afterwards
 */
public record Change(
    List<String> clauses,
    List<ColumnMapping> mapping,
    List<String> identity,
    String targetTable,
    boolean writersMayGoOn,
    boolean upsertable) {
  public Change {
    clauses = List.copyOf(clauses);
    mapping = List.copyOf(mapping);
    identity = List.copyOf(identity);
    requireNonNull(targetTable, "targetTable is null");
  }

  /** Returns all clauses as one, as a user would type them. */
  public String alter() {
    return String.join(", ", clauses);
  }
}
