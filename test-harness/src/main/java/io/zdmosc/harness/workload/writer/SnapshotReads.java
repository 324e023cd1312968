package io.zdmosc.harness.workload.writer;

import static io.zdmosc.harness.workload.table.PayloadIds.CNT;

import io.zdmosc.harness.workload.WorkloadOptions.Trait;
import io.zdmosc.harness.workload.model.Row;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;

/**
 * Transactions that take their snapshot first and read the table only later: they must find their
 * rows as of that moment, though the table may have been replaced in between.
 */
final class SnapshotReads {
  static final Operation READ = new Operation("snapshot_read", SnapshotReads::read);

  private SnapshotReads() {}

  private static void read(Desk desk, Random random) throws SQLException {
    if (desk.options().has(Trait.NO_SNAPSHOT_READERS)) {
      return;
    }
    Session session = desk.session();
    try {
      session.beginSnapshot();
      List<String> expected = new ArrayList<>();
      desk.whileNobodyWrites(
          () -> {
            session.execute(desk.tableCase().dialect().takeSnapshot());
            expected.addAll(countAndSum(desk));
          });
      if (expected.isEmpty()) {
        return;
      }
      Pause.millis(random.nextInt(1 + (int) desk.options().longTransaction().toMillis()));
      List<String> found = session.query(desk.statements().countAndSum(desk.owner())).get(0);
      if (!found.equals(expected)) {
        throw new LostWriteException(
            "a snapshot sees [rows, sum] " + found + " instead of " + expected);
      }
    } finally {
      session.rollback();
    }
  }

  private static List<String> countAndSum(Desk desk) {
    Collection<Row> rows = desk.model().rows(desk.owner()).values();
    long sum = rows.stream().mapToLong(row -> Long.parseLong(desk.columns().get(row, CNT))).sum();
    return List.of(Integer.toString(rows.size()), Long.toString(sum));
  }
}
