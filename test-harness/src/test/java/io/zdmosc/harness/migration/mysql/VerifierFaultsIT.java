package io.zdmosc.harness.migration.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.engine.ChangeRequest;
import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.spi.Chunk;
import io.zdmosc.engine.spi.ChunkCopier;
import io.zdmosc.engine.spi.ControlStore;
import io.zdmosc.engine.spi.Database;
import io.zdmosc.engine.spi.Difference;
import io.zdmosc.engine.spi.Flusher;
import io.zdmosc.engine.spi.Key;
import io.zdmosc.engine.spi.KeyRange;
import io.zdmosc.engine.spi.PlannedChange;
import io.zdmosc.engine.spi.PreparedChange;
import io.zdmosc.engine.spi.RangeVerifier;
import io.zdmosc.harness.server.mysql.MySqlDatabase;
import io.zdmosc.harness.server.mysql.MySqlRelease;
import io.zdmosc.harness.server.mysql.SharedMySqlServers;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Faults put into the shadow by hand, one at a time: the verifier sees each of them. */
class VerifierFaultsIT {
  private static final KeyRange ALL = new KeyRange(null, null);

  private static final String TABLE =
      "CREATE TABLE t (id INT PRIMARY KEY, a VARCHAR(20), b VARCHAR(20), bin BINARY(4), vb"
          + " VARBINARY(10), f DOUBLE, d DECIMAL(10,2), e ENUM('x','y'), bits BIT(9), ts"
          + " TIMESTAMP(6) NULL, dt DATETIME(6), txt TEXT, j JSON)";
  private static final String ROW =
      "(%d, 'a', 'bc', x'00010000', x'0100', 0e0, 1.50, 'x', b'100000001', '2020-01-01"
          + " 00:00:00.000001', '2020-01-01 00:00:00', '', '[1, 2]')";

  /** Without a conversion, with one of another column, with one of the key. */
  private static final List<String> CHANGES =
      List.of(
          "ADD COLUMN z INT DEFAULT 5",
          "MODIFY d DOUBLE, ADD COLUMN z INT DEFAULT 5",
          "MODIFY id VARCHAR(12) NOT NULL, ADD COLUMN z INT DEFAULT 5");

  private static final List<String> FAULTS =
      List.of(
          "UPDATE %s SET a = 'A' WHERE id = 7",
          "UPDATE %s SET a = 'a ' WHERE id = 7",
          "UPDATE %s SET a = 'ab', b = 'c' WHERE id = 7",
          "UPDATE %s SET a = NULL WHERE id = 7",
          "UPDATE %s SET txt = NULL WHERE id = 7",
          "UPDATE %s SET bin = x'00010001' WHERE id = 7",
          "UPDATE %s SET vb = x'01' WHERE id = 7",
          "UPDATE %s SET f = 1e-300 WHERE id = 7",
          "UPDATE %s SET f = -0e0 WHERE id = 7",
          "UPDATE %s SET d = 1.51 WHERE id = 7",
          "UPDATE %s SET e = 'y' WHERE id = 7",
          "UPDATE %s SET bits = b'100000000' WHERE id = 7",
          "UPDATE %s SET ts = '2020-01-01 00:00:00.000002' WHERE id = 7",
          "UPDATE %s SET dt = '2020-01-01 00:00:01' WHERE id = 7",
          // MySQL takes an update from 2 to 2.0 for none
          "UPDATE %1$s SET j = NULL WHERE id = 7;; UPDATE %1$s SET j = '[1, 2.0]' WHERE id = 7",
          "UPDATE %s SET z = 6 WHERE id = 7",
          "UPDATE %s SET z = NULL WHERE id = 7",
          "DELETE FROM %s WHERE id = 7");

  static Stream<Arguments> cases() {
    return SharedMySqlServers.newest().stream()
        .flatMap(release -> CHANGES.stream().map(change -> Arguments.of(change, release)));
  }

  @ParameterizedTest(name = "{0} on {1}")
  @MethodSource("cases")
  void everyFaultIsSeenAndRepaired(String alter, MySqlRelease release) throws Exception {
    try (MySqlDatabase database = SharedMySqlServers.freshDatabase(release);
        Database opened = MySqlRuns.open(database)) {
      database.execute(TABLE);
      for (int id = 1; id <= 20; id++) {
        database.execute("INSERT INTO t VALUES " + ROW.formatted(id));
      }
      PlannedChange planned = opened.plan(new ChangeRequest("t", alter));
      try (ControlStore.Lease lease = opened.control().register(planned.plan(), "", true);
          PreparedChange change = planned.prepare(lease, false, note -> {})) {
        try (ChunkCopier copier = change.openCopier()) {
          assertThat(copier.copy(new Chunk(1, ALL))).isEqualTo(20);
        }
        String shadow = "`t_zdm" + lease.migrationId() + "_new`";
        try (RangeVerifier verifier = change.openVerifier();
            Flusher flusher = change.openFlusher()) {
          assertThat(verifier.compare(ALL).equal()).as("untouched").isTrue();
          for (String fault : FAULTS) {
            database.execute(fault.formatted(shadow).replace("id = 7", "id = '7'").split(";;"));
            assertSeen(verifier, fault);
            flusher.flush(List.of(Key.of("7")), true);
            assertThat(verifier.compare(ALL).equal()).as("repaired: " + fault).isTrue();
          }
          assertExtraIsSeenAndRemoved(database, shadow, verifier, flusher);
        }
        assertThat(change.discard()).isEmpty();
        lease.transition(MigrationState.ABORTED, "test");
      }
    }
  }

  private static void assertSeen(RangeVerifier verifier, String fault) {
    assertThat(verifier.compare(ALL).equal()).as(fault).isFalse();
    assertThat(verifier.differences(ALL, 10))
        .extracting(Difference::key)
        .as(fault)
        .containsExactly(Key.of("7"));
    assertThat(verifier.differences(List.of(Key.of("7"), Key.of("8")))).as(fault).hasSize(1);
  }

  private static void assertExtraIsSeenAndRemoved(
      MySqlDatabase database, String shadow, RangeVerifier verifier, Flusher flusher)
      throws Exception {
    database.execute("INSERT INTO " + shadow + " (id, a) VALUES ('21', 'extra')");
    List<Difference> found =
        Stream.concat(verifier.differences(ALL, 10).stream(), verifier.unmatched(10).stream())
            .toList();
    assertThat(found).extracting(Difference::kind).containsExactly(Difference.Kind.EXTRA);
    List<Key> keys = found.stream().map(Difference::key).toList();
    assertThat(verifier.unmatched(keys)).hasSize(1);
    flusher.removeUnmatched(keys);
    assertThat(verifier.compare(ALL).equal()).isTrue();
    assertThat(verifier.unmatched(10)).isEmpty();
    assertThat(database.queryText("SELECT COUNT(*) FROM " + shadow)).isEqualTo("20");
  }
}
