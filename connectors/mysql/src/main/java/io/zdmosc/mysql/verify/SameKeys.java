package io.zdmosc.mysql.verify;

import io.zdmosc.engine.spi.Key;
import io.zdmosc.mysql.shadow.KeyColumn;
import io.zdmosc.mysql.shadow.RowIdentity;
import io.zdmosc.mysql.sql.KeyTable;
import io.zdmosc.mysql.sql.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Which keys are equal for the server, though their texts differ. */
final class SameKeys {
  private static final String ASKED = "`zdm_osc`.`zdm_asked_key`";
  private static final int BATCH = 10_000;

  private final Session session;
  private final RowIdentity identity;
  private final KeyTable table;

  SameKeys(Session session, RowIdentity identity, KeyTable table) {
    this.session = session;
    this.identity = identity;
    this.table = table;
  }

  /** Those of the first list that are equal to one of the second. */
  List<Key> among(List<Key> asked, List<Key> others) throws SQLException {
    table.fill(asked);
    List<String> names = new ArrayList<>();
    List<String> columns = new ArrayList<>();
    List<String> terms = new ArrayList<>();
    for (int i = 0; i < identity.columns().size(); i++) {
      KeyColumn column = identity.columns().get(i);
      names.add(KeyTable.column(i));
      columns.add(KeyTable.column(i) + " " + column.source().definition() + " NOT NULL");
      terms.add("zdm_q." + KeyTable.column(i) + " = zdm_k." + KeyTable.column(i));
    }
    session.execute("DROP TEMPORARY TABLE IF EXISTS " + ASKED);
    session.execute(
        "CREATE TEMPORARY TABLE "
            + ASKED
            + " (n INT UNSIGNED NOT NULL PRIMARY KEY, "
            + String.join(", ", columns)
            + ", KEY ("
            + String.join(", ", names)
            + ")) ENGINE = InnoDB");
    session.execute("INSERT INTO " + ASKED + " SELECT * FROM " + table.keys());
    Set<Integer> same = new LinkedHashSet<>();
    for (int from = 0; from < others.size(); from += BATCH) {
      table.fill(others.subList(from, Math.min(others.size(), from + BATCH)));
      same.addAll(
          session.read(
              "SELECT DISTINCT zdm_q.n FROM "
                  + table.keys()
                  + " JOIN "
                  + ASKED
                  + " AS zdm_q ON "
                  + String.join(" AND ", terms),
              row -> row.getInt(1)));
    }
    return same.stream().map(n -> asked.get(n - 1)).toList();
  }
}
