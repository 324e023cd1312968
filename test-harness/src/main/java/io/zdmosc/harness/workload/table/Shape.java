package io.zdmosc.harness.workload.table;

import java.util.HashMap;
import java.util.Map;

/**
 * The names that statements use at present.
 *
 * @param table the table's name, unquoted
 * @param names column id to present name, unquoted; a column that is gone is absent
 */
public record Shape(String table, Map<String, String> names) {
  public Shape {
    names = Map.copyOf(names);
  }

  /** The names before the change. */
  public static Shape before(TableSpec table) {
    Map<String, String> names = new HashMap<>();
    table.columns().forEach(column -> names.put(column.id(), column.name()));
    return new Shape(table.name(), names);
  }

  /** The names after the change. */
  public static Shape after(Change change) {
    Map<String, String> names = new HashMap<>();
    for (ColumnMapping column : change.mapping()) {
      column.carries().ifPresent(id -> names.put(id, column.target()));
    }
    return new Shape(change.targetTable(), names);
  }

  /** Returns whether the table still has the column. */
  public boolean has(String id) {
    return names.containsKey(id);
  }

  /** Returns the column's present name, unquoted. */
  public String name(String id) {
    String name = names.get(id);
    if (name == null) {
      throw new IllegalArgumentException("column " + id + " is gone from " + table);
    }
    return name;
  }
}
