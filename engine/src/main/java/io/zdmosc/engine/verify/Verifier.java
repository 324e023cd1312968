package io.zdmosc.engine.verify;

import io.zdmosc.engine.concurrent.Crew;
import io.zdmosc.engine.concurrent.RunControl;
import io.zdmosc.engine.lifecycle.LiveStream;
import io.zdmosc.engine.progress.PhaseMeter;
import io.zdmosc.engine.spi.Difference;
import io.zdmosc.engine.spi.Key;
import io.zdmosc.engine.spi.KeyRange;
import io.zdmosc.engine.spi.PreparedChange;
import io.zdmosc.engine.spi.RangeComparison;
import io.zdmosc.engine.spi.RangeVerifier;
import io.zdmosc.engine.throttle.Throttle;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.IntSupplier;

/** One pass over source and shadow while the change stream goes on. */
public final class Verifier {
  private static final int DIFFERENCES_PER_RANGE = 2_000;
  private static final int SUSPECTS = 100_000;
  private static final int ROUNDS = 20;

  private final PreparedChange change;
  private final List<KeyRange> ranges;
  private final LiveStream live;
  private final PhaseMeter meter;
  private final Throttle throttle;
  private final RunControl control;

  /**
   * @param ranges that cover every key; those of the copy serve well, since rows added since lie in
   *     them too
   * @param throttle holds ranges back
   */
  public Verifier(
      PreparedChange change,
      List<KeyRange> ranges,
      LiveStream live,
      PhaseMeter meter,
      Throttle throttle,
      RunControl control) {
    this.change = change;
    this.ranges = List.copyOf(ranges);
    this.live = live;
    this.meter = meter;
    this.throttle = throttle;
    this.control = control;
  }

  /**
   * Compares every row of both tables.
   *
   * @param threads may change at any time; a thread that is too many leaves between two ranges
   */
  public VerifyReport pass(IntSupplier threads) {
    Suspects suspects = new Suspects(SUSPECTS);
    Collection<KeyRange> crowded = new ConcurrentLinkedQueue<>();
    Queue<KeyRange> open = new ConcurrentLinkedQueue<>(ranges);
    new Crew("verify", threads, control, seat -> work(seat, open, suspects, crowded)).run();
    try (RangeVerifier verifier = change.openVerifier()) {
      List<Difference> divergent = new ArrayList<>(confirm(verifier, suspects.all()));
      divergent.addAll(confirm(verifier, verifier.unmatched(SUSPECTS)));
      divergent.addAll(again(verifier, crowded));
      return new VerifyReport(meter.done(), divergent);
    }
  }

  private void work(
      Crew.Seat seat, Queue<KeyRange> open, Suspects suspects, Collection<KeyRange> crowded) {
    try (RangeVerifier verifier = change.openVerifier()) {
      long lastMillis = 0;
      for (KeyRange range = next(seat, open); range != null; range = next(seat, open)) {
        throttle.beforeChunk(control, lastMillis);
        long begin = System.nanoTime();
        RangeComparison comparison = verifier.compare(range);
        if (!comparison.equal()) {
          List<Difference> found = verifier.differences(range, DIFFERENCES_PER_RANGE);
          if (found.size() >= DIFFERENCES_PER_RANGE || !suspects.add(found)) {
            crowded.add(range);
          }
        }
        meter.add(comparison.sourceRows());
        lastMillis = (System.nanoTime() - begin) / 1_000_000;
      }
    }
  }

  /** Null when there is nothing more to compare, or not for this thread. */
  private static KeyRange next(Crew.Seat seat, Queue<KeyRange> open) {
    return seat.isKept() ? open.poll() : null;
  }

  /** Ranges that had more differences than were looked at, once more from the start. */
  private List<Difference> again(RangeVerifier verifier, Collection<KeyRange> crowded) {
    List<Difference> divergent = new ArrayList<>();
    for (KeyRange range : crowded) {
      List<Difference> found = verifier.differences(range, SUSPECTS);
      List<Difference> confirmed = confirm(verifier, found);
      divergent.addAll(confirmed);
      if (found.size() >= SUSPECTS && confirmed.isEmpty()) {
        // all of these were on their way; what lies behind them is still unseen
        divergent.addAll(again(verifier, List.of(range)));
      }
      if (divergent.size() >= SUSPECTS) {
        break;
      }
    }
    return divergent;
  }

  /** What of these differences is there for good. */
  private List<Difference> confirm(RangeVerifier verifier, List<Difference> found) {
    List<Key> extra = new ArrayList<>();
    List<Key> others = new ArrayList<>();
    for (Difference difference : found) {
      (difference.kind() == Difference.Kind.EXTRA ? extra : others).add(difference.key());
    }
    List<Difference> divergent = confirmKeys(verifier, others);
    divergent.addAll(confirmExtra(verifier, extra));
    return divergent;
  }

  /**
   * Which of these shadow rows no source row leads to.
   *
   * <p>The shadow's keys are not those that the stream delivers, so nobody can tell whether one
   * changed meanwhile. But a row that is extra whenever the stream has caught up, time and again,
   * is extra for good.
   */
  private List<Difference> confirmExtra(RangeVerifier verifier, List<Key> keys) {
    List<Difference> open = List.of();
    List<Key> asked = keys;
    for (int round = 0; round < ROUNDS && !asked.isEmpty(); round++) {
      control.check();
      live.catchUp();
      open = verifier.unmatched(asked);
      asked = open.stream().map(Difference::key).toList();
    }
    return open;
  }

  /**
   * Which of these keys differ for good.
   *
   * <p>The keys are watched from before the stream has caught up until after it has caught up with
   * the comparison. A key that differs although none of its changes came by in that time differs
   * for good; one that did change is compared again. A key that changes in every round is left to
   * the flush, which compares each batch in its own snapshot from now on.
   */
  private List<Difference> confirmKeys(RangeVerifier verifier, List<Key> keys) {
    List<Difference> divergent = new ArrayList<>();
    List<Key> open = keys;
    for (int round = 0; round < ROUNDS && !open.isEmpty(); round++) {
      control.check();
      live.delta().watch();
      live.catchUp();
      List<Difference> differing = verifier.differences(open);
      if (differing.isEmpty()) {
        break;
      }
      live.catchUp();
      Set<Key> changed = changed(verifier, differing);
      differing.stream().filter(d -> !changed.contains(d.key())).forEach(divergent::add);
      open = differing.stream().map(Difference::key).filter(changed::contains).toList();
    }
    live.delta().unwatch();
    return divergent;
  }

  /** Those of which a change came by, be it under another text that is equal for the server. */
  private Set<Key> changed(RangeVerifier verifier, List<Difference> differing) {
    List<Key> keys = differing.stream().map(Difference::key).toList();
    Optional<Set<Key>> touched = live.delta().touched();
    if (touched.isEmpty()) {
      return Set.copyOf(keys);
    }
    Set<Key> changed = new HashSet<>(keys);
    changed.retainAll(touched.get());
    List<Key> others = keys.stream().filter(key -> !changed.contains(key)).toList();
    if (!others.isEmpty()) {
      changed.addAll(verifier.sameRows(others, touched.get()));
    }
    return changed;
  }
}
