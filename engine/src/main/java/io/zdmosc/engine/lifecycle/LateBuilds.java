package io.zdmosc.engine.lifecycle;

import io.zdmosc.engine.concurrent.RunControl;
import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.engine.spi.BuildStep;
import io.zdmosc.engine.spi.UniqueConflictException;
import io.zdmosc.engine.window.Gate;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Builds what must be as fresh as can be when the tables are exchanged, right before an attempt at
 * that: before the first one, and before a later one when too much time has passed.
 */
final class LateBuilds {
  private static final Duration FRESH = Duration.ofMinutes(5);

  private final Supplier<List<BuildStep>> wanted;
  private final RunControl control;
  private final IntSupplier threads;
  private final Consumer<String> say;
  private final LongSupplier nanos;
  private final Set<String> built = new HashSet<>();
  private long begin;
  private long tookNanos;

  /**
   * @param wanted what is to be fresh, in the order to build it
   * @param say makes known what is being built; the empty text when it is done
   * @param nanos the clock
   */
  LateBuilds(
      Supplier<List<BuildStep>> wanted,
      RunControl control,
      IntSupplier threads,
      Consumer<String> say,
      LongSupplier nanos) {
    this.wanted = wanted;
    this.control = control;
    this.threads = threads;
    this.say = say;
    this.nanos = nanos;
  }

  /**
   * Returns when everything is fresh and the window is open. What took longer than the window was
   * open for is built once more in the next one; if that is too short again, it stays as it is.
   */
  void runWithin(Gate window) {
    run();
    if (!window.isOpen()) {
      window.await(control);
      run();
      window.await(control);
    }
  }

  /** Returns when everything is fresh. */
  void run() {
    List<BuildStep> steps = wanted.get();
    if (steps.isEmpty() || isFresh(steps)) {
      return;
    }
    built.clear();
    begin = nanos.getAsLong();
    for (BuildStep step : steps) {
      control.check();
      say.accept(step.describe());
      build(step);
      built.add(step.describe());
    }
    tookNanos = nanos.getAsLong() - begin;
    say.accept("");
  }

  /** What takes long must not be done over and over. */
  private boolean isFresh(List<BuildStep> steps) {
    return steps.stream().map(BuildStep::describe).allMatch(built::contains)
        && nanos.getAsLong() - begin < Math.max(FRESH.toNanos(), 3 * tookNanos);
  }

  private void build(BuildStep step) {
    try {
      step.run(threads.getAsInt());
    } catch (UniqueConflictException e) {
      throw new MigrationFailedException(
          "Could not build " + step.describe() + ": " + e.getMessage(),
          "The source table is untouched.",
          "Mend these rows, and run the migration again.",
          e);
    }
  }
}
