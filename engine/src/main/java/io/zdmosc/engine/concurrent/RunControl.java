package io.zdmosc.engine.concurrent;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Tells all threads of one run to stop: because the operator wants it, or because one of them
 * failed. Thread-safe; the first failure is kept, later ones are suppressed in it.
 */
public final class RunControl {
  /** Of the SQL standard's kin: query_canceled of PostgreSQL, and what MySQL and MariaDB say. */
  private static final Set<String> CANCELLED = Set.of("57014", "70100");

  private boolean aborted;
  private boolean suspended;
  private RuntimeException failure;
  private Runnable onStop = () -> {};

  /** Sets what is called, once, when the run is told to stop. */
  public synchronized void onStop(Runnable action) {
    onStop = action;
  }

  /** The operator wants the run to end, and what it has built to be removed. */
  public void abort() {
    stop(false);
  }

  /** The process is to end, and another one will go on: everything stays as it is. */
  public void suspend() {
    stop(true);
  }

  private void stop(boolean keep) {
    Runnable action;
    synchronized (this) {
      if (keep ? suspended : aborted) {
        return;
      }
      if (keep) {
        suspended = true;
      } else {
        aborted = true;
      }
      action = onStop;
      notifyAll();
    }
    action.run();
  }

  /** A thread has ended with this, whatever it is: an Error ends the run as a failure does. */
  public void died(Throwable thrown) {
    fail(ThreadFailure.of(thrown));
  }

  /** A thread failed. */
  public void fail(RuntimeException cause) {
    Runnable action = () -> {};
    synchronized (this) {
      if (cause instanceof StopRequested) {
        return;
      }
      if (failure == null) {
        failure = cause;
        action = onStop;
      } else if (failure != cause) {
        failure.addSuppressed(cause);
      }
      notifyAll();
    }
    action.run();
  }

  /** Forgets a failure that has been dealt with; no thread of the failed run may be left. */
  public synchronized void reset() {
    failure = null;
    onStop = () -> {};
  }

  /** What a thread failed with first; empty when none has. */
  public synchronized Optional<RuntimeException> failure() {
    return Optional.ofNullable(failure);
  }

  /**
   * What a failure comes from: a statement is cancelled when another thread has failed, and then
   * that thread's failure is the one to judge.
   */
  public RuntimeException causeOf(RuntimeException thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql && CANCELLED.contains(sql.getSQLState())) {
        return failure().orElse(thrown);
      }
    }
    return thrown;
  }

  /** True when the run is told to stop, whatever becomes of what it has built. */
  public synchronized boolean isStopped() {
    return aborted || suspended;
  }

  /** True when everything is to stay as it is. */
  public synchronized boolean isSuspended() {
    return suspended;
  }

  /** Throws when the run is to stop. Every loop calls this. */
  public synchronized void check() {
    if (aborted || suspended) {
      throw new StopRequested();
    }
    if (failure != null) {
      throw failure;
    }
  }

  /** Sleeps; wakes and throws at once when the run is to stop. */
  public synchronized void sleep(Duration duration) {
    long until = System.nanoTime() + duration.toNanos();
    check();
    for (long left = until - System.nanoTime(); left > 0; left = until - System.nanoTime()) {
      try {
        wait(left / 1_000_000, (int) (left % 1_000_000));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new StopRequested();
      }
      check();
    }
  }

  /**
   * Waits until a condition holds, looking every few milliseconds.
   *
   * @return false when it did not hold in time
   */
  public boolean await(BooleanSupplier condition, Duration timeout) {
    long until = System.nanoTime() + timeout.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - until > 0) {
        return false;
      }
      sleep(Duration.ofMillis(1));
    }
    return true;
  }

  /** The run was told to stop by its operator. */
  public static final class StopRequested extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StopRequested() {
      super("the run was told to stop");
    }
  }
}
