package io.zdmosc.engine.stream;

import io.zdmosc.engine.concurrent.RunControl;
import io.zdmosc.engine.copy.Frontier;
import io.zdmosc.engine.spi.CopyLayout;
import io.zdmosc.engine.spi.FlushResult;
import io.zdmosc.engine.spi.Flusher;
import io.zdmosc.engine.spi.Key;
import io.zdmosc.engine.spi.KeyLocation;
import io.zdmosc.engine.spi.Settlement;
import io.zdmosc.engine.spi.WaitingKeys;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Flushes the delta, batch after batch, on a thread of its own. As long as the shadow's key index
 * is put off, copied keys are held instead.
 *
 * <p>The order of each round is what makes it safe: first the settlement is read and unsettled keys
 * are put back; then the layout of the copy is read; only then does the flush take its snapshot. So
 * what the layout shows as beyond the frontier will be read by a chunk younger than the settled
 * commit, and what it shows as copied is visible to the flush.
 */
public final class FlushLoop implements AutoCloseable {
  private static final int BATCH = 4_000;
  private static final Duration IDLE = Duration.ofMillis(20);
  private static final Duration UNSETTLED_REST = Duration.ofMillis(3);
  private static final Duration IN_FLIGHT_REST = Duration.ofMillis(60);
  private static final Duration CONFLICT_REST = Duration.ofMillis(100);

  /** What has been tried for long is somebody's to mend, and is tried less often. */
  private static final Duration LONG_CONFLICT_REST = Duration.ofSeconds(5);

  private static final int MANY_TRIES = 60;

  private final Flusher flusher;
  private final Delta delta;
  private final StreamFollower follower;
  private final Frontier frontier;
  private final KeyIndex keyIndex;
  private final KeptKeys kept;
  private final RunControl control;
  private final AtomicLong applied = new AtomicLong();
  private final Thread thread = new Thread(this::run, "zdm-flush");
  private boolean pauseWanted;
  private boolean idle;
  private boolean closed;
  private volatile boolean checked;

  /**
   * @param waiting the durable record of keys that cannot be flushed for long, where there is one
   */
  public FlushLoop(
      Flusher flusher,
      Delta delta,
      StreamFollower follower,
      Frontier frontier,
      KeyIndex keyIndex,
      Optional<WaitingKeys> waiting,
      RunControl control) {
    this.flusher = flusher;
    this.delta = delta;
    this.follower = follower;
    this.frontier = frontier;
    this.keyIndex = keyIndex;
    this.kept = new KeptKeys(waiting, delta);
    this.control = control;
  }

  public void start() {
    kept.restore();
    thread.setDaemon(true);
    thread.start();
  }

  /** From now on compares each batch with the source in the flush's own snapshot. */
  public void checkEachBatch() {
    checked = true;
  }

  /**
   * Lets go what was held for the key index, which is there now; only while paused, or from within.
   */
  public void keyIndexBuilt() {
    delta.release();
  }

  /** Keys flushed so far. */
  public long applied() {
    return applied.get();
  }

  /** Returns when no flush is under way; none begins until {@link #resume}. */
  public synchronized void pause() {
    pauseWanted = true;
    while (!idle && thread.isAlive()) {
      control.check();
      waitAWhile();
    }
  }

  public synchronized void resume() {
    pauseWanted = false;
    notifyAll();
  }

  /**
   * Takes all that is left in the delta, for a flush by somebody else; only while paused.
   *
   * @return what must be told how that flush ended
   */
  public Remainder takeRemainder() {
    return new Remainder(delta.takeAll());
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    flusher.close();
    kept.close();
  }

  private void run() {
    try {
      while (mayWork()) {
        if (!round()) {
          follower.acknowledge();
          delta.awaitWork(IDLE);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      control.fail(e);
    }
  }

  private synchronized boolean mayWork() {
    while (pauseWanted && !closed) {
      idle = true;
      notifyAll();
      waitAWhile();
    }
    idle = false;
    return !closed;
  }

  private synchronized void waitAWhile() {
    try {
      wait(50);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** One batch; false when there was nothing to do. */
  private boolean round() {
    if (keyIndex.isDue(delta.held())) {
      keyIndex.build();
      keyIndexBuilt();
    }
    List<DeltaEntry> batch = delta.take(BATCH);
    if (batch.isEmpty()) {
      return false;
    }
    List<DeltaEntry> ready = settled(batch);
    if (!ready.isEmpty()) {
      ready = copied(ready);
    }
    if (!keyIndex.isThere()) {
      delta.hold(ready);
    } else if (!ready.isEmpty()) {
      flush(ready);
    }
    follower.acknowledge();
    return true;
  }

  private List<DeltaEntry> settled(List<DeltaEntry> batch) {
    Settlement settlement = flusher.settlement();
    List<DeltaEntry> settled = new ArrayList<>(batch.size());
    List<DeltaEntry> unsettled = new ArrayList<>();
    for (DeltaEntry entry : batch) {
      (entry.isVisible(settlement) ? settled : unsettled).add(entry);
    }
    delta.putBack(unsettled, UNSETTLED_REST);
    return settled;
  }

  private List<DeltaEntry> copied(List<DeltaEntry> settled) {
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

  private void flush(List<DeltaEntry> ready) {
    finish(ready, flusher.flush(ready.stream().map(entry -> entry.key).toList(), checked));
  }

  private void finish(List<DeltaEntry> entries, FlushResult result) {
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

  /** What was left in the delta, in somebody else's hand. */
  public final class Remainder {
    private final List<DeltaEntry> entries;

    private Remainder(List<DeltaEntry> entries) {
      this.entries = entries;
    }

    public List<Key> keys() {
      return entries.stream().map(entry -> entry.key).toList();
    }

    /** The flush of these keys is durable. */
    public void flushed(FlushResult result) {
      finish(entries, result);
    }

    /** The flush did not happen: the keys go back into the delta. */
    public void notFlushed() {
      delta.putBack(entries, Duration.ZERO);
    }
  }
}
