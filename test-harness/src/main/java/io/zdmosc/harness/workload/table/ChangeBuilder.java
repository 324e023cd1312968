package io.zdmosc.harness.workload.table;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Builds a {@link Change}; begins with every column kept as it is. Not thread-safe. */
public final class ChangeBuilder {
  private final TableSpec table;
  private final SqlDialect dialect;
  private final List<String> clauses = new ArrayList<>();
  private final Map<String, ColumnMapping> byId = new LinkedHashMap<>();
  private List<String> identityIds;
  private String targetTable;
  private boolean writersMayGoOn = true;
  private boolean upsertable = true;

  public ChangeBuilder(TableSpec table, SqlDialect dialect) {
    this.table = table;
    this.dialect = dialect;
    this.identityIds = table.keyIds();
    this.targetTable = table.name();
    for (Column column : table.columns()) {
      byId.put(
          column.id(),
          new ColumnMapping(
              column.name(), Optional.of(quoted(column.id())), Optional.of(column.id())));
    }
  }

  /** Returns the table that is changed. */
  public TableSpec table() {
    return table;
  }

  /** Returns the column's present name in quotes. */
  public String quoted(String id) {
    return dialect.quote(table.column(id).name());
  }

  /** Adds a clause; {@code %s} stands for the quoted names of the columns. */
  public ChangeBuilder clause(String format, String... ids) {
    Object[] names = new Object[ids.length];
    for (int i = 0; i < ids.length; i++) {
      names[i] = quoted(ids[i]);
    }
    clauses.add(String.format(format, names));
    return this;
  }

  /** Adds a clause and its effect on a column that stays: what its value becomes. */
  public ChangeBuilder becomes(String id, String expression) {
    ColumnMapping old = byId.get(id);
    byId.put(id, new ColumnMapping(old.target(), Optional.of(expression), old.carries()));
    return this;
  }

  /** A column has another name from now on. */
  public ChangeBuilder rename(String id, String newName) {
    clauses.add(
        "RENAME COLUMN " + dialect.quote(byId.get(id).target()) + " TO " + dialect.quote(newName));
    return renamed(id, newName);
  }

  /** A column has another name from now on, which a clause has given it. */
  public ChangeBuilder renamed(String id, String newName) {
    ColumnMapping old = byId.get(id);
    byId.put(id, new ColumnMapping(newName, old.expression(), old.carries()));
    return this;
  }

  /** A column is gone. */
  public ChangeBuilder drop(String id) {
    clauses.add("DROP COLUMN " + quoted(id));
    byId.remove(id);
    return this;
  }

  /** A column is new; its value is that of the expression over the source row. */
  public ChangeBuilder add(String name, String definition, String expression) {
    clauses.add("ADD COLUMN " + dialect.quote(name) + " " + definition);
    byId.put("+" + name, new ColumnMapping(name, Optional.of(expression), Optional.empty()));
    return this;
  }

  /** A column is new, and what is in it cannot be known beforehand. */
  public ChangeBuilder addUnknown(String name, String definition) {
    clauses.add("ADD COLUMN " + dialect.quote(name) + " " + definition);
    byId.put("+" + name, new ColumnMapping(name, Optional.empty(), Optional.empty()));
    return this;
  }

  /** The table has another name from now on. */
  public ChangeBuilder renameTable(String newName) {
    clauses.add("RENAME TO " + dialect.quote(newName));
    targetTable = newName;
    return this;
  }

  /**
   * What is written afterwards is not what the change would have made of it: no statement of the
   * old shape may succeed on the new one, and writers stop. Renames the guard column.
   */
  public ChangeBuilder valuesChange() {
    writersMayGoOn = false;
    return guard();
  }

  /** No statement of the old shape may succeed on the new one. Renames the guard column. */
  public ChangeBuilder guard() {
    return rename(PayloadIds.ERA, "era_after");
  }

  /** Rows are told apart by another column from now on. */
  public ChangeBuilder identity(String id) {
    identityIds = List.of(id);
    upsertable = false;
    return this;
  }

  public Change build() {
    List<String> identity = identityIds.stream().map(id -> byId.get(id).target()).toList();
    return new Change(
        clauses, List.copyOf(byId.values()), identity, targetTable, writersMayGoOn, upsertable);
  }
}
