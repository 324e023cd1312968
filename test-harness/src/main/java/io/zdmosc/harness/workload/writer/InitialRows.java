package io.zdmosc.harness.workload.writer;

import io.zdmosc.harness.workload.ConnectionSource;
import io.zdmosc.harness.workload.LatencyRecorder;
import io.zdmosc.harness.workload.model.Model;
import io.zdmosc.harness.workload.model.Row;
import io.zdmosc.harness.workload.model.RowId;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/** Fills a table before the writers start. */
final class InitialRows {
  private static final int ROWS_PER_INSERT = 200;

  private InitialRows() {}

  static void insert(Shared shared, ConnectionSource source, long seed) throws SQLException {
    Random random = new Random(seed);
    try (Session session = new Session(source, new LatencyRecorder(), Optional.empty())) {
      Desk desk = new Desk(shared, shared.model().hotOwner(), session);
      Map<RowId, Row> rows = new TreeMap<>();
      for (int i = 0; i < Shared.HOT_ROWS; i++) {
        add(rows, desk, random, HotRows.hot(desk, i));
      }
      Model model = shared.model();
      for (int i = 0; i < shared.options().initialRows(); i++) {
        add(rows, desk, random, model.id(i % model.owners(), i / model.owners()));
        if (rows.size() >= ROWS_PER_INSERT) {
          flush(desk, rows);
        }
      }
      flush(desk, rows);
    }
  }

  private static void add(Map<RowId, Row> rows, Desk desk, Random random, RowId id) {
    rows.put(id, desk.fresh(random, id));
  }

  private static void flush(Desk desk, Map<RowId, Row> rows) throws SQLException {
    if (!rows.isEmpty()) {
      desk.unlocked(
          false,
          tx -> {
            tx.insert(rows);
            return true;
          });
      rows.clear();
    }
  }
}
