package io.zdmosc.postgres.shadow;

import io.zdmosc.postgres.catalog.IndexInfo;
import java.util.List;
import java.util.Set;

/**
 * What gives a row its identity during the migration.
 *
 * @param index the source's index
 * @param columns in the index's order
 * @param arrange what must be done to the source's replica identity so that the change stream
 *     carries these columns: empty, as for any partitioned table, or what follows {@code REPLICA
 *     IDENTITY}
 * @param restore what puts it back, or empty
 * @param columnList true when the publication can be limited to these columns
 */
public record RowIdentity(
    IndexInfo index, List<KeyColumn> columns, String arrange, String restore, boolean columnList) {
  private static final Set<String> EXACT = Set.of("smallint", "integer", "bigint", "uuid");

  public RowIdentity {
    columns = List.copyOf(columns);
  }

  /** True when ranges of keys are ranges on both sides. */
  public boolean isOrdered() {
    return columns.stream().allMatch(KeyColumn::ordered);
  }

  /** True when different keys of the source can never become one key of the shadow. */
  public boolean staysUnique() {
    return columns.stream().allMatch(KeyColumn::staysUnique);
  }

  /** True when keys with different texts are always different keys. */
  public boolean isExact() {
    return columns.stream().allMatch(column -> EXACT.contains(column.type()));
  }

  /** For a server whose publications cannot be limited to columns. */
  RowIdentity withoutColumnList() {
    return new RowIdentity(index, columns, arrange, restore, false);
  }

  public List<String> sourceColumns() {
    return columns.stream().map(KeyColumn::source).toList();
  }

  public List<String> shadowColumns() {
    return columns.stream().map(KeyColumn::shadow).toList();
  }
}
