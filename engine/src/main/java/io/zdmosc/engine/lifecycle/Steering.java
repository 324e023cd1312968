package io.zdmosc.engine.lifecycle;

import io.zdmosc.engine.RunOptions;
import io.zdmosc.engine.concurrent.RunControl;
import io.zdmosc.engine.progress.MigrationListener;
import io.zdmosc.engine.spi.Orders;
import io.zdmosc.engine.throttle.Limit;
import io.zdmosc.engine.throttle.Limits;
import io.zdmosc.engine.throttle.ThrottleSignal;
import java.time.Duration;

/** What the operator wants of a running migration at present. Thread-safe. */
final class Steering implements ThrottleSignal {
  private static final Duration LOOK_AGAIN = Duration.ofMillis(100);

  private final RunOptions options;
  private final MigrationListener listener;
  private final RunControl control;
  private volatile Orders orders = Orders.NONE;
  private volatile boolean cutOverWaits;

  Steering(RunOptions options, MigrationListener listener, RunControl control) {
    this.options = options;
    this.listener = listener;
    this.control = control;
    this.cutOverWaits = options.postponeCutOver();
  }

  /** Hears what is wanted now; called about once a second. */
  void hear(Orders present) {
    Orders before = orders;
    orders = present;
    if (present.abort()) {
      listener.onNote("abort was ordered");
      control.abort();
    } else if (present.pause() != before.pause()) {
      listener.onNote(present.pause() ? "paused by order" : "going on by order");
    }
  }

  int threads() {
    return orders.threads().orElse(options.threads());
  }

  Duration chunkTime() {
    return orders.chunkTime().orElse(options.chunkTime());
  }

  Duration maxLag() {
    return orders.maxLag().orElse(options.maxLag());
  }

  /** Of the throttle's signals; the replicas' is that of the change stream unless given. */
  Limits limits() {
    return orders.limits().or(options.throttling().limits());
  }

  Limit replicaLag() {
    return limits().replicaLag().orElseGet(() -> Limit.of(maxLag().toMillis()));
  }

  /** Returns when no pause is wanted. */
  void awaitGo() {
    while (orders.pause()) {
      control.sleep(LOOK_AGAIN);
    }
  }

  /** Returns when the cut-over may begin. */
  void awaitCutOver() {
    while (!mayCutOver()) {
      control.sleep(LOOK_AGAIN);
    }
  }

  boolean isPaused() {
    return orders.pause();
  }

  /** Whether neither a pause nor an order that is missing holds the cut-over back. */
  boolean mayCutOver() {
    return !orders.pause() && (!cutOverWaits || orders.cutOver());
  }

  /** From now on the cut-over waits for an order, which is not the one that it has had. */
  void cutOverWaitsAgain() {
    // Should the old order be heard once more, by a look that began before it was withdrawn, then
    // there is one round of attempts that nobody asked for.
    orders = orders.withoutCutOver();
    cutOverWaits = true;
  }

  /** For which order the cut-over waits, or empty. */
  String waitsForCutOver() {
    if (orders.pause()) {
      return reason();
    }
    return mayCutOver() ? "" : "for the order to cut over";
  }

  @Override
  public double pressure() {
    return orders.pause() ? 1 : 0;
  }

  @Override
  public String reason() {
    return "paused by order";
  }
}
