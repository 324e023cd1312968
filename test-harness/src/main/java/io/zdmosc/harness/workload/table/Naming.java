package io.zdmosc.harness.workload.table;

import static java.util.Objects.requireNonNull;

import java.util.Map;

/**
 * Gives a table and its columns their names.
 *
 * @param table the table's name, unquoted
 * @param columns column id to name, unquoted; an id that is absent is its own name
 */
public record Naming(String table, Map<String, String> columns) {
  public Naming {
    requireNonNull(table, "table is null");
    columns = Map.copyOf(columns);
  }

  /** Ordinary names, that need no quotes. */
  public static Naming plain(String table) {
    return new Naming(table, Map.of());
  }

  /** Returns the name of a column. */
  public String column(String id) {
    return columns.getOrDefault(id, id);
  }

  /** Returns a name for something that the table owns; never longer than 63 bytes. */
  public String owned(String suffix) {
    int[] start = table.codePoints().limit(8).toArray();
    return new String(start, 0, start.length) + "_" + suffix;
  }
}
