package io.zdmosc.harness.workload.writer;

import io.zdmosc.harness.workload.model.Row;
import io.zdmosc.harness.workload.model.RowId;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Changes of keys, and rows that come back under the key of a deleted one. */
final class KeyMoves {
  /** k becomes k'. */
  static final Operation MOVE =
      new Operation("move_key", (desk, random) -> desk.autocommit(tx -> move(desk, random, tx)));

  /** Two rows exchange their keys by way of a third key. */
  static final Operation SWAP =
      new Operation("swap_keys", (desk, random) -> desk.transaction(tx -> swap(desk, random, tx)));

  /** The key gets another spelling that the server takes for the same. */
  static final Operation RESPELL =
      new Operation(
          "respell_key", (desk, random) -> desk.autocommit(tx -> respell(desk, random, tx)));

  static final Operation DELETE_AND_REINSERT =
      new Operation(
          "delete_reinsert_in_transaction",
          (desk, random) -> desk.transaction(tx -> reinsert(desk, random, tx)));

  static final Operation DELETE_THEN_REINSERT =
      new Operation(
          "delete_reinsert_in_autocommit",
          (desk, random) -> desk.autocommit(tx -> reinsert(desk, random, tx)));

  /** One row is deleted, and another takes its key, in one transaction. */
  static final Operation REPLACE =
      new Operation(
          "replace_by_other_row",
          (desk, random) -> desk.transaction(tx -> replace(desk, random, tx)));

  private KeyMoves() {}

  private static boolean mayMove(Desk desk) {
    return desk.tableCase().table().key().updatable();
  }

  private static Row withKey(Desk desk, Random random, Row row, RowId id) {
    List<String> key = desk.tableCase().table().key().key(id.slot(), random.nextInt(8));
    return desk.columns().withKey(row, key);
  }

  private static boolean move(Desk desk, Random random, Transaction tx) throws SQLException {
    Optional<RowId> from = desk.anyRow(random, desk.owner());
    Optional<RowId> to = desk.freeId(random, desk.owner(), tx);
    if (from.isPresent() && to.isPresent() && mayMove(desk)) {
      Row row = tx.row(from.get()).orElseThrow();
      tx.move(from.get(), to.get(), withKey(desk, random, row, to.get()));
    }
    return true;
  }

  private static boolean swap(Desk desk, Random random, Transaction tx) throws SQLException {
    Optional<RowId> one = desk.anyRow(random, desk.owner());
    Optional<RowId> other = desk.anyRow(random, desk.owner());
    Optional<RowId> third = desk.freeId(random, desk.owner(), tx);
    if (one.isEmpty() || third.isEmpty() || one.equals(other) || !mayMove(desk)) {
      return false;
    }
    moveTo(desk, random, tx, one.get(), third.get());
    moveTo(desk, random, tx, other.get(), one.get());
    moveTo(desk, random, tx, third.get(), other.get());
    return true;
  }

  private static void moveTo(Desk desk, Random random, Transaction tx, RowId from, RowId to)
      throws SQLException {
    tx.move(from, to, withKey(desk, random, tx.row(from).orElseThrow(), to));
  }

  private static boolean respell(Desk desk, Random random, Transaction tx) throws SQLException {
    Optional<RowId> id = desk.anyRow(random, desk.owner());
    if (id.isPresent() && mayMove(desk)) {
      Row row = tx.row(id.get()).orElseThrow();
      tx.update(id.get(), withKey(desk, random, row, id.get()));
    }
    return true;
  }

  private static boolean reinsert(Desk desk, Random random, Transaction tx) throws SQLException {
    Optional<RowId> id = desk.anyRow(random, desk.owner());
    if (id.isEmpty() || id.get().slot() < 0) {
      return false;
    }
    tx.delete(id.get());
    tx.insert(id.get(), desk.fresh(random, id.get()));
    return true;
  }

  private static boolean replace(Desk desk, Random random, Transaction tx) throws SQLException {
    Optional<RowId> gone = desk.anyRow(random, desk.owner());
    Optional<RowId> heir = desk.anyRow(random, desk.owner());
    if (gone.isEmpty() || gone.equals(heir) || !mayMove(desk)) {
      return false;
    }
    tx.delete(gone.get());
    moveTo(desk, random, tx, heir.get(), gone.get());
    return true;
  }
}
