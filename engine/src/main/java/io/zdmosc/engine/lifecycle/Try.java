package io.zdmosc.engine.lifecycle;

import io.zdmosc.engine.DryRun;
import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.Retire;
import io.zdmosc.engine.RunOptions;
import io.zdmosc.engine.concurrent.RunControl;
import io.zdmosc.engine.concurrent.ThreadFailure;
import io.zdmosc.engine.cutover.CutOverResult;
import io.zdmosc.engine.durable.MigrationOrder;
import io.zdmosc.engine.error.AbortedException;
import io.zdmosc.engine.error.LeaseLostException;
import io.zdmosc.engine.error.LeftBehindException;
import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.engine.error.SuspendedException;
import io.zdmosc.engine.error.ZdmException;
import io.zdmosc.engine.hook.HookListener;
import io.zdmosc.engine.hook.Hooks;
import io.zdmosc.engine.plan.Plan;
import io.zdmosc.engine.progress.MigrationListener;
import io.zdmosc.engine.progress.Summary;
import io.zdmosc.engine.spi.ControlStore;
import io.zdmosc.engine.spi.Database;
import io.zdmosc.engine.spi.PlannedChange;
import io.zdmosc.engine.spi.PreparedChange;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** One try to carry a migration to its end, with a clean way out of every phase. */
final class Try {
  private final Database database;
  private final MigrationListener listener;
  private final Hooks hooks;
  private final RunControl control;
  private final long begin;
  private final boolean endWhenRefused;

  /**
   * @param begin by {@link System#nanoTime}
   * @param endWhenRefused whether a rollback that is refused ends the process
   */
  Try(
      Database database,
      MigrationListener listener,
      Hooks hooks,
      RunControl control,
      long begin,
      boolean endWhenRefused) {
    this.database = database;
    this.listener = new HookListener(listener, hooks);
    this.hooks = hooks;
    this.control = control;
    this.begin = begin;
    this.endWhenRefused = endWhenRefused;
  }

  /**
   * Runs it.
   *
   * @param planned the change, where nothing has been done for it yet
   * @throws MigrationFailedException one that passes leaves everything as it is, for the next try
   */
  Summary run(ControlStore.Lease lease, MigrationOrder order, Optional<PlannedChange> planned) {
    control.onStop(database::interrupt);
    try (Opened opened = open(lease, order, planned)) {
      RunContext context =
          new RunContext(
              database,
              opened.plan(),
              opened.change(),
              order.options(),
              listener,
              hooks,
              control,
              lease);
      return run(context, opened.fresh());
    } finally {
      control.onStop(() -> {});
    }
  }

  /** A prepared change; a fresh one has just been made. */
  private record Opened(Plan plan, PreparedChange change, boolean fresh) implements AutoCloseable {
    @Override
    public void close() {
      change.close();
    }
  }

  private Opened open(
      ControlStore.Lease lease, MigrationOrder order, Optional<PlannedChange> planned) {
    try {
      control.check();
      Optional<PreparedChange> known =
          planned.isPresent() ? Optional.empty() : database.reopen(lease);
      if (known.isPresent()) {
        return new Opened(order.plan(), known.get(), false);
      }
      PlannedChange change = planned.orElseGet(() -> database.plan(order.request()));
      boolean streaming = order.options().dryRun() != DryRun.SAMPLE;
      return new Opened(change.plan(), change.prepare(lease, streaming, listener::onNote), true);
    } catch (RuntimeException | Error e) {
      RuntimeException failure = ThreadFailure.of(e);
      if (isToBeKept(failure, order.options())) {
        throw kept(failure, lease);
      }
      throw ended(failure, lease, leftBehind(failure));
    }
  }

  private Summary run(RunContext context, boolean fresh) {
    RunOutcome outcome;
    if (!fresh && isBeyondTheSwap(context.change())) {
      return swapped(context, RunOutcome.unknown(context.change()));
    }
    try {
      if (fresh) {
        context.enter(MigrationState.PREPARED, "");
      }
      outcome = context.options().dryRun() == DryRun.SAMPLE ? sample(context) : live(context);
    } catch (RuntimeException | Error e) {
      RuntimeException cause = control.causeOf(ThreadFailure.of(e));
      database.interrupt(); // nothing that still runs may hold what is to be removed
      if (isToBeKept(cause, context.options())) {
        throw kept(cause, context.lease());
      }
      throw ended(cause, context.lease(), context.change().discard());
    } finally {
      control.onStop(() -> {});
    }
    return context.options().dryRun() == DryRun.NONE
        ? swapped(context, outcome)
        : dryRunDone(context, outcome);
  }

  /** Whether everything stays, for another try or because it belongs to somebody else by now. */
  private boolean isToBeKept(RuntimeException failure, RunOptions options) {
    return failure instanceof LeaseLostException
        || control.isSuspended() && options.dryRun() == DryRun.NONE
        || failure instanceof MigrationFailedException failed
            && failed.isPassing()
            && options.goesOn()
            && !control.isStopped();
  }

  /** Whatever fails once the process is told to end fails because of that. */
  private RuntimeException kept(RuntimeException failure, ControlStore.Lease lease) {
    return control.isSuspended() && !(failure instanceof LeaseLostException)
        ? new SuspendedException(lease.migrationId(), failure)
        : failure;
  }

  private static RunOutcome live(RunContext context) {
    try (LiveRun run = new LiveRun(context)) {
      return run.run();
    }
  }

  private RunOutcome sample(RunContext context) {
    var estimate = new SampleRun(context).run();
    listener.onEstimate(estimate);
    return new RunOutcome(
        estimate.sampleRows(), 0, estimate.sampleRows(), 0, new CutOverResult(0, 0));
  }

  /** The tables were swapped, and perhaps swapped back. */
  private static boolean isBeyondTheSwap(PreparedChange change) {
    return change.isSwapped() || change.wayBack().map(PreparedChange::isSwapped).orElse(false);
  }

  private Summary swapped(RunContext context, RunOutcome outcome) {
    Optional<PreparedChange> back = context.change().wayBack();
    if (back.isPresent()) {
      control.onStop(database::interrupt);
      return new HeldPair(context, back.get(), database.control(), endWhenRefused)
          .run(outcome)
          .summary(context, (System.nanoTime() - begin) / 1e9);
    }
    listener.onState(MigrationState.SWAPPED, "");
    List<String> notes = context.change().finish(context.options().retire());
    boolean dropped = context.options().retire() == Retire.DROP && notes.isEmpty();
    context.lease().transition(MigrationState.CONTRACTED, String.join("; ", notes));
    MigrationState end = dropped ? MigrationState.CONTRACTED : MigrationState.SWAPPED;
    return summary(context, outcome, end, dropped, notes);
  }

  private Summary dryRunDone(RunContext context, RunOutcome outcome) {
    List<String> left = context.change().discard();
    context.lease().transition(MigrationState.ABORTED, "dry run");
    // how far it got: the real run would have gone on from there
    MigrationState reached =
        context.options().dryRun() == DryRun.FULL ? MigrationState.READY : MigrationState.PREPARED;
    return summary(context, outcome, reached, true, left);
  }

  private Summary summary(
      RunContext context,
      RunOutcome outcome,
      MigrationState state,
      boolean noRetiredTable,
      List<String> notes) {
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
    if (control.isStopped() || cause instanceof RunControl.StopRequested) {
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
