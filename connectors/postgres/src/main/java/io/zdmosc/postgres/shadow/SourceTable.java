package io.zdmosc.postgres.shadow;

import io.zdmosc.postgres.catalog.Catalog;
import io.zdmosc.postgres.catalog.ColumnInfo;
import io.zdmosc.postgres.catalog.ConstraintInfo;
import io.zdmosc.postgres.catalog.IndexInfo;
import io.zdmosc.postgres.catalog.SequenceInfo;
import io.zdmosc.postgres.catalog.TableInfo;
import java.sql.SQLException;
import java.util.List;

/** The source table with everything of it that is carried over by definition. */
public record SourceTable(
    TableInfo table,
    List<ColumnInfo> columns,
    List<IndexInfo> indexes,
    List<ConstraintInfo> constraints,
    List<SequenceInfo> sequences) {

  /** Reads it, for an empty search path. */
  public static SourceTable read(Catalog catalog, TableInfo table) throws SQLException {
    return new SourceTable(
        table,
        catalog.columns(table.oid()),
        catalog.indexes(table.oid()),
        catalog.constraints(table.oid()),
        catalog.sequences(table.oid()));
  }

  public List<ConstraintInfo> constraintsOfType(String type) {
    return constraints.stream().filter(c -> c.type().equals(type)).toList();
  }

  public ColumnInfo column(int number) {
    return columns.stream().filter(c -> c.number() == number).findFirst().orElseThrow();
  }

  /** The sequence of the identity column of this name. */
  public SequenceInfo identitySequence(String column) {
    return sequences.stream()
        .filter(s -> s.identity() && column(s.column()).name().equals(column))
        .findFirst()
        .orElseThrow();
  }
}
