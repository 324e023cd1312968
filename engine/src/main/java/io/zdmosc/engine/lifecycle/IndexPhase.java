package io.zdmosc.engine.lifecycle;

import io.zdmosc.engine.concurrent.Workers;
import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.engine.spi.BuildStep;
import io.zdmosc.engine.spi.UniqueConflictException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/**
 * Builds indexes and constraints on the copied shadow table.
 *
 * <p>Chunks are read at different moments, so the shadow can hold value combinations that never
 * existed together; a unique index may then fail although the source has no duplicates. So a build
 * that meets duplicates is tried again after the stream has caught up, and only duplicates that
 * survive that are real.
 */
final class IndexPhase {
  private static final int TRIES = 5;

  private final RunContext context;
  private final LiveStream live;

  IndexPhase(RunContext context, LiveStream live) {
    this.context = context;
    this.live = live;
  }

  void run(Consumer<String> detail) {
    List<BuildStep> steps = context.change().builds(context.options().indexMemoryBytes());
    List<BuildStep> open = steps;
    for (int attempt = 1; !open.isEmpty(); attempt++) {
      List<Failed> failed = attempt(open, detail);
      if (!failed.isEmpty()) {
        if (attempt == TRIES) {
          throw duplicates(failed);
        }
        context.listener().onNote(failed.get(0).words() + "; trying again behind the stream");
        live.catchUp();
      }
      open = failed.stream().map(Failed::step).toList();
    }
    detail.accept("");
  }

  private List<Failed> attempt(List<BuildStep> steps, Consumer<String> detail) {
    Queue<Failed> failed = new ConcurrentLinkedQueue<>();
    // the builds lock the shadow against the flush anyway; paused, it does not queue for the lock
    live.flushLoop().pause();
    try {
      Queue<BuildStep> queue =
          new ConcurrentLinkedQueue<>(steps.stream().filter(BuildStep::parallel).toList());
      int threads = Math.min(context.options().threads(), Math.max(1, queue.size()));
      Workers.run(
          "index",
          threads,
          context.control(),
          () -> {
            for (BuildStep step = queue.poll(); step != null; step = queue.poll()) {
              build(step, failed, detail);
            }
          });
      for (BuildStep step : steps) {
        if (!step.parallel()) {
          build(step, failed, detail);
        }
      }
    } finally {
      live.flushLoop().resume();
    }
    return new ArrayList<>(failed);
  }

  private void build(BuildStep step, Queue<Failed> failed, Consumer<String> detail) {
    context.control().check();
    detail.accept(step.describe());
    try {
      step.run();
    } catch (UniqueConflictException e) {
      failed.add(new Failed(step, e));
    }
  }

  private static MigrationFailedException duplicates(List<Failed> failed) {
    return new MigrationFailedException(
        failed.get(0).words(),
        "The source table is untouched.",
        "Mend these rows, or change the constraint, and run the migration again.",
        failed.get(0).conflict());
  }

  private record Failed(BuildStep step, UniqueConflictException conflict) {
    String words() {
      return "Could not build " + step.describe() + ": " + conflict.getMessage();
    }
  }
}
