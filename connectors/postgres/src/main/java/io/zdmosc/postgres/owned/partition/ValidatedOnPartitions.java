package io.zdmosc.postgres.owned.partition;

import static io.zdmosc.postgres.sql.Sql.name;

import io.zdmosc.engine.error.Problem;
import io.zdmosc.postgres.handover.FollowUp;
import io.zdmosc.postgres.handover.Handover;
import io.zdmosc.postgres.handover.Transfer;
import io.zdmosc.postgres.owned.OwnedContext;
import io.zdmosc.postgres.owned.OwnedKind;
import io.zdmosc.postgres.partition.Partition;
import java.sql.SQLException;
import java.util.List;

/**
 * Constraints that are not valid on a partitioned table, or on a partition that is partitioned
 * itself, and have been validated on a partition of it. The table gets them in the swap, with its
 * partitions, without a look at the rows; so the partition's part is validated afterwards.
 */
public final class ValidatedOnPartitions implements OwnedKind {
  private static final String QUERY =
      """
      SELECT c.relname, k.conname
        FROM pg_partition_tree(?::oid::regclass) t JOIN pg_class c ON c.oid = t.relid
        JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype IN ('c', 'n')
         AND k.coninhcount > 0 AND k.convalidated
       WHERE EXISTS (SELECT FROM pg_partition_ancestors(c.oid) a
                       JOIN pg_constraint w ON w.conrelid = a.relid AND w.contype = k.contype
                        AND w.conname = k.conname AND NOT w.convalidated)
       ORDER BY t.level, c.relname, k.conname\
      """;

  private record Validated(Partition partition, String constraint) {
    String table() {
      return name(partition.schema(), partition.name());
    }
  }

  /** As the clause has left them, on the template. */
  private static List<Validated> read(OwnedContext context) throws SQLException {
    if (context.spec().partitions().stream().noneMatch(Partition::goesOn)) {
      return List.of();
    }
    return context
        .session()
        .query(
            QUERY,
            row -> new Validated(context.spec().partition(row.getString(1)), row.getString(2)),
            context.spec().table().oid());
  }

  @Override
  public List<Problem> problems(OwnedContext context) {
    return List.of();
  }

  @Override
  public List<String> carried(OwnedContext context) throws SQLException {
    return read(context).stream()
        .map(
            each ->
                "constraint "
                    + each.constraint()
                    + " is validated on partition "
                    + each.table()
                    + " after the swap")
        .toList();
  }

  @Override
  public Handover handover(OwnedContext context) throws SQLException {
    List<FollowUp> afterwards =
        read(context).stream()
            .map(
                each ->
                    new FollowUp(
                        "ALTER TABLE "
                            + each.table()
                            + " VALIDATE CONSTRAINT "
                            + name(each.constraint()),
                        "constraint "
                            + each.constraint()
                            + " of partition "
                            + each.table()
                            + " is NOT VALID",
                        "",
                        true))
            .toList();
    return new Handover(List.of(), new Transfer(List.of(), List.of(), afterwards), Transfer.NONE);
  }
}
