package io.zdmosc.harness.workload.writer;

import static io.zdmosc.harness.workload.table.PayloadIds.U;

import io.zdmosc.harness.workload.model.Effect;
import io.zdmosc.harness.workload.model.Row;
import io.zdmosc.harness.workload.model.RowId;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Inserts that may turn out as updates, and inserts whose key the server makes. */
final class Upserts {
  static final Operation UPSERT =
      new Operation("upsert", (desk, random) -> desk.autocommit(tx -> upsert(desk, random, tx)));

  static final Operation SERVER_KEY =
      new Operation(
          "insert_with_server_key",
          (desk, random) -> {
            if (desk.tableCase().table().key().serverGenerated()) {
              desk.transaction(tx -> serverKey(desk, random, tx));
            }
          });

  private Upserts() {}

  private static boolean upsert(Desk desk, Random random, Transaction tx) throws SQLException {
    Optional<RowId> id =
        random.nextBoolean()
            ? desk.anyRow(random, desk.owner())
            : desk.freeId(random, desk.owner(), tx);
    if (id.isEmpty() || id.get().slot() < 0 || !desk.change().upsertable()) {
      return true;
    }
    Row proposed = desk.fresh(random, id.get());
    proposed = desk.columns().with(proposed, U, desk.maker(desk.owner()).unique());
    tx.upsert(id.get(), proposed, merged(desk, tx.row(id.get()), proposed));
    return true;
  }

  /** An existing row keeps its key's spelling and its unique value. */
  private static Row merged(Desk desk, Optional<Row> existing, Row proposed) {
    if (existing.isEmpty()) {
      return proposed;
    }
    Row kept = existing.get();
    Columns columns = desk.columns();
    List<String> key = columns.table().keyIds().stream().map(id -> columns.get(kept, id)).toList();
    return columns.with(columns.withKey(proposed, key), U, columns.get(kept, U));
  }

  private static boolean serverKey(Desk desk, Random random, Transaction tx) throws SQLException {
    Row row = desk.fresh(random, new RowId(desk.owner(), -1));
    List<List<String>> keys = tx.session().query(tx.statements().insertReturningKey(row));
    String key = keys.get(0).get(0);
    RowId id = new RowId(desk.owner(), -Long.parseLong(key));
    tx.remember(new Effect.Put(id, desk.columns().withKey(row, List.of(key))));
    return random.nextInt(6) > 0;
  }
}
