package io.zdmosc.harness.workload.writer;

import static io.zdmosc.harness.workload.table.PayloadIds.U;

import io.zdmosc.harness.workload.model.Effect;
import io.zdmosc.harness.workload.model.Row;
import io.zdmosc.harness.workload.model.RowId;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Inserts that may turn out as updates, and inserts whose key the server makes. */
final class Upserts {
  static final Operation UPSERT =
      new Operation("upsert", (desk, random) -> desk.autocommit(tx -> upsert(desk, random, tx)));

  /** An insert that deletes the rows in its way: that of its key, and maybe that of its value. */
  static final Operation REPLACE =
      new Operation("replace", (desk, random) -> desk.autocommit(tx -> replace(desk, random, tx)));

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

  private static boolean replace(Desk desk, Random random, Transaction tx) throws SQLException {
    Optional<RowId> id =
        random.nextBoolean()
            ? desk.anyRow(random, desk.owner())
            : desk.freeId(random, desk.owner(), tx);
    if (id.isEmpty() || id.get().slot() < 0 || !desk.change().upsertable()) {
      return true;
    }
    Row proposed = desk.fresh(random, id.get());
    Optional<RowId> robbed =
        desk.anyRow(random, desk.owner()).filter(each -> !each.equals(id.get()));
    List<Effect> effects = new ArrayList<>();
    int touched = tx.row(id.get()).isPresent() ? 2 : 1;
    if (robbed.isPresent() && random.nextBoolean() && tx.statements().shape().has(U)) {
      String value = desk.columns().get(tx.row(robbed.get()).orElseThrow(), U);
      proposed = desk.columns().with(proposed, U, value);
      if (value != null) {
        effects.add(new Effect.Remove(robbed.get()));
        touched++;
      }
    }
    effects.add(new Effect.Put(id.get(), proposed));
    Optional<String> sql = tx.statements().replace(proposed);
    if (sql.isPresent()) {
      tx.performCounted(sql.get(), touched, effects);
    }
    return true;
  }

  private static boolean serverKey(Desk desk, Random random, Transaction tx) throws SQLException {
    Row row = desk.fresh(random, new RowId(desk.owner(), -1));
    String keyName = tx.statements().shape().name(desk.columns().table().keyIds().get(0));
    String key = tx.session().insertForKey(tx.statements().insertWithoutKey(row), keyName);
    RowId id = new RowId(desk.owner(), -Long.parseLong(key));
    tx.remember(new Effect.Put(id, desk.columns().withKey(row, List.of(key))));
    return random.nextInt(6) > 0;
  }
}
