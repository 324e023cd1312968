package io.zdmosc.postgres.partition;

import java.util.List;

/**
 * A partition of the new table.
 *
 * @param name its final name, as the server stores it
 * @param bound {@code FOR VALUES ...}, or {@code DEFAULT}
 * @param storage what follows the bound: access method, options, tablespace; null for those of the
 *     table that is cut into partitions
 * @param source the oid of the old table's partition that it continues; 0 for a new one
 * @param parent the name of the partition of which it is a part; null for one of the table itself
 * @param key what follows {@code PARTITION BY} where it is cut into partitions itself, else null
 * @param indexes the names of the old one's indexes, in the order in which they were made
 * @param schema where one stands that goes on; null for a new one, which stands where the table
 *     does
 */
public record Partition(
    String name,
    String bound,
    String storage,
    long source,
    String parent,
    String key,
    List<String> indexes,
    String schema) {
  public Partition {
    indexes = List.copyOf(indexes);
  }

  /** A new one. */
  public Partition(String name, String bound) {
    this(name, bound, null, 0, null, null, List.of(), null);
  }

  /** True for one that the old table has, too. */
  public boolean goesOn() {
    return source != 0;
  }

  /** Where it stands when it serves, in a table that then stands in this schema. */
  public String schemaIn(String table) {
    return schema == null ? table : schema;
  }

  /** True for one that holds rows itself. */
  public boolean isLeaf() {
    return key == null;
  }
}
