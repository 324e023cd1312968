package io.zdmosc.harness.workload;

import io.zdmosc.harness.workload.table.TableCase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Assumptions;

/** What tests of the workload have in common. */
final class Trials {
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private Trials() {}

  /** A small table and short transactions, so that a trial takes about a second. */
  static WorkloadOptions small() {
    return WorkloadOptions.defaults()
        .withInitialRows(150)
        .withLongTransaction(Duration.ofMillis(100));
  }

  /** Skips the test, visibly, where the server cannot have such a table. */
  static void assumeSupported(Connection connection, TableCase tableCase) throws SQLException {
    Assumptions.assumeTrue(
        tableCase.supportedBy(connection), "this server cannot have the table of " + tableCase);
  }
}
