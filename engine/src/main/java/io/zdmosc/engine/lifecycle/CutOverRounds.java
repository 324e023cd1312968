package io.zdmosc.engine.lifecycle;

import io.zdmosc.engine.AfterAttempts;
import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.cutover.CutOverCoordinator;
import io.zdmosc.engine.cutover.CutOverResult;
import io.zdmosc.engine.error.CutOverNotReachedException;
import io.zdmosc.engine.window.Gate;
import java.time.Duration;
import java.util.function.BiConsumer;

/**
 * The cut-over, in as many rounds of attempts as it takes. Between two rounds the migration is
 * ready as it was before the first: the stream is followed, and nothing that was built is lost.
 */
final class CutOverRounds {
  private static final Duration LOOK_AGAIN = Duration.ofMillis(100);

  private final RunContext context;
  private final CutOverCoordinator coordinator;
  private final Steering steering;
  private final Gate window;
  private final BiConsumer<MigrationState, String> enter;

  /**
   * @param enter makes a state and its detail known
   */
  CutOverRounds(
      RunContext context,
      CutOverCoordinator coordinator,
      Steering steering,
      Gate window,
      BiConsumer<MigrationState, String> enter) {
    this.context = context;
    this.coordinator = coordinator;
    this.steering = steering;
    this.window = window;
    this.enter = enter;
  }

  /**
   * Returns when the new table serves.
   *
   * @throws CutOverNotReachedException when the migration is not to wait for another round
   */
  CutOverResult run() {
    while (true) {
      enter.accept(MigrationState.CUTTING_OVER, "");
      try {
        return coordinator.run(context.options().cutOverAttempts());
      } catch (CutOverNotReachedException e) {
        if (context.options().afterAttempts() == AfterAttempts.DISCARD) {
          throw e;
        }
        awaitAnother(e);
      }
    }
  }

  private void awaitAnother(CutOverNotReachedException reason) {
    long id = context.lease().migrationId();
    context.database().control().order(id, orders -> orders.withoutCutOver());
    steering.cutOverWaitsAgain();
    context
        .listener()
        .onNote(
            reason.getMessage()
                + " The migration stays ready and follows all changes. Next: zdm-osc cut-over --id "
                + id
                + " tries again, zdm-osc abort --id "
                + id
                + " removes it");
    enter.accept(MigrationState.READY, reason.getMessage());
    boolean closedMeanwhile = false;
    while (!steering.mayCutOver()
        && (steering.isPaused() || !(closedMeanwhile && window.isOpen()))) {
      closedMeanwhile |= !window.isOpen();
      context.control().sleep(LOOK_AGAIN);
    }
  }
}
