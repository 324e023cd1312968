package io.zdmosc.harness.workload.writer;

import static io.zdmosc.harness.workload.table.PayloadIds.CNT;
import static io.zdmosc.harness.workload.table.PayloadIds.NOTE;

import io.zdmosc.harness.workload.model.Effect;
import io.zdmosc.harness.workload.model.Row;
import io.zdmosc.harness.workload.model.RowId;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;

/**
 * Rows that everybody writes all the time, with no lock but the server's. Even-numbered ones are
 * only counted up, which commutes; on the others the counter is the version of the whole row.
 */
final class HotRows {
  static final Operation INCREMENT =
      new Operation(
          "hot_increment",
          (desk, random) -> {
            RowId id = hot(desk, random.nextInt(Shared.HOT_ROWS / 2) * 2);
            desk.unlocked(random.nextBoolean(), tx -> increment(desk, tx, id));
          });

  static final Operation OVERWRITE =
      new Operation(
          "hot_overwrite",
          (desk, random) -> {
            RowId id = hot(desk, random.nextInt(Shared.HOT_ROWS / 2) * 2 + 1);
            desk.unlocked(false, tx -> overwrite(desk, random, tx, id));
          });

  private HotRows() {}

  /** Returns the id of a hot row. */
  static RowId hot(Desk desk, int number) {
    return desk.model().id(desk.model().hotOwner(), number);
  }

  private static boolean increment(Desk desk, Transaction tx, RowId id) throws SQLException {
    Row row = tx.row(id).orElseThrow();
    Effect counted = new Effect.Increment(id, desk.columns().index(CNT));
    tx.perform(tx.statements().increment(row), List.of(counted));
    return true;
  }

  private static boolean overwrite(Desk desk, Random random, Transaction tx, RowId id)
      throws SQLException {
    Row before = tx.row(id).orElseThrow();
    Row after = desk.maker(id.owner()).change(random, before, random.nextInt(3));
    String tag = desk.owner() + ":" + random.nextInt();
    after = desk.columns().with(after, NOTE, tag);
    tx.performCounted(tx.statements().overwrite(after), 1, List.of());
    String version = tx.session().query(tx.statements().select(List.of(CNT), after)).get(0).get(0);
    after = desk.columns().with(after, CNT, version);
    tx.remember(new Effect.Newest(id, after, desk.columns().index(CNT)));
    return random.nextInt(8) > 0;
  }
}
