package io.zdmosc.postgres.partition;

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
 */
public record Partition(
    String name, String bound, String storage, long source, String parent, String key) {
  /** A new one. */
  public Partition(String name, String bound) {
    this(name, bound, null, 0, null, null);
  }

  /** True for one that holds rows itself. */
  public boolean isLeaf() {
    return key == null;
  }
}
