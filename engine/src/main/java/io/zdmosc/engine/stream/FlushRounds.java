package io.zdmosc.engine.stream;

import io.zdmosc.engine.copy.Frontier;
import io.zdmosc.engine.spi.CopyLayout;
import io.zdmosc.engine.spi.FlushResult;
import io.zdmosc.engine.spi.Flusher;
import io.zdmosc.engine.spi.Key;
import io.zdmosc.engine.spi.KeyLocation;
import io.zdmosc.engine.spi.Settlement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What is done with one batch of the delta. As long as the shadow's key index is put off, copied
 * keys are held instead of flushed.
 *
 * <p>The order of each round is what makes it safe: first the settlement is read and unsettled keys
 * are put back; then the layout of the copy is read; only then does the flush take its snapshot. So
 * what the layout shows as beyond the frontier will be read by a chunk younger than the settled
 * commit, and what it shows as copied is visible to the flush.
 *
 * <p>Thread-safe: several rounds may be under way, each with a flusher of its own. A key is in one
 * of them at a time, as {@link Delta} guarantees.
 */
final class FlushRounds {
  static final int BATCH = 4_000;
  private static final Duration UNSETTLED_REST = Duration.ofMillis(3);
  private static final Duration IN_FLIGHT_REST = Duration.ofMillis(60);
  private static final Duration CONFLICT_REST = Duration.ofMillis(100);

  /** What has been tried for long is somebody's to mend, and is tried less often. */
  private static final Duration LONG_CONFLICT_REST = Duration.ofSeconds(5);

  private static final int MANY_TRIES = 60;

  private final Delta delta;
  private final Frontier frontier;
  private final KeyIndex keyIndex;
  private final KeptKeys kept;
  private final AtomicLong applied = new AtomicLong();
  private final TurnTaking turns = new TurnTaking();
  private volatile boolean checked;

  FlushRounds(Delta delta, Frontier frontier, KeyIndex keyIndex, KeptKeys kept) {
    this.delta = delta;
    this.frontier = frontier;
    this.keyIndex = keyIndex;
    this.kept = kept;
  }

  /** From now on compares each batch with the source in the flush's own snapshot. */
  void checkEachBatch() {
    checked = true;
  }

  /** Keys flushed so far. */
  long applied() {
    return applied.get();
  }

  /**
   * One batch; false when there was nothing to do.
   *
   * @param beside true while rounds are under way in several threads
   */
  boolean round(Flusher flusher, boolean beside) {
    List<DeltaEntry> batch = delta.take(BATCH);
    if (batch.isEmpty()) {
      return false;
    }
    List<DeltaEntry> ready = settled(flusher, batch);
    if (!ready.isEmpty()) {
      ready = copied(flusher, ready);
    }
    if (!keyIndex.isThere()) {
      delta.hold(ready);
    } else if (!ready.isEmpty()) {
      List<Key> keys = ready.stream().map(entry -> entry.key).toList();
      finish(ready, turns.flush(flusher, keys, checked, beside));
    }
    return true;
  }

  private List<DeltaEntry> settled(Flusher flusher, List<DeltaEntry> batch) {
    Settlement settlement = flusher.settlement();
    List<DeltaEntry> settled = new ArrayList<>(batch.size());
    List<DeltaEntry> unsettled = new ArrayList<>();
    for (DeltaEntry entry : batch) {
      (entry.isVisible(settlement) ? settled : unsettled).add(entry);
    }
    delta.putBack(unsettled, UNSETTLED_REST);
    return settled;
  }

  private List<DeltaEntry> copied(Flusher flusher, List<DeltaEntry> settled) {
    CopyLayout layout = frontier.layout();
    if (layout.allCopied()) {
      return settled;
    }
    List<KeyLocation> locations =
        flusher.locate(settled.stream().map(entry -> entry.key).toList(), layout);
    Map<KeyLocation, List<DeltaEntry>> byLocation = new HashMap<>();
    for (int i = 0; i < settled.size(); i++) {
      byLocation.computeIfAbsent(locations.get(i), l -> new ArrayList<>()).add(settled.get(i));
    }
    delta.done(byLocation.getOrDefault(KeyLocation.BEYOND, List.of()));
    delta.putBack(byLocation.getOrDefault(KeyLocation.IN_FLIGHT, List.of()), IN_FLIGHT_REST);
    return byLocation.getOrDefault(KeyLocation.COPIED, List.of());
  }

  /** The flush of these entries is durable. */
  void finish(List<DeltaEntry> entries, FlushResult result) {
    Map<Key, String> conflicts = new HashMap<>();
    result.conflicts().forEach(conflict -> conflicts.put(conflict.key(), conflict.reason()));
    List<DeltaEntry> flushed = new ArrayList<>(entries.size());
    List<DeltaEntry> stuck = new ArrayList<>();
    List<DeltaEntry> stuckForLong = new ArrayList<>();
    for (DeltaEntry entry : entries) {
      String reason = conflicts.get(entry.key);
      if (reason == null) {
        flushed.add(entry);
      } else {
        entry.conflict(reason);
        (entry.conflicts() < MANY_TRIES ? stuck : stuckForLong).add(entry);
      }
    }
    kept.forget(flushed);
    kept.keep(stuckForLong);
    delta.done(flushed);
    delta.putBack(stuck, CONFLICT_REST);
    delta.putBack(stuckForLong, LONG_CONFLICT_REST);
    applied.addAndGet(flushed.size());
  }
}
