package io.zdmosc.engine.lifecycle;

import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.engine.spi.BuildStep;
import io.zdmosc.engine.spi.UniqueConflictException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

/**
 * Builds what must be as fresh as can be when the tables are exchanged, right before an attempt at
 * that: before the first one, and before a later one when too much time has passed.
 */
final class LateBuilds {
  private static final Duration FRESH = Duration.ofMinutes(5);

  private final RunContext context;
  private final IntSupplier threads;
  private final Consumer<String> say;
  private final Set<String> built = new HashSet<>();
  private long begin;
  private long tookNanos;

  /**
   * @param say makes known what is being built; the empty text when it is done
   */
  LateBuilds(RunContext context, IntSupplier threads, Consumer<String> say) {
    this.context = context;
    this.threads = threads;
    this.say = say;
  }

  /** Returns when everything is fresh. */
  void run() {
    List<BuildStep> steps = context.change().lateBuilds(context.options().indexMemoryBytes());
    if (steps.isEmpty() || isFresh(steps)) {
      return;
    }
    built.clear();
    begin = System.nanoTime();
    for (BuildStep step : steps) {
      context.control().check();
      say.accept(step.describe());
      build(step);
      built.add(step.describe());
    }
    tookNanos = System.nanoTime() - begin;
    say.accept("");
  }

  /** What takes long must not be done over and over. */
  private boolean isFresh(List<BuildStep> steps) {
    return steps.stream().map(BuildStep::describe).allMatch(built::contains)
        && System.nanoTime() - begin < Math.max(FRESH.toNanos(), 3 * tookNanos);
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
