package io.zdmosc.engine.lifecycle;

import io.zdmosc.engine.concurrent.Workers;
import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.engine.spi.BuildStep;
import io.zdmosc.engine.spi.UniqueConflictException;
import io.zdmosc.engine.window.Gate;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

/**
 * Builds indexes and constraints on the copied shadow table.
 *
 * <p>Chunks are read at different moments, so the shadow can hold value combinations that never
 * existed together; a unique index may then fail although the source has no duplicates. So a build
 * that meets duplicates is tried again after the stream has caught up, and only duplicates that
 * survive that are real.
 *
 * <p>Builds begin inside the windows; those that have begun go on past a window's end, since a
 * server cannot stop one halfway.
 */
final class IndexPhase {
  private static final int TRIES = 5;

  private final RunContext context;
  private final LiveStream live;
  private final IntSupplier wanted;
  private final Gate gate;

  /**
   * @param wanted threads; each pass over the indexes begins with as many as are wanted then
   */
  IndexPhase(RunContext context, LiveStream live, IntSupplier wanted, Gate gate) {
    this.context = context;
    this.live = live;
    this.wanted = wanted;
    this.gate = gate;
  }

  void run(Consumer<String> detail) {
    List<BuildStep> steps = context.change().builds(context.options().indexMemoryBytes());
    List<BuildStep> open = steps;
    for (int attempt = 1; !open.isEmpty(); attempt++) {
      gate.await(context.control());
      Attempt made = attempt(open, detail);
      if (!made.failed().isEmpty()) {
        Failed first = made.failed().get(0);
        if (attempt == TRIES) {
          throw duplicates(first);
        }
        context.listener().onNote(first.words() + "; trying again behind the stream");
        live.catchUp();
      }
      open = made.left();
    }
    detail.accept("");
  }

  private Attempt attempt(List<BuildStep> steps, Consumer<String> detail) {
    Queue<Failed> failed = new ConcurrentLinkedQueue<>();
    List<BuildStep> alone = steps.stream().filter(step -> !step.parallel()).toList();
    List<BuildStep> postponed = new ArrayList<>();
    // the builds lock the shadow against the flush anyway; paused, it does not queue for the lock
    live.flushLoop().pause();
    try {
      sideBySide(steps.stream().filter(BuildStep::parallel).toList(), failed, detail);
      for (BuildStep step : alone) {
        if (failed.isEmpty()) {
          build(step, wanted.getAsInt(), failed, detail);
        } else {
          postponed.add(step); // it may build on what is not there yet
        }
      }
    } finally {
      live.flushLoop().resume();
    }
    return Attempt.of(failed, postponed);
  }

  /**
   * Each thread takes the next index. Several builds of one process each do more than one build of
   * several, so a build gets more only when there are fewer of them than threads.
   */
  private void sideBySide(List<BuildStep> steps, Queue<Failed> failed, Consumer<String> detail) {
    int threads = wanted.getAsInt();
    Queue<Consumer<Integer>> queue = new ConcurrentLinkedQueue<>();
    if (!live.keyIndex().isThere()) {
      queue.add(processes -> buildKeyIndex(processes, detail));
    }
    steps.forEach(step -> queue.add(processes -> build(step, processes, failed, detail)));
    AtomicInteger unfinished = new AtomicInteger(queue.size());
    Workers.run(
        "index",
        Math.min(threads, Math.max(1, queue.size())),
        context.control(),
        () -> {
          for (var next = queue.poll(); next != null; next = queue.poll()) {
            next.accept(Math.max(1, threads / unfinished.get()));
            unfinished.decrementAndGet();
          }
        });
  }

  private void buildKeyIndex(int processes, Consumer<String> detail) {
    context.control().check();
    detail.accept(live.keyIndex().describe());
    live.keyIndex().build(processes);
    live.flushLoop().keyIndexBuilt();
  }

  private void build(BuildStep step, int processes, Queue<Failed> failed, Consumer<String> detail) {
    context.control().check();
    detail.accept(step.describe());
    try {
      step.run(processes);
    } catch (UniqueConflictException e) {
      failed.add(new Failed(step, e));
    }
  }

  private static MigrationFailedException duplicates(Failed failed) {
    return new MigrationFailedException(
        failed.words(),
        "The source table is untouched.",
        "Mend these rows, or change the constraint, and run the migration again.",
        failed.conflict());
  }

  private record Failed(BuildStep step, UniqueConflictException conflict) {
    String words() {
      return "Could not build " + step.describe() + ": " + conflict.getMessage();
    }
  }

  /**
   * What came of one pass over the steps.
   *
   * @param left the steps to run once more, in their order
   */
  private record Attempt(List<Failed> failed, List<BuildStep> left) {
    static Attempt of(Queue<Failed> failed, List<BuildStep> postponed) {
      List<BuildStep> left = new ArrayList<>(failed.stream().map(Failed::step).toList());
      left.addAll(postponed);
      return new Attempt(List.copyOf(failed), left);
    }
  }
}
