package io.zdmosc.harness.fuzz.mysql;

import static org.assertj.core.api.Assertions.fail;

import io.zdmosc.harness.fuzz.mysql.Trial.End;
import io.zdmosc.harness.fuzz.mysql.Trial.Outcome;
import io.zdmosc.harness.server.mysql.MySqlRelease;
import io.zdmosc.harness.server.mysql.SharedMySqlServers;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random tables are changed at random while they are written to: definition and rows are those that
 * the server's own ALTER TABLE makes of a twin, or nothing has changed.
 *
 * <p>By default a few seeds; {@code -Dzdm.seed=n} for one seed, {@code -Dzdm.seeds=n} for so many
 * from there on, {@code -Dzdm.long=true} for many.
 */
class DifferentialIT {
  private static final int FEW = 2;
  private static final int MANY = 300;

  static Stream<Arguments> trials() {
    Long chosen = Long.getLong("zdm.seed");
    long first = chosen == null ? 1 : chosen;
    int usual = chosen != null ? 1 : Boolean.getBoolean("zdm.long") ? MANY : FEW;
    int count = Integer.getInteger("zdm.seeds", usual);
    return LongStream.range(first, first + count)
        .boxed()
        .flatMap(
            seed ->
                SharedMySqlServers.newest().stream().map(release -> Arguments.of(seed, release)));
  }

  @ParameterizedTest(name = "seed {0} on {1}")
  @MethodSource("trials")
  void aMigrationMakesWhatAlterTableMakes(long seed, MySqlRelease release) throws Exception {
    Trial trial = new Trial(release, seed);
    Outcome outcome;
    try {
      outcome = trial.run();
    } catch (Exception | AssertionError e) {
      throw new AssertionError(trial + "\n" + e, e);
    }
    if (outcome.end() == End.REFUSED && !KnownRefusals.isKnown(outcome.message())) {
      fail("the server does it, but a migration: " + outcome.message() + "\n" + trial);
    }
  }
}
