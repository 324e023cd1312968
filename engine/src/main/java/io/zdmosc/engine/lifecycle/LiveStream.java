package io.zdmosc.engine.lifecycle;

import io.zdmosc.engine.concurrent.RunControl;
import io.zdmosc.engine.copy.Frontier;
import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.engine.spi.ChangeStream;
import io.zdmosc.engine.spi.PreparedChange;
import io.zdmosc.engine.stream.Delta;
import io.zdmosc.engine.stream.FlushLoop;
import io.zdmosc.engine.stream.KeyIndex;
import io.zdmosc.engine.stream.StreamFollower;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.stream.Collectors;

/** The change stream of a running migration with all that carries it into the shadow table. */
public final class LiveStream implements AutoCloseable {
  /** About 100 bytes a key: some 40 MB of heap at the most. */
  private static final int DELTA_CAPACITY = 300_000;

  private static final int TRIES_BEFORE_A_CONFLICT_COUNTS = 50;

  private final RunControl control;
  private final Delta delta = new Delta(DELTA_CAPACITY);
  private final ChangeStream stream;
  private final StreamFollower follower;
  private final FlushLoop flushLoop;
  private final KeyIndex keyIndex;
  private final boolean wayBack;

  /**
   * @param threads how many connections the run may have for one kind of work now
   */
  public LiveStream(
      PreparedChange change,
      Frontier frontier,
      KeyIndex keyIndex,
      IntSupplier threads,
      RunControl control) {
    this.control = control;
    this.keyIndex = keyIndex;
    this.wayBack = change.isWayBack();
    this.stream = change.openStream();
    this.follower = new StreamFollower(stream, delta, control, this::truncated);
    this.flushLoop =
        new FlushLoop(
            change::openFlusher,
            change.flushesSideBySide() ? threads : () -> 1,
            delta,
            follower,
            frontier,
            keyIndex,
            change.openWaitingKeys(),
            control);
  }

  private RuntimeException truncated() {
    return wayBack
        ? MigrationFailedException.changesLost(
            "The new table was truncated while the retired one was kept in step with it.",
            "The new table serves, as the application left it.",
            "There is no way back any more; zdm-osc contract ends it.")
        : new MigrationFailedException(
            "The source table was truncated while it was being migrated.",
            "The source table is as the application left it.",
            "Run the migration again.");
  }

  public void start() {
    flushLoop.start();
    follower.start();
  }

  public Delta delta() {
    return delta;
  }

  public StreamFollower follower() {
    return follower;
  }

  public FlushLoop flushLoop() {
    return flushLoop;
  }

  public KeyIndex keyIndex() {
    return keyIndex;
  }

  /**
   * Waits until everything committed before now is flushed.
   *
   * @throws MigrationFailedException when a row meets another one on a unique constraint although
   *     the stream has passed every change that could explain it
   */
  public void catchUp() {
    keyIndex.want(); // nothing is flushed without it
    try (StreamFollower.Fence fence = follower.fence()) {
      control.await(
          () -> {
            // not before: all that do not fit are to be named, not the first of them
            if (fence.isFlushedOrStuck(TRIES_BEFORE_A_CONFLICT_COUNTS)) {
              checkConflicts();
            }
            return fence.isFlushed();
          },
          Duration.ofDays(365));
    }
  }

  private void checkConflicts() {
    List<Delta.StuckKey> stuck = conflicts();
    if (!stuck.isEmpty()) {
      throw conflictFailure(stuck.size(), words(stuck));
    }
  }

  /** The keys whose rows meet others, or do not fit, although they were tried for long. */
  public List<Delta.StuckKey> conflicts() {
    return delta.stuck().stream()
        .filter(key -> key.tries() >= TRIES_BEFORE_A_CONFLICT_COUNTS)
        .toList();
  }

  /** Tries what waits again at once, as if for the first time: somebody may have mended it. */
  public void retryStuck() {
    delta.retryStuck();
  }

  /** What waits, in one line. */
  static String waiting(List<Delta.StuckKey> stuck) {
    Delta.StuckKey first =
        stuck.stream().min(Comparator.comparing(key -> key.key().toString())).orElseThrow();
    return stuck.size()
        + (stuck.size() == 1 ? " row waits" : " rows wait")
        + " that cannot be carried back; the first: key "
        + first.key()
        + ": "
        + first.reason();
  }

  private static String words(List<Delta.StuckKey> stuck) {
    return stuck.stream()
        .limit(10)
        .map(key -> "key " + key.key() + ": " + key.reason())
        .collect(Collectors.joining("\n  "));
  }

  /** The failure for rows that violate a constraint of the table that is to serve. */
  public MigrationFailedException conflictFailure(int rows, String words) {
    return wayBack
        ? new MigrationFailedException(
            rows + " row(s) of the new table do not fit into the old one:\n  " + words,
            "The new table serves, and the retired one is kept in step but for these rows.",
            "Mend these rows, then roll back again.")
        : new MigrationFailedException(
            rows + " row(s) violate a constraint of the new table:\n  " + words,
            "The source table is untouched.",
            "Mend these rows, or change the constraint, and run the migration again.");
  }

  @Override
  public void close() {
    // the consumer first: nothing is flushed or acknowledged any more when the stream ends
    flushLoop.close();
    stream.close();
  }
}
