package io.zdmosc.mysql.shadow;

import io.zdmosc.mysql.alter.TableDdl;
import io.zdmosc.mysql.catalog.ColumnInfo;
import io.zdmosc.mysql.catalog.IndexInfo;
import java.util.List;
import java.util.Optional;

/**
 * What came out when the server ran the clause.
 *
 * @param finalName the name that the new table is to have
 * @param ddl the server's own definition of it
 * @param columns in their order
 * @param indexes with their names
 * @param autoIncrement the next value that the clause itself gave, or empty
 */
public record ShadowSpec(
    String finalName,
    TableDdl ddl,
    List<MappedColumn> columns,
    List<IndexInfo> indexes,
    String autoIncrement) {
  public ShadowSpec {
    columns = List.copyOf(columns);
    indexes = List.copyOf(indexes);
  }

  public List<MappedColumn> written() {
    return columns.stream().filter(MappedColumn::isWritten).toList();
  }

  /** Columns that no value comes for, so that a row that is there keeps its own. */
  public List<MappedColumn> kept() {
    return columns.stream().filter(c -> !c.isWritten() && !c.column().isGenerated()).toList();
  }

  /** The shadow column that continues the source column of this name. */
  public Optional<MappedColumn> continuing(String sourceColumn) {
    return columns.stream()
        .filter(c -> c.source() != null && c.source().name().equals(sourceColumn))
        .findFirst();
  }

  public Optional<ColumnInfo> autoIncrementColumn() {
    return columns.stream()
        .map(MappedColumn::column)
        .filter(ColumnInfo::isAutoIncrement)
        .findFirst();
  }

  /** True when rows must be converted in the server's own time zone, as by its ALTER TABLE. */
  public boolean needsServerTimeZone() {
    return columns.stream().anyMatch(MappedColumn::convertsTimestamp);
  }

  /** True when dates can be taken as they are, since none is converted. */
  public boolean takesAnyDate() {
    return columns.stream().noneMatch(MappedColumn::convertsDate);
  }
}
