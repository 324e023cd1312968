package io.zdmosc.mysql.catalog;

import java.util.List;

/**
 * An index by the information schema.
 *
 * @param type {@code BTREE}, {@code FULLTEXT}, {@code SPATIAL}
 * @param visible false when the optimizer may not use it
 * @param parts in their order
 */
public record IndexInfo(
    String name, boolean unique, String type, boolean visible, List<Part> parts) {
  public IndexInfo {
    parts = List.copyOf(parts);
  }

  /**
   * One part.
   *
   * @param column null for an expression
   * @param prefix how many characters or bytes of it; 0 for all
   */
  public record Part(String column, long prefix, boolean descending) {}

  public boolean isPrimary() {
    return name.equals("PRIMARY");
  }

  /** True when it can give rows their identity, if its columns are NOT NULL. */
  public boolean canIdentify() {
    return unique
        && visible
        && type.equals("BTREE")
        && parts.stream().allMatch(part -> part.column() != null && part.prefix() == 0);
  }

  public List<String> columns() {
    return parts.stream().map(part -> String.valueOf(part.column())).toList();
  }
}
