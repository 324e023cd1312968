package io.zdmosc.postgres.catalog;

/** Which indexes of a partitioned table's partitions are parts of which others of the same tree. */
public final class IndexPartsSql {
  private IndexPartsSql() {}

  /**
   * Common tables, with the table's oid as parameter. {@code inside} has each part with what it is
   * a part of, within the table and its partitions: a table that is a partition itself may have
   * indexes which are parts of another table's. {@code up} has each part with all that are above
   * it.
   */
  public static final String UP =
      """
      WITH RECURSIVE tree AS (SELECT relid FROM pg_partition_tree(?::oid::regclass)),
           inside AS (
             SELECT i.indexrelid AS part, i.indrelid, h.inhparent AS above
               FROM tree t JOIN pg_index i ON i.indrelid = t.relid
               JOIN pg_inherits h ON h.inhrelid = i.indexrelid
               JOIN pg_index a ON a.indexrelid = h.inhparent
               JOIN tree w ON w.relid = a.indrelid),
           up AS (
             SELECT part, indrelid, above FROM inside
             UNION ALL
             SELECT up.part, up.indrelid, x.above FROM up JOIN inside x ON x.part = up.above)
      """;

  /**
   * Of {@code pg_index i}: an index that its partition has by itself. A part of another that is not
   * valid is one too: that other one has not made it.
   */
  public static final String IS_OWN =
      "NOT EXISTS (SELECT FROM pg_inherits h JOIN pg_index v ON v.indexrelid = h.inhparent"
          + " WHERE h.inhrelid = i.indexrelid AND v.indisvalid)";

  /** Of {@code up}, with an index that is no part of another within the tree. */
  public static final String IS_WHOLE = "NOT EXISTS (SELECT FROM inside x WHERE x.part = up.above)";
}
