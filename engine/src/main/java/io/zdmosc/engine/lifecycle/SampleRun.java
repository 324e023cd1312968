package io.zdmosc.engine.lifecycle;

import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.engine.plan.Estimate;
import io.zdmosc.engine.spi.BuildStep;
import io.zdmosc.engine.spi.Chunk;
import io.zdmosc.engine.spi.ChunkCopier;
import io.zdmosc.engine.spi.ChunkPlanner;
import io.zdmosc.engine.spi.Difference;
import io.zdmosc.engine.spi.Key;
import io.zdmosc.engine.spi.KeyRange;
import io.zdmosc.engine.spi.RangeComparison;
import io.zdmosc.engine.spi.RangeVerifier;
import io.zdmosc.engine.spi.SourceWatch;
import io.zdmosc.engine.spi.UniqueConflictException;
import io.zdmosc.engine.verify.Repair;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The dry run on a sample: copies and compares chunks spread over the table, builds the indexes on
 * them, and works out from that what the whole would take.
 *
 * <p>There is no change stream, so a row that changes between the copy of its chunk and its
 * comparison shows as different. Such rows are copied by key and compared once more before they
 * count.
 */
final class SampleRun {
  private static final int CHUNKS = 24;
  private static final long CHUNK_ROWS = 2_000;
  private static final int TRIES = 5;

  private final RunContext context;
  private long rows;
  private long copyNanos;
  private long verifyNanos;
  private long indexNanos;

  SampleRun(RunContext context) {
    this.context = context;
  }

  Estimate run() {
    try (SourceWatch watch = context.change().openWatch()) {
      context.enter(MigrationState.COPYING, "sample");
      long logBefore = watch.writtenLogBytes();
      List<KeyRange> ranges = ranges();
      copy(ranges);
      context.enter(MigrationState.INDEXING, "sample");
      buildIndexes(ranges);
      long logBytes = watch.writtenLogBytes() - logBefore;
      long diskBytes = watch.shadowBytes();
      context.enter(MigrationState.VERIFYING, "sample");
      compare(ranges);
      return estimate(diskBytes, logBytes);
    }
  }

  /** Ranges of some rows each, spread over the table, without overlap. */
  private List<KeyRange> ranges() {
    List<KeyRange> ranges = new ArrayList<>();
    try (ChunkPlanner planner = context.change().openPlanner()) {
      List<Key> starts = planner.sample(CHUNKS);
      if (starts.isEmpty()) {
        return List.of(new KeyRange(null, null));
      }
      Optional<Key> first =
          planner.boundaryAfter(Optional.empty(), CHUNK_ROWS, Optional.of(starts.get(0)));
      ranges.add(new KeyRange(null, first.orElse(starts.get(0))));
      for (int i = 0; i + 1 < starts.size(); i++) {
        Key end = starts.get(i + 1);
        Optional<Key> upper =
            planner.boundaryAfter(Optional.of(starts.get(i)), CHUNK_ROWS, Optional.of(end));
        ranges.add(new KeyRange(starts.get(i), upper.orElse(end)));
      }
    }
    return ranges;
  }

  private void copy(List<KeyRange> ranges) {
    try (ChunkCopier copier = context.change().openCopier()) {
      long number = 0;
      for (KeyRange range : ranges) {
        context.control().check();
        long begin = System.nanoTime();
        rows += copier.copy(new Chunk(++number, range));
        copyNanos += System.nanoTime() - begin;
      }
    }
  }

  private void buildIndexes(List<KeyRange> ranges) {
    long begin = System.nanoTime();
    boolean all = true;
    long memory = context.options().indexMemoryBytes();
    List<BuildStep> steps = new ArrayList<>();
    context.change().keyIndex(memory).ifPresent(steps::add);
    steps.addAll(context.change().builds(memory));
    for (BuildStep step : steps) {
      if (all || step.parallel()) { // the others may build on one that is not there
        all &= build(step, ranges);
      }
    }
    indexNanos = System.nanoTime() - begin;
  }

  /**
   * Builds one index. The rows of the sample were read at different moments, so they may hold
   * values together that never were together. Duplicates are real when none of these rows has
   * changed meanwhile; as long as some do, nothing can be said.
   *
   * @return false when it could not be built and nothing can be said
   */
  private boolean build(BuildStep step, List<KeyRange> ranges) {
    for (int attempt = 1; ; attempt++) {
      context.control().check();
      try {
        step.run(context.options().threads());
        return true;
      } catch (UniqueConflictException e) {
        String words = "Could not build " + step.describe() + " on a sample: " + e.getMessage();
        if (refresh(ranges) == 0) {
          throw new MigrationFailedException(
              words,
              "The source table is untouched.",
              "Mend these rows, or change the constraint.",
              e);
        }
        if (attempt == TRIES) {
          context
              .listener()
              .onNote(words + "; but these rows change so often that this may mean nothing");
          return false;
        }
      }
    }
  }

  /** Brings the sample up to date; how many of its rows had changed. */
  private int refresh(List<KeyRange> ranges) {
    try (RangeVerifier verifier = context.change().openVerifier()) {
      return ranges.stream().mapToInt(range -> recheck(verifier, range)).sum();
    }
  }

  private void compare(List<KeyRange> ranges) {
    long begin = System.nanoTime();
    try (RangeVerifier verifier = context.change().openVerifier()) {
      for (KeyRange range : ranges) {
        context.control().check();
        RangeComparison comparison = verifier.compare(range);
        if (!comparison.equal()) {
          recheck(verifier, range);
        }
      }
    }
    verifyNanos = System.nanoTime() - begin;
  }

  private int recheck(RangeVerifier verifier, KeyRange range) {
    List<Difference> differences = verifier.differences(range, (int) CHUNK_ROWS);
    try (var flusher = context.change().openFlusher()) {
      new Repair(flusher).of(differences);
    }
    return differences.size();
  }

  private Estimate estimate(long diskBytes, long logBytes) {
    long total = Math.max(rows, context.plan().size().rows());
    double scale = rows == 0 ? 1 : (double) total / rows;
    double logarithmic =
        rows < 2 ? 1 : Math.max(1, Math.log(Math.max(2, total)) / Math.log(Math.max(2, rows)));
    int threads = context.options().threads();
    return new Estimate(
        rows,
        copyNanos / 1e9 * scale / threads,
        indexNanos / 1e9 * scale * logarithmic / threads,
        verifyNanos / 1e9 * scale / threads,
        Math.round(diskBytes * scale),
        Math.round(logBytes * scale));
  }
}
