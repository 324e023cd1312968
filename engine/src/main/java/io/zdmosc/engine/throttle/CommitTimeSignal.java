package io.zdmosc.engine.throttle;

import io.zdmosc.engine.spi.LoadWatch;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * How long the commit of a small transaction of ours takes. A commit that has not come back yet
 * counts with the time that it has taken so far.
 */
public final class CommitTimeSignal extends SampledSignal {
  private static final int REMEMBERED = 3;

  private final Supplier<LoadWatch> watch;
  private final Supplier<Optional<Limit>> limit;
  private final double[] latest = new double[REMEMBERED];
  private int count;
  private volatile long begun;

  /**
   * @param limit in milliseconds; may change at any time; while it is empty, nothing is written
   */
  public CommitTimeSignal(Supplier<LoadWatch> watch, Supplier<Optional<Limit>> limit) {
    this.watch = watch;
    this.limit = limit;
  }

  @Override
  protected Reading read() {
    Optional<Limit> present = limit.get();
    if (present.isEmpty()) {
      return Reading.NONE;
    }
    begun = Math.max(1, System.nanoTime());
    try {
      latest[count++ % REMEMBERED] = watch.get().commit().toNanos() / 1e6;
    } finally {
      begun = 0;
    }
    double millis = typical();
    return new Reading(present.get().pressure(millis), words(millis));
  }

  /** The middle one of the last three: a single slow one is none. */
  private double typical() {
    int known = Math.min(count, REMEMBERED);
    double[] sorted = Arrays.copyOf(latest, known);
    Arrays.sort(sorted);
    return sorted[(known - 1) / 2];
  }

  private static String words(double millis) {
    return "a commit takes " + Math.round(millis) + " ms";
  }

  @Override
  public double pressure() {
    return Math.max(
        super.pressure(), limit.get().map(present -> present.pressure(underWay())).orElse(0.0));
  }

  @Override
  public String reason() {
    double millis = underWay();
    boolean stuck = limit.get().filter(present -> present.pressure(millis) >= 1).isPresent();
    return stuck ? words(millis) + " and is not back yet" : super.reason();
  }

  /** How many milliseconds a commit has been on its way; 0 when there is none. */
  private double underWay() {
    long since = begun;
    return since == 0 ? 0 : (System.nanoTime() - since) / 1e6;
  }

  @Override
  protected String subject() {
    return "the time of a commit";
  }
}
