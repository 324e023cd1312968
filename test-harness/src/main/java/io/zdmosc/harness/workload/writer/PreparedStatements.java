package io.zdmosc.harness.workload.writer;

import static io.zdmosc.harness.workload.table.PayloadIds.CNT;
import static io.zdmosc.harness.workload.table.PayloadIds.NOTE;

import io.zdmosc.harness.workload.model.Effect;
import io.zdmosc.harness.workload.model.Row;
import io.zdmosc.harness.workload.model.RowId;
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
    List<String> parameters = new ArrayList<>(List.of(note));
    parameters.addAll(key(desk, row));
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
    tx.performPrepared(sql, parameters, new Effect.Put(id.get(), after));
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
    List<List<String>> found = tx.session().queryPrepared(sql, key(desk, row));
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

  private static List<String> key(Desk desk, Row row) {
    return desk.columns().table().keyIds().stream().map(id -> desk.columns().get(row, id)).toList();
  }
}
