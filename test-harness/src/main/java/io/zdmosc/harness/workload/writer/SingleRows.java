package io.zdmosc.harness.workload.writer;

import static io.zdmosc.harness.workload.table.PayloadIds.BIG;
import static io.zdmosc.harness.workload.table.PayloadIds.CNT;
import static io.zdmosc.harness.workload.table.PayloadIds.NOTE;
import static io.zdmosc.harness.workload.table.PayloadIds.U;

import io.zdmosc.harness.workload.model.Row;
import io.zdmosc.harness.workload.model.RowId;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

/** Autocommit statements on one row. */
final class SingleRows {
  static final Operation INSERT =
      new Operation("insert", (desk, random) -> desk.autocommit(tx -> insert(desk, random, tx)));

  static final Operation UPDATE =
      new Operation("update", (desk, random) -> desk.autocommit(tx -> update(desk, random, tx)));

  static final Operation DELETE =
      new Operation("delete", (desk, random) -> desk.autocommit(tx -> delete(desk, random, tx)));

  /** Sets a column to the value that it has: the row gets a new version that is like the old. */
  static final Operation NO_OP =
      new Operation(
          "no_op_update",
          (desk, random) ->
              desk.autocommit(
                  tx -> {
                    Optional<RowId> id = desk.anyRow(random, desk.owner());
                    if (id.isPresent()) {
                      tx.update(id.get(), tx.row(id.get()).orElseThrow());
                    }
                    return true;
                  }));

  /** An application that reads what it wrote. */
  static final Operation READ =
      new Operation("read", (desk, random) -> desk.autocommit(tx -> read(desk, random, tx)));

  private SingleRows() {}

  static boolean insert(Desk desk, Random random, Transaction tx) throws SQLException {
    Optional<RowId> id = desk.freeId(random, desk.owner(), tx);
    if (id.isPresent()) {
      tx.insert(id.get(), desk.fresh(random, id.get()));
    }
    return true;
  }

  static boolean update(Desk desk, Random random, Transaction tx) throws SQLException {
    Optional<RowId> id = desk.anyRow(random, desk.owner());
    if (id.isEmpty()) {
      return true;
    }
    Optional<Row> row = tx.row(id.get());
    if (row.isPresent()) {
      tx.update(id.get(), changed(desk, random, row.get()));
    }
    return true;
  }

  /** Returns the row with some columns changed, often with its counter gone up. */
  static Row changed(Desk desk, Random random, Row row) {
    Row after = desk.maker(desk.owner()).change(random, row, random.nextInt(6));
    return random.nextInt(3) == 0 ? after : countUp(desk, after);
  }

  static Row countUp(Desk desk, Row row) {
    long count = Long.parseLong(desk.columns().get(row, CNT));
    return desk.columns().with(row, CNT, Long.toString(count + 1));
  }

  static boolean delete(Desk desk, Random random, Transaction tx) throws SQLException {
    Optional<RowId> id = desk.anyRow(random, desk.owner());
    if (id.isPresent() && tx.row(id.get()).isPresent()) {
      tx.delete(id.get());
    }
    return true;
  }

  private static boolean read(Desk desk, Random random, Transaction tx) throws SQLException {
    Optional<RowId> id = desk.anyRow(random, desk.owner());
    if (id.isEmpty()) {
      return true;
    }
    Row row = tx.row(id.get()).orElseThrow();
    List<String> ids = comparable(tx);
    List<List<String>> found = tx.session().query(tx.statements().select(ids, row));
    List<String> expected = ids.stream().map(each -> desk.columns().get(row, each)).toList();
    if (found.size() != 1 || !Objects.equals(found.get(0), expected)) {
      throw new LostWriteException(
          "read " + abbreviated(found) + " instead of " + abbreviated(List.of(expected)));
    }
    return true;
  }

  /** Returns the columns whose text the server gives back as it got it. */
  private static List<String> comparable(Transaction tx) {
    return Stream.of(CNT, NOTE, BIG, U).filter(tx.statements().shape()::has).toList();
  }

  private static String abbreviated(List<List<String>> rows) {
    String text = rows.toString();
    return text.length() < 300 ? text : text.substring(0, 300) + "...";
  }
}
