package io.zdmosc.cli.demo;

import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.plan.Estimate;
import io.zdmosc.engine.plan.Plan;
import io.zdmosc.engine.progress.MigrationListener;
import io.zdmosc.engine.progress.Progress;
import java.util.concurrent.TimeUnit;

/** Passes everything on, and remembers when the cut-over was. Thread-safe. */
final class CutOverWatch implements MigrationListener {
  private static final long AFTERMATH_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final MigrationListener next;
  private long beginNanos;
  private long endNanos;
  private boolean begun;
  private boolean ended;

  CutOverWatch(MigrationListener next) {
    this.next = next;
  }

  /** The longest statement of those that the cut-over may have held up. */
  synchronized long longestStatementNanos(Latencies latencies) {
    return begun && ended ? latencies.longestBetween(beginNanos, endNanos + AFTERMATH_NANOS) : 0;
  }

  @Override
  public void onState(MigrationState state, String detail) {
    synchronized (this) {
      if (state == MigrationState.CUTTING_OVER && !begun) {
        begun = true;
        beginNanos = System.nanoTime();
      } else if (state == MigrationState.SWAPPED) {
        ended = true;
        endNanos = System.nanoTime();
      }
    }
    next.onState(state, detail);
  }

  @Override
  public void onPlan(Plan plan) {
    next.onPlan(plan);
  }

  @Override
  public void onProgress(Progress progress) {
    next.onProgress(progress);
  }

  @Override
  public void onNote(String note) {
    next.onNote(note);
  }

  @Override
  public void onEstimate(Estimate estimate) {
    next.onEstimate(estimate);
  }
}
