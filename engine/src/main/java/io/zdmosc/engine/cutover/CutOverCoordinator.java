package io.zdmosc.engine.cutover;

import io.zdmosc.engine.concurrent.RunControl;
import io.zdmosc.engine.error.CutOverNotReachedException;
import io.zdmosc.engine.lifecycle.LiveStream;
import io.zdmosc.engine.progress.MigrationListener;
import io.zdmosc.engine.spi.CutOver;
import io.zdmosc.engine.spi.FlushResult;
import io.zdmosc.engine.spi.LockTimeoutException;
import io.zdmosc.engine.spi.PreparedChange;
import io.zdmosc.engine.stream.FlushLoop;
import io.zdmosc.engine.stream.StreamFollower;
import io.zdmosc.engine.window.Gate;
import java.time.Duration;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tries the cut-over until it succeeds or its attempts are used up.
 *
 * <p>Guarantees: the application waits for no attempt longer than the budget and the time that the
 * server takes to hand a released lock on; a failed attempt leaves everything as it was, the change
 * stream included; the swap is committed only after every change that committed before the lock has
 * been flushed.
 */
public final class CutOverCoordinator {
  private static final Logger LOG = LoggerFactory.getLogger(CutOverCoordinator.class);

  private static final Duration APPROACH = Duration.ofSeconds(5);
  private static final Duration OPENING = Duration.ofSeconds(20);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(15);

  private final PreparedChange change;
  private final LiveStream live;
  private final RunControl control;
  private final MigrationListener listener;
  private final Duration budget;
  private final Backoff backoff;
  private final Gate gate;
  private final IntFunction<String> veto;
  private double longestStallMillis;
  private int made;

  /**
   * @param veto why an attempt may not be made, by its number; empty when it may
   */
  public CutOverCoordinator(
      PreparedChange change,
      LiveStream live,
      RunControl control,
      MigrationListener listener,
      Duration budget,
      Backoff backoff,
      Gate gate,
      IntFunction<String> veto) {
    this.change = change;
    this.live = live;
    this.control = control;
    this.listener = listener;
    this.budget = budget;
    this.backoff = backoff;
    this.gate = gate;
    this.veto = veto;
  }

  /**
   * Swaps the tables. May be called again when it was not reached; attempts are counted on.
   *
   * @throws CutOverNotReachedException when no attempt succeeded
   */
  public CutOverResult run(int attempts) {
    String reason = "";
    for (int attempt = 1; attempt <= attempts; attempt++) {
      gate.await(control);
      made++;
      reason = veto.apply(made);
      if (reason.isEmpty()) {
        reason = attempt();
      }
      if (reason.isEmpty()) {
        return new CutOverResult(made, longestStallMillis);
      }
      listener.onNote("cut-over attempt " + attempt + " of " + attempts + " gave up: " + reason);
      if (attempt < attempts) {
        control.sleep(backoff.after(attempt));
      }
    }
    throw new CutOverNotReachedException(
        "The cut-over was not reached in " + attempts + " attempts; the last one: " + reason + ".",
        "The source table is as the application left it.",
        "Run it again at a quieter time, with a larger --cut-over-budget or more"
            + " --cut-over-attempts; or without --after-attempts discard, so that it waits.");
  }

  /** One attempt; the reason why it gave up, or empty when the new table serves. */
  private String attempt() {
    try (CutOver cutOver = change.openCutOver()) {
      live.catchUp();
      cutOver.approach(APPROACH);
      String closed = awaitOpening(cutOver);
      return closed.isEmpty() ? swapWithin(cutOver) : closed;
    } catch (LockTimeoutException e) {
      return e.getMessage();
    }
  }

  /**
   * Waits for a moment without anybody in the way and with the stream close behind. On a busy table
   * such moments are short, so it looks often, and looks again when it has found one.
   */
  private String awaitOpening(CutOver cutOver) {
    long until = System.nanoTime() + OPENING.toNanos();
    String reason = "";
    while (reason.isEmpty() || System.nanoTime() - until < 0) {
      reason = firstObstacle(cutOver);
      if (reason.isEmpty()) {
        reason = isStreamClose() ? firstObstacle(cutOver) : "the change stream is too far behind";
        if (reason.isEmpty()) {
          return "";
        }
      } else {
        control.sleep(LOOK_AGAIN);
      }
    }
    return reason;
  }

  private static String firstObstacle(CutOver cutOver) {
    return cutOver.obstacles().stream().findFirst().orElse("");
  }

  /** True when a fence comes out, and all before it is flushed, within a part of the budget. */
  private boolean isStreamClose() {
    try (StreamFollower.Fence probe = live.follower().fence()) {
      return control.await(probe::isFlushed, budget.dividedBy(8));
    }
  }

  private String swapWithin(CutOver cutOver) {
    live.flushLoop().pause();
    FlushLoop.Remainder remainder = null;
    FlushResult flushed = null;
    boolean released = false;
    boolean undone = false;
    long asked = System.nanoTime();
    Laps laps = new Laps(asked);
    try (Stall stall = new Stall(asked)) {
      try {
        cutOver.lock(lockTimeout(), budget);
        laps.lap("lock");
        try (StreamFollower.Fence fence = live.follower().fence()) {
          if (!control.await(fence::isOut, left(asked, 0.7))) {
            return "the fence did not come out of the change stream within the budget";
          }
        }
        laps.lap("drain");
        remainder = live.flushLoop().takeRemainder();
        flushed = cutOver.flush(remainder.keys());
        failOnConflicts(flushed);
        laps.lap("flush of " + remainder.keys().size() + " keys");
        if (left(asked, 0.8).isZero()) {
          return "the final flush took longer than the budget";
        }
        cutOver.swap(left(asked, 0.9));
        laps.lap("swap");
        if (left(asked, 1.0).isZero()) {
          return "the swap took longer than the budget";
        }
        cutOver.commit();
        released = true;
        laps.lap("commit");
      } finally {
        // the lock goes first: nothing else is done while the application waits
        if (!released) {
          cutOver.close();
          undone = true;
        }
      }
    } finally {
      if (remainder != null) {
        if (released) {
          remainder.flushed(flushed);
        } else {
          remainder.notFlushed();
        }
      }
      if (undone) { // else the shadow may not be as the flush needs it
        live.flushLoop().resume();
      }
    }
    LOG.info("cut-over, in ms: {}", laps);
    return "";
  }

  private void failOnConflicts(FlushResult flushed) {
    if (!flushed.conflicts().isEmpty()) {
      throw live.conflictFailure(
          flushed.conflicts().size(),
          flushed.conflicts().stream()
              .limit(10)
              .map(conflict -> "key " + conflict.key() + ": " + conflict.reason())
              .collect(Collectors.joining("\n  ")));
    }
  }

  private Duration lockTimeout() {
    return Duration.ofMillis(Math.max(20, Math.min(150, budget.toMillis() / 4)));
  }

  /** What is left of this part of the budget. */
  private Duration left(long asked, double part) {
    long nanos = Math.round(budget.toNanos() * part) - (System.nanoTime() - asked);
    return Duration.ofNanos(Math.max(0, nanos));
  }

  /** Measures how long the application was held. */
  private final class Stall implements AutoCloseable {
    private final long begin;

    private Stall(long begin) {
      this.begin = begin;
    }

    @Override
    public void close() {
      longestStallMillis = Math.max(longestStallMillis, (System.nanoTime() - begin) / 1e6);
    }
  }
}
