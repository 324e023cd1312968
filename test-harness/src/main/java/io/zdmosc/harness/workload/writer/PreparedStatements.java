package io.zdmosc.harness.workload.writer;

import static io.zdmosc.harness.workload.table.PayloadIds.CNT;
import static io.zdmosc.harness.workload.table.PayloadIds.NOTE;

import io.zdmosc.harness.workload.model.Effect;
import io.zdmosc.harness.workload.model.Row;
import io.zdmosc.harness.workload.model.RowId;
import io.zdmosc.harness.workload.table.Column;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;

/** Statements that the server has planned before, maybe for the table's old shape. */
final class PreparedStatements {
  static final Operation UPDATE =
      new Operation(
          "prepared_update", (desk, random) -> desk.autocommit(tx -> update(desk, random, tx)));

  static final Operation READ =
      new Operation(
          "prepared_read", (desk, random) -> desk.autocommit(tx -> read(desk, random, tx)));

  private PreparedStatements() {}

  private static boolean update(Desk desk, Random random, Transaction tx) throws SQLException {
    Optional<RowId> id = desk.anyRow(random, desk.owner());
    if (id.isEmpty() || !tx.statements().shape().has(NOTE)) {
      return true;
    }
    Row row = tx.row(id.get()).orElseThrow();
    String note = "prepared " + random.nextInt();
    Row after = SingleRows.countUp(desk, desk.columns().with(row, NOTE, note));
    String sql =
        "UPDATE "
            + tx.statements().tableName()
            + " SET "
            + tx.statements().name(NOTE)
            + " = ?, "
            + tx.statements().name(CNT)
            + " = "
            + tx.statements().name(CNT)
            + " + 1 WHERE "
            + where(desk, tx);
    List<String> ids = new ArrayList<>(List.of(NOTE));
    ids.addAll(desk.columns().table().keyIds());
    Row bound = desk.columns().with(row, NOTE, note);
    tx.performPrepared(sql, binder(desk, ids, bound), new Effect.Put(id.get(), after));
    return true;
  }

  private static boolean read(Desk desk, Random random, Transaction tx) throws SQLException {
    Optional<RowId> id = desk.anyRow(random, desk.owner());
    if (id.isEmpty()) {
      return true;
    }
    Row row = tx.row(id.get()).orElseThrow();
    String sql =
        "SELECT "
            + tx.statements().name(CNT)
            + " FROM "
            + tx.statements().tableName()
            + " WHERE "
            + where(desk, tx);
    List<String> keyIds = desk.columns().table().keyIds();
    List<List<String>> found = tx.session().queryPrepared(sql, binder(desk, keyIds, row));
    String expected = desk.columns().get(row, CNT);
    if (!found.equals(List.of(List.of(expected)))) {
      throw new LostWriteException("read " + found + " instead of [[" + expected + "]]");
    }
    return true;
  }

  private static String where(Desk desk, Transaction tx) {
    return desk.columns().table().keyIds().stream()
            .map(id -> tx.statements().name(id) + " = ?")
            .collect(Collectors.joining(" AND "))
        + tx.statements().guard();
  }

  /** Sets the values of these columns, in this order. */
  private static Session.Binder binder(Desk desk, List<String> ids, Row row) {
    return statement -> {
      for (int i = 0; i < ids.size(); i++) {
        Column column = desk.columns().table().column(ids.get(i));
        String text = desk.columns().get(row, ids.get(i));
        desk.tableCase().dialect().bind(statement, i + 1, column, text);
      }
    };
  }
}
