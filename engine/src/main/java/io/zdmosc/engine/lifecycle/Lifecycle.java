package io.zdmosc.engine.lifecycle;

import io.zdmosc.engine.ChangeRequest;
import io.zdmosc.engine.DryRun;
import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.RunOptions;
import io.zdmosc.engine.concurrent.RunControl;
import io.zdmosc.engine.cutover.Backoff;
import io.zdmosc.engine.durable.MigrationOrder;
import io.zdmosc.engine.durable.RecordText;
import io.zdmosc.engine.durable.Recorded;
import io.zdmosc.engine.error.AbortedException;
import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.engine.error.SuspendedException;
import io.zdmosc.engine.hook.Hooks;
import io.zdmosc.engine.plan.Plan;
import io.zdmosc.engine.progress.MigrationListener;
import io.zdmosc.engine.progress.Summary;
import io.zdmosc.engine.spi.ControlStore;
import io.zdmosc.engine.spi.Database;
import io.zdmosc.engine.spi.PlannedChange;
import io.zdmosc.engine.throttle.Limit;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;

/**
 * A migration from plan to end, over as many tries as it takes.
 *
 * <p>A failure that passes, such as a lost connection, ends a try and not the migration: everything
 * is closed, and the next try goes on from the durable record, exactly as {@link #resume} does in
 * another process. So there is one way to go on, whatever has happened.
 */
public final class Lifecycle {
  private static final Duration FIRST_WAIT = Duration.ofMillis(300);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

  /** A try that lasts longer has got somewhere: the time for retries begins anew after it. */
  private static final Duration PROGRESS = Duration.ofMinutes(1);

  private final Database database;
  private final MigrationListener listener;
  private final RunControl control;
  private final long begin = System.nanoTime();
  private boolean endWhenRefused;
  private final Backoff backoff =
      new Backoff(FIRST_WAIT, LONGEST_WAIT, RandomGenerator.of("L64X128MixRandom"));

  public Lifecycle(Database database, MigrationListener listener, RunControl control) {
    this.database = database;
    this.listener = listener;
    this.control = control;
  }

  /**
   * Begins a migration and carries it to its end.
   *
   * @param scheduleEntry for which it is done
   */
  public Summary run(ChangeRequest request, RunOptions options, OptionalLong scheduleEntry) {
    PlannedChange planned = database.plan(request);
    listener.onPlan(planned.plan());
    if (request.hold()) {
      requireWayBack(planned.plan());
    }
    Hooks.check(options.hooks());
    checkSignals(options);
    MigrationOrder order = new MigrationOrder(request, options, planned.plan());
    boolean dryRun = options.dryRun() != DryRun.NONE;
    ControlStore.Lease lease =
        database.control().register(planned.plan(), RecordText.write(order), dryRun, scheduleEntry);
    listener.onState(MigrationState.PLANNED, "");
    return drive(lease, "", order, Optional.of(planned));
  }

  /**
   * Plans a migration that is to run later, and asks for what it is to give way to. Hooks are left
   * out: they are on the machine on which it will run.
   */
  public Plan check(ChangeRequest request, RunOptions options) {
    Plan plan = database.plan(request).plan();
    if (request.hold()) {
      requireWayBack(plan);
    }
    checkSignals(options);
    return plan;
  }

  /** What the migration is to give way to must be there to be asked before anything is touched. */
  private void checkSignals(RunOptions options) {
    LoadSignals.check(
        database,
        options.throttling(),
        options.throttling()::limits,
        () -> options.throttling().limits().replicaLag().orElse(Limit.of(1)));
  }

  private static void requireWayBack(Plan plan) {
    Plan.WayBack way =
        plan.wayBack()
            .orElseThrow(
                () ->
                    RefusedException.of(
                        "--hold",
                        "is not there yet for this kind of database",
                        "Leave it out: the retired table stays, but is not kept in step."));
    if (!way.isOpen()) {
      throw new RefusedException(way.missing());
    }
  }

  /**
   * Rolls back a migration whose new table serves and whose process has ended.
   *
   * @throws io.zdmosc.engine.error.ZdmException also when the rollback is refused; the new table
   *     then serves on
   */
  public Summary rollBack(long migrationId) {
    endWhenRefused = true;
    return resume(migrationId, false);
  }

  private void requireHeldIfAsked(MigrationOrder order, long id) {
    if (endWhenRefused && !order.request().hold()) {
      throw RefusedException.of(
          "migration " + id,
          "was run without --hold: its old table is not kept in step",
          "zdm-osc resume --id " + id + " finishes it.");
    }
  }

  /** Goes on with a migration whose process has ended, and carries it to its end. */
  public Summary resume(long migrationId, boolean takeOver) {
    ControlStore.Lease lease = database.control().resume(migrationId, takeOver);
    MigrationOrder order;
    try {
      order = Recorded.read(lease.migrationId(), lease.order(), MigrationOrder.class);
      requireHeldIfAsked(order, lease.migrationId());
      record(lease, "resumed");
    } catch (RuntimeException e) {
      lease.close();
      throw e;
    }
    listener.onPlan(order.plan());
    listener.onState(lease.state(), "resumed");
    return drive(lease, "resumed", order, Optional.empty());
  }

  /** Carries it to its end, which its hooks hear of. */
  private Summary drive(
      ControlStore.Lease lease,
      String detail,
      MigrationOrder order,
      Optional<PlannedChange> planned) {
    Hooks hooks =
        new Hooks(
            order.options().hooks(),
            listener,
            control,
            lease.migrationId(),
            order.plan(),
            database.describe());
    try {
      hooks.state(lease.state(), detail);
      Summary summary = drive(lease, order, planned, hooks);
      hooks.success(summary);
      return summary;
    } catch (SuspendedException e) {
      throw e; // it has not ended
    } catch (RuntimeException e) {
      hooks.failure(e);
      throw e;
    }
  }

  /** The last state is written when everything is done, not before. */
  private static void record(ControlStore.Lease lease, String words) {
    if (!lease.state().isTerminal()) {
      lease.transition(lease.state(), words);
    }
  }

  private Summary drive(
      ControlStore.Lease first,
      MigrationOrder order,
      Optional<PlannedChange> planned,
      Hooks hooks) {
    ControlStore.Lease lease = first;
    Optional<PlannedChange> fresh = planned;
    Retries retries = new Retries(order.options().retryTime());
    try {
      while (true) {
        retries.begin();
        try {
          return new Try(database, listener, hooks, control, begin, endWhenRefused)
              .run(lease, order, fresh);
        } catch (MigrationFailedException e) {
          if (!isWorthAnother(e, order)) {
            throw e;
          }
          lease.close();
          lease = again(lease.migrationId(), e, retries);
          hooks.state(lease.state(), "going on after: " + e.getMessage());
          fresh = Optional.empty();
        }
      }
    } finally {
      lease.close();
    }
  }

  private boolean isWorthAnother(MigrationFailedException failure, MigrationOrder order) {
    return failure.isPassing() && order.options().goesOn() && !control.isStopped();
  }

  /** Takes the lease again as soon as the server lets us. */
  private ControlStore.Lease again(long id, MigrationFailedException cause, Retries retries) {
    MigrationFailedException failure = cause;
    control.reset();
    listener.onNote(failure.getMessage() + "; trying to go on");
    while (true) {
      Optional<Duration> wait = retries.next();
      if (wait.isEmpty()) {
        throw given(id, failure);
      }
      try {
        control.sleep(wait.get());
        ControlStore.Lease lease = database.control().resume(id, false);
        record(lease, "going on after: " + cause.getMessage());
        listener.onState(lease.state(), "going on");
        return lease;
      } catch (MigrationFailedException e) {
        if (!e.isPassing()) {
          throw e;
        }
        failure = e;
      } catch (RunControl.StopRequested e) {
        throw control.isSuspended()
            ? new SuspendedException(id, failure)
            : new AbortedException(
                "The migration was stopped while it waited to go on.", kept(), next(id), failure);
      }
    }
  }

  private static MigrationFailedException given(long id, MigrationFailedException failure) {
    return MigrationFailedException.passing(failure.getMessage(), kept(), next(id), failure);
  }

  private static String kept() {
    return "The source table is untouched, or the new one serves. The migration is kept, and can go"
        + " on where it stopped; until then the server keeps its log.";
  }

  private static String next(long id) {
    return "When the server is back: zdm-osc resume --id " + id + ", or zdm-osc cleanup";
  }

  /** When to try again, and for how long. */
  private final class Retries {
    private final Duration limit;
    private long tryBegan;
    private long since;
    private int failures;

    private Retries(Duration limit) {
      this.limit = limit;
    }

    private void begin() {
      tryBegan = System.nanoTime();
    }

    /** How long to wait before the next one; empty when it is enough. */
    private Optional<Duration> next() {
      long now = System.nanoTime();
      if (failures == 0 || tryBegan > since && now - tryBegan > PROGRESS.toNanos()) {
        failures = 0;
        since = now;
      }
      failures++;
      tryBegan = since;
      return now - since < limit.toNanos()
          ? Optional.of(backoff.after(failures))
          : Optional.empty();
    }
  }
}
