package io.zdmosc.harness.workload.writer;

import static io.zdmosc.harness.workload.table.PayloadIds.U;

import io.zdmosc.harness.workload.model.Effect;
import io.zdmosc.harness.workload.model.Row;
import io.zdmosc.harness.workload.model.RowId;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * Values under the unique constraint that go from row to row, so that copies of the two rows from
 * different moments conflict.
 */
final class UniqueExchanges {
  /** Two rows of one owner or of two exchange their values by way of another value. */
  static final Operation IN_TRANSACTION =
      new Operation(
          "exchange_unique",
          (desk, random) -> {
            int other = random.nextInt(desk.model().owners());
            desk.shared(List.of(desk.owner(), other), tx -> exchange(desk, random, tx, other));
          });

  /** The same, each step committed by itself. */
  static final Operation IN_STEPS =
      new Operation(
          "exchange_unique_in_steps",
          (desk, random) -> desk.autocommit(tx -> exchange(desk, random, tx, desk.owner())));

  /** The same in one statement, where the constraint allows it. */
  static final Operation IN_ONE_STATEMENT =
      new Operation(
          "exchange_unique_in_statement",
          (desk, random) -> {
            int other = random.nextInt(desk.model().owners());
            desk.shared(
                List.of(desk.owner(), other), tx -> inOneStatement(desk, random, tx, other));
          });

  /** A row is deleted, and a new one gets its value. */
  static final Operation INHERIT =
      new Operation(
          "inherit_unique", (desk, random) -> desk.transaction(tx -> inherit(desk, random, tx)));

  private UniqueExchanges() {}

  private static boolean exchange(Desk desk, Random random, Transaction tx, int otherOwner)
      throws SQLException {
    Optional<RowId> one = desk.anyRow(random, desk.owner());
    Optional<RowId> other = desk.anyRow(random, otherOwner);
    if (one.isEmpty() || other.isEmpty() || one.equals(other) || !tx.statements().shape().has(U)) {
      return false;
    }
    Row first = tx.row(one.get()).orElseThrow();
    Row second = tx.row(other.get()).orElseThrow();
    boolean throughNull = desk.tableCase().table().uniqueNullable() && random.nextBoolean();
    String between = throughNull ? null : desk.maker(desk.owner()).unique();
    tx.update(one.get(), desk.columns().with(first, U, between));
    tx.update(other.get(), desk.columns().with(second, U, desk.columns().get(first, U)));
    Row moved = tx.row(one.get()).orElseThrow();
    tx.update(one.get(), desk.columns().with(moved, U, desk.columns().get(second, U)));
    return true;
  }

  private static boolean inOneStatement(Desk desk, Random random, Transaction tx, int otherOwner)
      throws SQLException {
    Optional<RowId> one = desk.anyRow(random, desk.owner());
    Optional<RowId> other = desk.anyRow(random, otherOwner);
    if (one.isEmpty()
        || other.isEmpty()
        || one.equals(other)
        || !desk.tableCase().table().uniqueDeferrable()
        || !tx.statements().shape().has(U)) {
      return false;
    }
    Row first = tx.row(one.get()).orElseThrow();
    Row second = tx.row(other.get()).orElseThrow();
    Row firstAfter = desk.columns().with(first, U, desk.columns().get(second, U));
    Row secondAfter = desk.columns().with(second, U, desk.columns().get(first, U));
    tx.perform(
        tx.statements().exchangeUnique(first, second),
        List.of(new Effect.Put(one.get(), firstAfter), new Effect.Put(other.get(), secondAfter)));
    return true;
  }

  private static boolean inherit(Desk desk, Random random, Transaction tx) throws SQLException {
    Optional<RowId> gone = desk.anyRow(random, desk.owner());
    Optional<RowId> heir = desk.freeId(random, desk.owner(), tx);
    if (gone.isEmpty() || heir.isEmpty()) {
      return false;
    }
    String value = desk.columns().get(tx.row(gone.get()).orElseThrow(), U);
    tx.delete(gone.get());
    tx.insert(heir.get(), desk.columns().with(desk.fresh(random, heir.get()), U, value));
    return true;
  }
}
