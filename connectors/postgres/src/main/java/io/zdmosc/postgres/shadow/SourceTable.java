package io.zdmosc.postgres.shadow;

import static io.zdmosc.postgres.sql.Sql.name;

import io.zdmosc.postgres.catalog.Catalog;
import io.zdmosc.postgres.catalog.ColumnInfo;
import io.zdmosc.postgres.catalog.ConstraintInfo;
import io.zdmosc.postgres.catalog.IndexInfo;
import io.zdmosc.postgres.catalog.SequenceInfo;
import io.zdmosc.postgres.catalog.TableInfo;
import java.sql.SQLException;
import java.util.List;

/**
 * The source table with everything of it that is carried over by definition.
 *
 * @param replicaIdentity what follows {@code REPLICA IDENTITY}, without what the migration itself
 *     has arranged
 */
public record SourceTable(
    TableInfo table,
    List<ColumnInfo> columns,
    List<IndexInfo> indexes,
    List<ConstraintInfo> constraints,
    List<SequenceInfo> sequences,
    String replicaIdentity) {

  /** Reads it, for an empty search path. */
  public static SourceTable read(Catalog catalog, TableInfo table) throws SQLException {
    List<IndexInfo> indexes = catalog.indexes(table.oid());
    return new SourceTable(
        table,
        catalog.columns(table.oid()),
        indexes,
        catalog.constraints(table.oid()),
        catalog.sequences(table.oid()),
        replicaIdentity(table, indexes));
  }

  private static String replicaIdentity(TableInfo table, List<IndexInfo> indexes) {
    return switch (table.replicaIdentity()) {
      case 'f' -> "FULL";
      case 'n' -> "NOTHING";
      case 'i' ->
          indexes.stream()
              .filter(IndexInfo::replicaIdentity)
              .map(index -> "USING INDEX " + name(index.name()))
              .findFirst()
              .orElse("NOTHING");
      default -> "DEFAULT";
    };
  }

  /** The same with another replica identity: the one that it has when no migration runs. */
  public SourceTable withReplicaIdentity(String identity) {
    return new SourceTable(table, columns, indexes, constraints, sequences, identity);
  }

  public List<ConstraintInfo> constraintsOfType(String type) {
    return constraints.stream().filter(c -> c.type().equals(type)).toList();
  }

  public ColumnInfo column(int number) {
    return columns.stream().filter(c -> c.number() == number).findFirst().orElseThrow();
  }

  /** The column of this name. */
  public ColumnInfo column(String name) {
    return columns.stream().filter(c -> c.name().equals(name)).findFirst().orElseThrow();
  }

  /** The sequence of the identity column of this name. */
  public SequenceInfo identitySequence(String column) {
    return sequences.stream()
        .filter(s -> s.identity() && column(s.column()).name().equals(column))
        .findFirst()
        .orElseThrow();
  }
}
