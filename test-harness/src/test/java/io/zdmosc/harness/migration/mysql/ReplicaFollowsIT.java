package io.zdmosc.harness.migration.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.harness.server.mysql.MySqlDatabase;
import io.zdmosc.harness.server.mysql.MySqlRelease;
import io.zdmosc.harness.server.mysql.MySqlReplica;
import io.zdmosc.harness.server.mysql.MySqlServer;
import io.zdmosc.harness.server.mysql.SharedMySqlServers;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A replica of the server applies a whole migration, and ends with the same table. */
class ReplicaFollowsIT {

  static List<MySqlRelease> releases() {
    return SharedMySqlServers.newest().stream().filter(MySqlRelease::embeddable).toList();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("releases")
  void theReplicaEndsWithTheSameTable(MySqlRelease release) throws Exception {
    KeyCase keys = KeyCase.ALL.get(0);
    try (MySqlServer source = MySqlServer.start(release);
        MySqlReplica replica = MySqlReplica.of(source);
        MySqlDatabase database = source.createDatabase("d")) {
      Writers.createTable(database, keys);
      try (Writers writers = Writers.start(database, keys, 11)) {
        MySqlRuns.migrate(database, "t", "ADD COLUMN extra VARCHAR(9) DEFAULT 'x', ADD KEY n (n)");
        Thread.sleep(200);
        writers.stop();
        assertThat(writers.errors()).isEmpty();
        assertThat(writers.differences(database, "t")).isEmpty();
      }
      replica.awaitCaughtUp();

      MySqlDatabase copy = new MySqlDatabase(replica.server(), "d");
      assertThat(TableDump.of(copy, "t")).isEqualTo(TableDump.of(database, "t"));
    }
  }
}
