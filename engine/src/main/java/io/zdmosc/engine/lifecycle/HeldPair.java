package io.zdmosc.engine.lifecycle;

import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.Retire;
import io.zdmosc.engine.concurrent.RunControl;
import io.zdmosc.engine.concurrent.ThreadFailure;
import io.zdmosc.engine.error.AbortedException;
import io.zdmosc.engine.error.LeaseLostException;
import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.engine.error.SuspendedException;
import io.zdmosc.engine.error.ZdmException;
import io.zdmosc.engine.progress.Summary;
import io.zdmosc.engine.spi.ControlStore;
import io.zdmosc.engine.spi.Orders;
import io.zdmosc.engine.spi.PreparedChange;
import java.util.List;
import java.util.Optional;

/**
 * A migration whose new table serves and whose retired table is kept in step, up to its end.
 * Nothing of it is ever thrown away by a failure: whatever happens, it can be followed on.
 */
final class HeldPair {
  private static final String LOST =
      "The new table serves. There is no way back any more: what was written to it since cannot be"
          + " carried over to the retired table, which stays as it is until it is dropped.";

  private final RunContext context;
  private final PreparedChange back;
  private final ControlStore store;
  private final boolean endWhenRefused;

  /**
   * @param context with the change as it was made
   * @param back its way back
   * @param endWhenRefused whether a rollback that is refused ends the process
   */
  HeldPair(RunContext context, PreparedChange back, ControlStore store, boolean endWhenRefused) {
    this.context = context;
    this.back = back;
    this.store = store;
    this.endWhenRefused = endWhenRefused;
  }

  /**
   * How the pair ended.
   *
   * @param outcome what was done in both directions
   * @param table that serves
   * @param otherTable the one that does not, or empty when it is gone
   */
  record End(
      MigrationState state,
      RunOutcome outcome,
      String table,
      String otherTable,
      List<String> notes) {

    Summary summary(RunContext context, double seconds) {
      return new Summary(
          context.lease().migrationId(),
          state,
          context.options().dryRun(),
          outcome.rowsCopied(),
          outcome.changesApplied(),
          outcome.verifiedRows(),
          outcome.divergentRows(),
          outcome.cutOver().longestStallMillis(),
          outcome.cutOver().attempts(),
          seconds,
          table,
          otherTable,
          notes);
    }
  }

  /** Follows until it is told how to end, and ends it so. */
  End run(RunOutcome outcome) {
    try {
      if (back.isSwapped()) {
        return rolledBack(outcome);
      }
      if (context.lease().check().ending().equals(Optional.of(Orders.Ending.CONTRACT))) {
        return contracted(outcome); // nothing is to be followed for that
      }
      context.change().complete().forEach(context.listener()::onNote);
      FollowRun.End end = follow();
      RunOutcome whole = outcome.with(end);
      return end.ending().isRollback() ? rolledBack(whole) : contracted(whole);
    } catch (RuntimeException | Error e) {
      throw kept(ThreadFailure.of(e));
    }
  }

  private FollowRun.End follow() {
    try (FollowRun run = new FollowRun(context.on(back), store, endWhenRefused)) {
      return run.run();
    }
  }

  private End rolledBack(RunOutcome outcome) {
    context.listener().onState(MigrationState.ROLLED_BACK, "");
    Retire retire = context.lease().check().ending().map(Orders.Ending::retire).orElse(Retire.KEEP);
    List<String> notes = back.finish(retire);
    context.lease().transition(MigrationState.ROLLED_BACK, String.join("; ", notes));
    String other = retire == Retire.DROP && notes.isEmpty() ? "" : back.retiredTable();
    return new End(MigrationState.ROLLED_BACK, outcome, context.plan().table(), other, notes);
  }

  private End contracted(RunOutcome outcome) {
    List<String> notes = context.change().finish(Retire.DROP);
    context.lease().transition(MigrationState.CONTRACTED, String.join("; ", notes));
    String other = notes.isEmpty() ? "" : context.change().retiredTable();
    return new End(MigrationState.CONTRACTED, outcome, context.plan().finalTable(), other, notes);
  }

  /** The failure, with what holds for a pair that nobody drives any more. */
  private RuntimeException kept(RuntimeException thrown) {
    RuntimeException failure = context.control().causeOf(thrown);
    boolean passing = failure instanceof MigrationFailedException failed && failed.isPassing();
    if (failure instanceof LeaseLostException) {
      return failure;
    }
    if (context.control().isSuspended()) {
      return new SuspendedException(context.lease().migrationId(), state(), next(), thrown);
    }
    if (context.control().isStopped() || failure instanceof RunControl.StopRequested) {
      return new AbortedException("Following was stopped.", state(), next(), thrown);
    }
    if (passing && context.options().goesOn() || !(failure instanceof ZdmException)) {
      return failure;
    }
    if (failure instanceof MigrationFailedException failed && failed.hasLostChanges()) {
      return MigrationFailedException.changesLost(
          failure.getMessage(), LOST, contract() + " ends it.", failure);
    }
    return new MigrationFailedException(failure.getMessage(), state(), next(), failure);
  }

  private String state() {
    return "The new table serves, unless the rollback was done. The retired table can be followed"
        + " on; until then the server keeps the log for that.";
  }

  private String next() {
    String id = " --id " + context.lease().migrationId();
    return "zdm-osc follow"
        + id
        + " goes on (so does zdm-osc serve, if it was scheduled), zdm-osc rollback"
        + id
        + " swaps back, "
        + contract()
        + " ends it and gives the log free.";
  }

  private String contract() {
    return "zdm-osc contract --id " + context.lease().migrationId();
  }
}
