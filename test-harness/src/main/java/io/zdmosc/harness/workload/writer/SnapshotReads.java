package io.zdmosc.harness.workload.writer;

import io.zdmosc.harness.workload.WorkloadOptions.Trait;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Transactions that take their snapshot first and read the table only later: they must find the
 * rows of that moment, though the table may have been replaced in between.
 */
final class SnapshotReads {
  static final Operation COUNT = new Operation("snapshot_count", SnapshotReads::count);

  private SnapshotReads() {}

  private static void count(Desk desk, Random random) throws SQLException {
    if (desk.options().has(Trait.NO_SNAPSHOT_READERS)) {
      return;
    }
    Session session = desk.session();
    int[] expected = {-1};
    Connection connection = session.connection();
    connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    try {
      session.begin();
      List<Integer> everybody = IntStream.range(0, desk.model().owners()).boxed().toList();
      desk.whileNobodyWrites(
          everybody,
          () -> {
            session.query("SELECT 1");
            expected[0] = desk.model().size();
          });
      if (expected[0] < 0) {
        return;
      }
      Pause.millis(random.nextInt(1 + (int) desk.options().longTransaction().toMillis() / 2));
      String found = session.query(desk.statements().count()).get(0).get(0);
      if (Integer.parseInt(found) != expected[0]) {
        throw new LostWriteException(
            "a snapshot sees " + found + " rows instead of " + expected[0]);
      }
    } finally {
      session.rollback();
    }
  }
}
