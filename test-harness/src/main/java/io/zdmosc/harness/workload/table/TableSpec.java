package io.zdmosc.harness.workload.table;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/**
 * A source table: its columns, its key and the DDL that makes it.
 *
 * @param naming the names of the table and its columns
 * @param key the kind of its key
 * @param columns all columns, in the table's order
 * @param create the statements that make the table, with its indexes
 * @param uniqueDeferrable whether the constraint on {@code u} is deferrable
 * @param uniqueNullable whether {@code u} may be NULL
 */
public record TableSpec(
    Naming naming,
    KeyKind key,
    List<Column> columns,
    List<String> create,
    boolean uniqueDeferrable,
    boolean uniqueNullable) {
  public TableSpec {
    requireNonNull(naming, "naming is null");
    requireNonNull(key, "key is null");
    columns = List.copyOf(columns);
    create = List.copyOf(create);
  }

  /** Returns the table's name, unquoted. */
  public String name() {
    return naming.table();
  }

  /** Returns the columns that statements write, in the table's order: those of a {@code Row}. */
  public List<Column> written() {
    return columns.stream().filter(Column::written).toList();
  }

  /** Returns the ids of the key's columns, in the order of the key. */
  public List<String> keyIds() {
    return key.columns().stream().map(KeyColumn::id).toList();
  }

  /** Returns the column of this id, if the table has one. */
  public Optional<Column> find(String id) {
    return columns.stream().filter(column -> column.id().equals(id)).findFirst();
  }

  /** Returns the column of this id; throws IllegalArgumentException if the table has none. */
  public Column column(String id) {
    return find(id)
        .orElseThrow(() -> new IllegalArgumentException("table " + name() + " has no " + id));
  }
}
