package io.zdmosc.harness.workload.writer;

import static io.zdmosc.harness.workload.table.PayloadIds.BUCKET;

import io.zdmosc.harness.workload.model.Model;
import io.zdmosc.harness.workload.model.Row;
import io.zdmosc.harness.workload.model.RowId;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Statements over many rows, of one owner or of several. */
final class ManyRows {
  private static final int ROWS_PER_INSERT = 500;

  static final Operation INSERT =
      new Operation(
          "insert_many", (desk, random) -> desk.autocommit(tx -> insert(desk, random, tx)));

  static final Operation UPDATE_OWN =
      new Operation(
          "update_range",
          (desk, random) ->
              desk.autocommit(tx -> updateRange(desk, random, tx, desk.owner(), desk.owner())));

  /** Over the rows of neighbouring owners, half of the time rolled back. */
  static final Operation UPDATE_SHARED =
      new Operation(
          "update_shared_range",
          (desk, random) -> {
            int first = random.nextInt(desk.model().owners());
            int last = Math.min(first + random.nextInt(3), desk.model().owners() - 1);
            desk.shared(
                IntStream.rangeClosed(first, last).boxed().toList(),
                tx -> updateRange(desk, random, tx, first, last) && random.nextBoolean());
          });

  static final Operation DELETE =
      new Operation(
          "delete_range", (desk, random) -> desk.autocommit(tx -> deleteRange(desk, random, tx)));

  /** Deletes a range and inserts other rows under the same keys, in one transaction. */
  static final Operation REPLACE =
      new Operation(
          "replace_range", (desk, random) -> desk.transaction(tx -> replace(desk, random, tx)));

  private ManyRows() {}

  private static boolean insert(Desk desk, Random random, Transaction tx) throws SQLException {
    Map<RowId, Row> rows = new TreeMap<>();
    for (int i = 0; i < ROWS_PER_INSERT; i++) {
      Optional<RowId> id = desk.freeId(random, desk.owner(), tx);
      if (id.isPresent() && !rows.containsKey(id.get())) {
        Model model = desk.model();
        boolean small = random.nextInt(20) > 0;
        rows.put(id.get(), desk.maker(desk.owner()).fresh(random, id.get(), model, small));
      }
    }
    if (!rows.isEmpty()) {
      tx.insert(rows);
    }
    return true;
  }

  private static boolean updateRange(
      Desk desk, Random random, Transaction tx, int firstOwner, int lastOwner) throws SQLException {
    int first = firstBucket(random, firstOwner);
    int last = Math.max(first, lastOwner * RowMaker.BUCKETS_PER_OWNER + random.nextInt(10));
    Map<RowId, Row> after = new TreeMap<>();
    for (int owner = firstOwner; owner <= lastOwner; owner++) {
      inRange(desk, tx, owner, first, last)
          .forEach((id, row) -> after.put(id, SingleRows.countUp(desk, row)));
    }
    tx.perform(tx.statements().incrementRange(first, last), Transaction.puts(after));
    return true;
  }

  private static boolean deleteRange(Desk desk, Random random, Transaction tx) throws SQLException {
    int bucket = firstBucket(random, desk.owner());
    List<RowId> gone = idsInRange(desk, tx, desk.owner(), bucket, bucket);
    tx.perform(tx.statements().deleteRange(bucket, bucket), Transaction.removals(gone));
    return true;
  }

  private static boolean replace(Desk desk, Random random, Transaction tx) throws SQLException {
    int bucket = firstBucket(random, desk.owner());
    List<RowId> gone = idsInRange(desk, tx, desk.owner(), bucket, bucket);
    tx.perform(tx.statements().deleteRange(bucket, bucket), Transaction.removals(gone));
    Map<RowId, Row> heirs = new TreeMap<>();
    for (RowId id : gone) {
      if (id.slot() >= 0) {
        heirs.put(id, desk.fresh(random, id));
      }
    }
    if (!heirs.isEmpty()) {
      tx.insert(heirs);
    }
    return random.nextInt(4) > 0;
  }

  private static int firstBucket(Random random, int owner) {
    return owner * RowMaker.BUCKETS_PER_OWNER + random.nextInt(RowMaker.BUCKETS_PER_OWNER);
  }

  private static List<RowId> idsInRange(Desk desk, Transaction tx, int owner, int first, int last) {
    return new ArrayList<>(inRange(desk, tx, owner, first, last).keySet());
  }

  private static Map<RowId, Row> inRange(
      Desk desk, Transaction tx, int owner, int first, int last) {
    Map<RowId, Row> rows = tx.rows(owner);
    rows.values()
        .removeIf(
            row -> {
              int bucket = Integer.parseInt(desk.columns().get(row, BUCKET));
              return bucket < first || bucket > last;
            });
    return rows;
  }
}
