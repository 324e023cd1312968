package io.zdmosc.harness.workload;

import io.zdmosc.harness.server.TestDatabase;
import io.zdmosc.harness.workload.WorkloadOptions.Trait;
import io.zdmosc.harness.workload.check.ModelChecker;
import io.zdmosc.harness.workload.table.TableCase;
import java.sql.Connection;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every case, longer, with seeds that differ from run to run and stand in the test's name. */
@EnabledIfSystemProperty(named = "zdm.long", matches = "true")
class LongWorkloadIT {
  static Stream<Arguments> casesWithSeeds() {
    Random random = new Random();
    return Site.all().stream()
        .flatMap(
            site ->
                site.catalogue().all().stream()
                    .map(each -> Arguments.of(site, each, random.nextInt(1_000_000))));
  }

  @ParameterizedTest(name = "{0}, {1}, seed {2}")
  @MethodSource("casesWithSeeds")
  void modelAndTableAgreeThroughoutANativeAlter(Site site, TableCase tableCase, long seed)
      throws Exception {
    WorkloadOptions options =
        Trials.small().with(Trait.NO_SNAPSHOT_READERS).with(Trait.GO_ON_AFTER_CHANGE);
    try (TestDatabase database = site.database();
        Connection connection = database.connect()) {
      Trials.assumeSupported(connection, tableCase);
      try (Workload workload =
          Workload.start(site.application(database), tableCase, seed, options)) {
        workload.awaitOperations(1000, Trials.PATIENCE);
        tableCase.alterNatively(connection);
        if (tableCase.change().writersMayGoOn()) {
          workload.awaitOperations(1000, Trials.PATIENCE);
        }
        workload.stop().assertNoErrors();
        String table = tableCase.change().targetTable();
        ModelChecker.check(connection, table, tableCase, workload.model()).assertClean();
      }
    }
  }
}
