package io.zdmosc.harness.workload.table;

import java.util.ArrayList;
import java.util.List;

/** Makes source tables: a key of any kind beside the payload that all tables have. */
public final class TableBuilder {
  private final KeyKind key;
  private final TableLayout layout;
  private Naming naming = Naming.plain("orders");
  private boolean generated;
  private boolean keyLast;
  private boolean uniqueDeferrable;
  private boolean uniqueNullable = true;

  /** Begins a table with ordinary names, without a generated column. */
  public TableBuilder(KeyKind key, TableLayout layout) {
    this.key = key;
    this.layout = layout;
  }

  public TableBuilder named(Naming newNaming) {
    naming = newNaming;
    return this;
  }

  /** The table has a stored generated column. */
  public TableBuilder generated() {
    generated = true;
    return this;
  }

  /** The key's columns come last in the table. */
  public TableBuilder keyLast() {
    keyLast = true;
    return this;
  }

  /**
   * The unique constraint is checked at the end of statements, so values can be exchanged in one.
   */
  public TableBuilder uniqueDeferrable() {
    uniqueDeferrable = true;
    return this;
  }

  /** The column under the unique constraint is NOT NULL. */
  public TableBuilder uniqueNotNull() {
    uniqueNullable = false;
    return this;
  }

  public TableSpec build() {
    TableTraits traits = new TableTraits(naming, key, generated, uniqueDeferrable, uniqueNullable);
    List<Column> columns = new ArrayList<>(layout.payload(traits));
    List<Column> keyColumns =
        key.columns().stream()
            .map(column -> traits.column(column.id(), column.type(), column.constraints()))
            .toList();
    columns.addAll(keyLast ? columns.size() : 0, keyColumns);
    List<String> create = layout.create(traits, columns);
    return new TableSpec(naming, key, columns, create, uniqueDeferrable, uniqueNullable);
  }
}
