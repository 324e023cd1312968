package io.zdmosc.engine.stream;

import io.zdmosc.engine.spi.Key;
import io.zdmosc.engine.spi.Position;
import io.zdmosc.engine.spi.SourceTransaction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The set of changed keys not yet flushed.
 *
 * <p>Thread-safe. Guarantees:
 *
 * <ul>
 *   <li>A key is in here from the moment the stream delivered it until {@link #done} is called for
 *       the entry that stands for it; a change that arrives while the key is being flushed makes a
 *       new entry.
 *   <li>A key is in one hand at a time: what arrives for it meanwhile is taken when that hand has
 *       let it go. So of two that flush, none can write an older row over the other's.
 *   <li>{@link #oldestPosition} is never later than the first commit that is neither flushed nor in
 *       the durable record of keys that wait, so that what is acknowledged by it can never be lost.
 *   <li>At most its capacity of keys wait for their first flush, and about as many rest: the stream
 *       looks at {@link #hasRoom} before each change.
 * </ul>
 */
public final class Delta {
  private static final Comparator<DeltaEntry> BY_ARRIVAL =
      Comparator.comparingLong(entry -> entry.sequence);

  private final int capacity;
  private final LinkedHashMap<Key, DeltaEntry> pending = new LinkedHashMap<>();
  private final LinkedHashMap<Key, DeltaEntry> resting = new LinkedHashMap<>();
  private final Map<Key, DeltaEntry> inHand = new HashMap<>();
  private final LinkedHashMap<Key, DeltaEntry> held = new LinkedHashMap<>();
  private DeltaEntry oldestHeld;
  private boolean watching;
  private final Set<Key> touched = new HashSet<>();
  private long nextSequence;

  public Delta(int capacity) {
    this.capacity = capacity;
  }

  synchronized void add(Key key, SourceTransaction transaction) {
    if (watching && touched.size() <= capacity) {
      touched.add(key);
    }
    DeltaEntry entry = pending.get(key);
    if (entry != null) {
      entry.changedAgain(transaction);
      return;
    }
    pending.put(key, new DeltaEntry(key, nextSequence++, transaction));
    if (pending.size() == 1) {
      notifyAll();
    }
  }

  public synchronized boolean hasRoom() {
    return pending.size() < capacity;
  }

  /** All keys, whatever they wait for. */
  public synchronized int size() {
    return waiting() + held.size();
  }

  /** The keys that could be flushed now or soon. */
  public synchronized int waiting() {
    return pending.size() + resting.size() + inHand.size();
  }

  /** The keys that are in nobody's hand and can be taken now or soon. */
  synchronized int free() {
    return pending.size() + resting.size();
  }

  /** The keys that wait for {@link #release}. */
  public synchronized int held() {
    return held.size();
  }

  public int capacity() {
    return capacity;
  }

  /** Takes up to {@code count} entries whose time has come, the longest waiting first. */
  synchronized List<DeltaEntry> take(int count) {
    List<DeltaEntry> taken = new ArrayList<>();
    long now = System.nanoTime();
    Iterator<DeltaEntry> rested = resting.values().iterator();
    while (rested.hasNext() && taken.size() < count) {
      DeltaEntry entry = rested.next();
      if (entry.isDue(now) && inHand.putIfAbsent(entry.key, entry) == null) {
        rested.remove();
        taken.add(entry);
      }
    }
    Iterator<DeltaEntry> fresh = pending.values().iterator();
    // INVARIANT: what rests is bounded too, by not taking more in while it is over the capacity
    while (fresh.hasNext() && taken.size() < count && resting.size() < capacity) {
      DeltaEntry entry = fresh.next();
      if (inHand.putIfAbsent(entry.key, entry) == null) {
        fresh.remove();
        taken.add(entry);
      }
    }
    return taken;
  }

  /** Takes everything, also what rests; only while nothing is in another hand. */
  synchronized List<DeltaEntry> takeAll() {
    if (!inHand.isEmpty()) {
      throw new IllegalStateException(inHand.size() + " keys are in another hand");
    }
    pending.forEach((key, entry) -> resting.merge(key, entry, DeltaEntry::merge));
    inHand.putAll(resting);
    resting.clear();
    pending.clear();
    return new ArrayList<>(inHand.values());
  }

  /** These entries are flushed, or need no flush. */
  synchronized void done(Collection<DeltaEntry> entries) {
    entries.forEach(this::letGo);
    notifyAll();
  }

  /** These entries could not be flushed now and come again after a rest. */
  synchronized void putBack(Collection<DeltaEntry> entries, Duration rest) {
    long notBefore = System.nanoTime() + rest.toNanos();
    for (DeltaEntry entry : entries) {
      letGo(entry);
      entry.restUntil(notBefore);
      resting.merge(entry.key, entry, DeltaEntry::merge);
    }
  }

  /** These entries wait until {@link #release}: nobody can flush them before. */
  synchronized void hold(Collection<DeltaEntry> entries) {
    for (DeltaEntry entry : entries) {
      letGo(entry);
      DeltaEntry merged = held.merge(entry.key, entry, DeltaEntry::merge);
      if (oldestHeld == null || merged.sequence < oldestHeld.sequence) {
        oldestHeld = merged;
      }
    }
  }

  /** What was held can be taken. */
  synchronized void release() {
    putBack(held.values(), Duration.ZERO);
    held.clear();
    oldestHeld = null;
  }

  /** Waits until there may be something to take. */
  synchronized void awaitWork(Duration atMost) throws InterruptedException {
    // what pends while something is in hand may be the same keys
    if (pending.isEmpty() || !inHand.isEmpty()) {
      wait(Math.max(1, atMost.toMillis()));
    }
  }

  /** A key that an earlier process has kept comes as the first of all. */
  synchronized void restore(Key key) {
    resting.put(key, DeltaEntry.restored(key, nextSequence++));
  }

  /**
   * The durable record has these entries' keys, whose commits so far are visible: no log for them.
   */
  synchronized void kept(Collection<DeltaEntry> entries) {
    entries.forEach(DeltaEntry::letGoOfTheLog);
  }

  /**
   * Where the first commit stands that is neither flushed nor kept in the durable record; empty
   * when there is none. A key that was kept and changed since is an old entry with a young place,
   * so it is the places that count.
   */
  synchronized Optional<Position> oldestPosition() {
    return Stream.concat(firstPendingAndOthers(), Stream.ofNullable(oldestHeld))
        .map(DeltaEntry::neededFrom)
        .flatMap(Optional::stream)
        .min(Comparator.naturalOrder());
  }

  /** How long the oldest change has been waiting, in milliseconds. */
  public synchronized long oldestMillis() {
    return oldest().map(entry -> (System.nanoTime() - entry.arrivedNanos) / 1_000_000).orElse(0L);
  }

  /** A mark: what {@link #isFlushedUpTo} asks for. */
  synchronized long mark() {
    return nextSequence;
  }

  /** True when every change that arrived before the mark is flushed. */
  synchronized boolean isFlushedUpTo(long mark) {
    return oldest().map(entry -> entry.sequence >= mark).orElse(true);
  }

  /**
   * True when every change that arrived before the mark is flushed, but for keys that were tried so
   * often and are in conflict still.
   */
  synchronized boolean isFlushedOrStuckUpTo(long mark, int tries) {
    return firstPendingAndOthers()
        .noneMatch(entry -> entry.sequence < mark && entry.conflicts() < tries);
  }

  /** True when every change that arrived before the mark is flushed, or held. */
  synchronized boolean isHandledUpTo(long mark) {
    return oldestWaiting().map(entry -> entry.sequence >= mark).orElse(true);
  }

  /** From now on remembers which keys change; forgets those of before. */
  public synchronized void watch() {
    watching = true;
    touched.clear();
  }

  /** Remembers no more. */
  public synchronized void unwatch() {
    watching = false;
    touched.clear();
  }

  /** The keys that have changed since {@link #watch}; empty when they were too many to remember. */
  public synchronized Optional<Set<Key>> touched() {
    return touched.size() > capacity ? Optional.empty() : Optional.of(Set.copyOf(touched));
  }

  /** Keys that meet another row on a unique constraint, with the server's words and the tries. */
  public synchronized List<StuckKey> stuck() {
    return Stream.concat(resting.values().stream(), inHand.values().stream())
        .filter(entry -> entry.conflicts() > 0)
        .map(entry -> new StuckKey(entry.key, entry.conflictReason(), entry.conflicts()))
        .toList();
  }

  /** What could not be flushed is due now, as if it had been tried for the first time. */
  public synchronized void retryStuck() {
    resting.values().stream().filter(entry -> entry.conflicts() > 0).forEach(DeltaEntry::tryAgain);
    notifyAll();
  }

  /** A key that could not be flushed {@code tries} times. */
  public record StuckKey(Key key, String reason, int tries) {}

  private void letGo(DeltaEntry entry) {
    inHand.remove(entry.key, entry);
  }

  /** Those that pend came in the order of the log, so the first of them stands for all. */
  private Stream<DeltaEntry> firstPendingAndOthers() {
    return Stream.of(
            pending.values().stream().limit(1), resting.values().stream(), inHand.values().stream())
        .flatMap(Function.identity());
  }

  private Optional<DeltaEntry> oldest() {
    return Stream.concat(oldestWaiting().stream(), Stream.ofNullable(oldestHeld)).min(BY_ARRIVAL);
  }

  private Optional<DeltaEntry> oldestWaiting() {
    return firstPendingAndOthers().min(BY_ARRIVAL);
  }
}
