package io.zdmosc.mysql.shadow;

import io.zdmosc.mysql.alter.TableDdl;
import io.zdmosc.mysql.catalog.Catalog;
import io.zdmosc.mysql.catalog.ColumnInfo;
import io.zdmosc.mysql.catalog.IndexInfo;
import io.zdmosc.mysql.catalog.TableInfo;
import io.zdmosc.mysql.catalog.TriggerInfo;
import java.sql.SQLException;
import java.util.List;

/** The source table with everything of it that is carried over by definition. */
public record SourceTable(
    TableInfo table,
    List<ColumnInfo> columns,
    List<IndexInfo> indexes,
    TableDdl ddl,
    List<TriggerInfo> triggers) {
  public SourceTable {
    columns = List.copyOf(columns);
    indexes = List.copyOf(indexes);
    triggers = List.copyOf(triggers);
  }

  public static SourceTable read(Catalog catalog, TableInfo table) throws SQLException {
    return new SourceTable(
        table,
        catalog.columns(table.schema(), table.name()),
        catalog.indexes(table.schema(), table.name()),
        TableDdl.parse(catalog.createTable(table.schema(), table.name())),
        catalog.triggers(table.schema(), table.name()));
  }

  /** The column of this name. */
  public ColumnInfo column(String name) {
    return columns.stream().filter(c -> c.name().equals(name)).findFirst().orElseThrow();
  }
}
