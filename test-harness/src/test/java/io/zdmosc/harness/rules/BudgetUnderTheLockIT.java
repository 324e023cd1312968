package io.zdmosc.harness.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.RunOptions;
import io.zdmosc.engine.error.CutOverNotReachedException;
import io.zdmosc.engine.spi.CutOver;
import io.zdmosc.engine.spi.PreparedChange;
import io.zdmosc.harness.server.SharedServers;
import io.zdmosc.harness.server.TestDatabase;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Rule 9: what is done under the lock fits into the budget, or is cancelled at its end. */
@Tag("alone")
class BudgetUnderTheLockIT {
  private static final Duration BUDGET = Duration.ofMillis(1_500);

  /** Each of the two statements for the last key takes less than the budget, both take more. */
  @Test
  void slowStepsAreCancelledWhenTogetherTheyTakeLongerThanTheBudget() throws Exception {
    try (TestDatabase database = SharedServers.freshDatabase(SharedServers.newestMajor())) {
      database.execute(
          "CREATE TABLE t (id int PRIMARY KEY, v int)",
          "INSERT INTO t SELECT g, g FROM generate_series(1, 100) AS g",
          """
          CREATE FUNCTION slow(v int) RETURNS bigint LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN
            IF current_setting('application_name') = 'zdm-osc cut-over' THEN
              PERFORM pg_sleep(1.3);
            END IF;
            RETURN v; END $$\
          """);
      Timed[] change = new Timed[1];
      RunOptions options = Run.OPTIONS.withCutOverBudget(BUDGET).withCutOverAttempts(1);
      try (Run run =
          Run.start(
              database,
              "t",
              "ALTER COLUMN v TYPE bigint USING slow(v)",
              options,
              ForcedChange.keeping(change, Timed::new))) {
        run.awaitState(MigrationState.PREPARED);
        change[0].lock.awaitReached();
        database.execute("UPDATE t SET v = -2 WHERE id = 2");
        change[0].lock.open();

        assertThatThrownBy(run::await)
            .isInstanceOf(CutOverNotReachedException.class)
            .hasMessageContaining("could not flush the last changes within the budget");
        assertThat(Duration.ofNanos(change[0].heldNanos))
            .isGreaterThan(Duration.ofMillis(1_300))
            .isLessThan(Duration.ofMillis(2_200));
        Tables.assertNothingLeftBehind(database);
      }
    }
  }

  /** Measures how long the lock is held. */
  private static final class Timed extends ForcedChange {
    private final Gate lock = new Gate("before the lock");
    private volatile long heldNanos;

    Timed(PreparedChange change) {
      super(change);
    }

    @Override
    public CutOver openCutOver() {
      return new CutOverDelegate(super.openCutOver()) {
        private long begin;

        @Override
        public void lock(Duration timeout, Duration budget) {
          lock.pass();
          begin = System.nanoTime();
          super.lock(timeout, budget);
        }

        @Override
        public void close() {
          super.close();
          if (heldNanos == 0) {
            heldNanos = System.nanoTime() - begin;
          }
        }
      };
    }
  }
}
