package io.zdmosc.engine.lifecycle;

import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.copy.ChunkSizer;
import io.zdmosc.engine.progress.PhaseMeter;
import io.zdmosc.engine.window.Gate;
import java.util.function.IntSupplier;

/** How long copy and verification will still take, by the speed that was measured. */
final class WorkForecast {
  private final ChunkSizer sizer;
  private final Gate work;
  private final IntSupplier threads;
  private volatile long verifyPace;

  /**
   * @param threads how many are wanted now
   */
  WorkForecast(ChunkSizer sizer, Gate work, IntSupplier threads) {
    this.sizer = sizer;
    this.work = work;
    this.threads = threads;
  }

  /** A phase begins: what was measured in another one does not hold. */
  void begin() {
    verifyPace = 0;
  }

  /**
   * Seconds of work for the rest of copy and verification, which is reckoned as fast as the copy
   * until it is measured. Index builds are not in it. -1 while it is not known.
   */
  long seconds(MigrationState state, PhaseMeter present) {
    long left = present.total() - present.done();
    return switch (state) {
      case COPYING -> seconds(left + present.total(), copyPace());
      case VERIFYING -> seconds(left, verifyPace(present));
      default -> -1;
    };
  }

  private static long seconds(long rows, long rowsPerSecond) {
    return rowsPerSecond == 0 ? -1 : rows / rowsPerSecond;
  }

  /** By the speed of recent chunks, which rests do not change. */
  private long copyPace() {
    long millis = sizer.p90Millis();
    return millis == 0 ? 0 : sizer.rows() * 1000 / millis * threads.getAsInt();
  }

  /** By what was measured inside a window. */
  private long verifyPace(PhaseMeter present) {
    if (work.isOpen()) {
      verifyPace = present.rowsPerSecond();
    }
    return verifyPace;
  }
}
