package io.zdmosc.engine.lifecycle;

import io.zdmosc.engine.ChangeRequest;
import io.zdmosc.engine.DryRun;
import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.Retire;
import io.zdmosc.engine.RunOptions;
import io.zdmosc.engine.concurrent.RunControl;
import io.zdmosc.engine.cutover.CutOverResult;
import io.zdmosc.engine.error.AbortedException;
import io.zdmosc.engine.error.LeftBehindException;
import io.zdmosc.engine.error.ZdmException;
import io.zdmosc.engine.plan.Plan;
import io.zdmosc.engine.progress.MigrationListener;
import io.zdmosc.engine.progress.Summary;
import io.zdmosc.engine.spi.ControlStore;
import io.zdmosc.engine.spi.Database;
import io.zdmosc.engine.spi.PlannedChange;
import io.zdmosc.engine.spi.PreparedChange;
import java.util.Arrays;
import java.util.List;

/** A migration from plan to end, with a clean way out of every phase. */
public final class Lifecycle {
  private final Database database;
  private final RunOptions options;
  private final MigrationListener listener;
  private final RunControl control;
  private final long begin = System.nanoTime();

  public Lifecycle(
      Database database, RunOptions options, MigrationListener listener, RunControl control) {
    this.database = database;
    this.options = options;
    this.listener = listener;
    this.control = control;
  }

  public Summary run(ChangeRequest request) {
    PlannedChange planned = database.plan(request);
    Plan plan = planned.plan();
    listener.onPlan(plan);
    boolean dryRun = options.dryRun() != DryRun.NONE;
    try (ControlStore.Lease lease = database.control().register(plan, dryRun)) {
      listener.onState(MigrationState.PLANNED, "");
      return drive(planned, lease);
    }
  }

  private Summary drive(PlannedChange planned, ControlStore.Lease lease) {
    boolean streaming = options.dryRun() != DryRun.SAMPLE;
    PreparedChange change;
    control.onStop(database::interrupt);
    try {
      control.check();
      change = planned.prepare(lease.migrationId(), streaming, listener::onNote);
    } catch (RuntimeException e) {
      throw ended(e, lease, leftBehind(e));
    }
    try (change) {
      RunContext context =
          new RunContext(planned.plan(), change, options, listener, control, lease);
      LiveRun.Outcome outcome;
      try {
        context.enter(MigrationState.PREPARED, "");
        outcome = streaming ? live(context) : sample(context);
      } catch (RuntimeException e) {
        database.interrupt(); // nothing that still runs may hold what is to be removed
        throw ended(e, lease, change.discard());
      } finally {
        control.onStop(() -> {});
      }
      return options.dryRun() == DryRun.NONE
          ? swapped(context, outcome)
          : dryRunDone(context, outcome);
    }
  }

  private static LiveRun.Outcome live(RunContext context) {
    try (LiveRun run = new LiveRun(context)) {
      return run.run();
    }
  }

  private LiveRun.Outcome sample(RunContext context) {
    var estimate = new SampleRun(context).run();
    listener.onEstimate(estimate);
    return new LiveRun.Outcome(
        estimate.sampleRows(), 0, estimate.sampleRows(), 0, new CutOverResult(0, 0));
  }

  private Summary swapped(RunContext context, LiveRun.Outcome outcome) {
    listener.onState(MigrationState.SWAPPED, "");
    List<String> notes = context.change().finish(options.retire());
    boolean dropped = options.retire() == Retire.DROP && notes.isEmpty();
    context.lease().transition(MigrationState.CONTRACTED, String.join("; ", notes));
    MigrationState end = dropped ? MigrationState.CONTRACTED : MigrationState.SWAPPED;
    return summary(context, outcome, end, dropped, notes);
  }

  private Summary dryRunDone(RunContext context, LiveRun.Outcome outcome) {
    List<String> left = context.change().discard();
    context.lease().transition(MigrationState.ABORTED, "dry run");
    // how far it got: the real run would have gone on from there
    MigrationState reached =
        options.dryRun() == DryRun.FULL ? MigrationState.READY : MigrationState.PREPARED;
    return summary(context, outcome, reached, true, left);
  }

  private Summary summary(
      RunContext context,
      LiveRun.Outcome outcome,
      MigrationState state,
      boolean noRetiredTable,
      List<String> notes) {
    return new Summary(
        context.lease().migrationId(),
        state,
        options.dryRun(),
        outcome.rowsCopied(),
        outcome.changesApplied(),
        outcome.verifiedRows(),
        outcome.divergentRows(),
        outcome.cutOver().longestStallMillis(),
        outcome.cutOver().attempts(),
        (System.nanoTime() - begin) / 1e9,
        context.plan().finalTable(),
        noRetiredTable ? "" : context.change().retiredTable(),
        notes);
  }

  /** What a failed preparation could not remove again. */
  private static List<String> leftBehind(RuntimeException failure) {
    return Arrays.stream(failure.getSuppressed())
        .filter(LeftBehindException.class::isInstance)
        .map(Throwable::getMessage)
        .toList();
  }

  /**
   * Records the end of a migration that failed and says what is left. Whatever fails once the
   * operator has asked for a stop fails because of that: statements are cancelled then.
   */
  private RuntimeException ended(
      RuntimeException cause, ControlStore.Lease lease, List<String> left) {
    RuntimeException failure = cause;
    if (control.isAborted() || cause instanceof RunControl.StopRequested) {
      failure =
          new AbortedException(
              "The migration was stopped.",
              left.isEmpty()
                  ? "Nothing is left behind; the source table is untouched."
                  : "The source table is untouched. Left behind: " + String.join("; ", left),
              left.isEmpty() ? "" : "zdm-osc cleanup",
              cause);
    } else if (!left.isEmpty()) {
      failure.addSuppressed(new LeftBehindException(left));
    }
    try {
      String words = failure instanceof ZdmException zdm ? zdm.getMessage() : failure.toString();
      lease.transition(left.isEmpty() ? MigrationState.ABORTED : MigrationState.PREPARED, words);
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
    return failure;
  }
}
