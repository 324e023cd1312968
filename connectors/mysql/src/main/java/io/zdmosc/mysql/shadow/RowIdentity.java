package io.zdmosc.mysql.shadow;

import io.zdmosc.mysql.catalog.IndexInfo;
import java.util.List;

/**
 * What gives a row its identity during the migration.
 *
 * @param index the source's index
 * @param columns in the index's order
 * @param shadowIndex the name of the shadow's index on the same columns
 * @param temporary true when the shadow has that index for the migration only
 */
public record RowIdentity(
    IndexInfo index, List<KeyColumn> columns, String shadowIndex, boolean temporary) {
  public RowIdentity {
    columns = List.copyOf(columns);
  }

  public List<String> sourceColumns() {
    return columns.stream().map(column -> column.source().name()).toList();
  }

  public List<String> shadowColumns() {
    return columns.stream().map(column -> column.shadow().name()).toList();
  }

  /** True when ranges of the source's keys are ranges of the shadow's. */
  public boolean isOrdered() {
    return columns.stream().allMatch(KeyColumn::isOrdered);
  }

  /** True when keys with different texts are always different keys. */
  public boolean isExact() {
    return columns.stream().allMatch(column -> column.source().isInteger());
  }

  /** True when the source's keys are the shadow's without any conversion. */
  public boolean isSame() {
    return columns.stream().allMatch(KeyColumn::sameType);
  }
}
