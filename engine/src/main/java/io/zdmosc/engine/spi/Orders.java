package io.zdmosc.engine.spi;

import static java.util.Objects.requireNonNull;

import io.zdmosc.engine.Retire;
import io.zdmosc.engine.throttle.Limits;
import java.time.Duration;
import java.util.Optional;

/**
 * What an operator wants of a migration, from whatever machine. It stays until it is changed.
 *
 * @param abort the migration is to stop, and what was built is to be removed
 * @param pause nothing new is to be begun; the change stream goes on
 * @param cutOver a cut-over that was postponed may begin, or one that was not reached may be tried
 *     again
 * @param threads in place of the run's own
 * @param chunkTime in place of the run's own
 * @param maxLag in place of the run's own
 * @param ending how a migration whose new table serves is to end, where its retired table is kept
 *     in step
 * @param limits in place of the run's own, those that are there
 */
public record Orders(
    boolean abort,
    boolean pause,
    boolean cutOver,
    Optional<Integer> threads,
    Optional<Duration> chunkTime,
    Optional<Duration> maxLag,
    Optional<Ending> ending,
    Limits limits) {
  /** Nothing is wanted. */
  public static final Orders NONE =
      new Orders(
          false,
          false,
          false,
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Limits.NONE);

  /** What becomes of a pair of tables of which the new one serves. */
  public enum Ending {
    /** The old table is to serve again; the new one stays under the migration's own name. */
    ROLLBACK,
    /** The old table is to serve again; the new one is dropped. */
    ROLLBACK_AND_DROP,
    /** The retired table is dropped. */
    CONTRACT;

    public boolean isRollback() {
      return this != CONTRACT;
    }

    /** What becomes of the table that does not serve any more. */
    public Retire retire() {
      return this == ROLLBACK ? Retire.KEEP : Retire.DROP;
    }
  }

  public Orders {
    requireNonNull(threads, "threads is null");
    requireNonNull(chunkTime, "chunkTime is null");
    requireNonNull(maxLag, "maxLag is null");
    requireNonNull(ending, "ending is null");
    requireNonNull(limits, "limits is null");
  }

  public Orders toAbort() {
    return new Orders(true, pause, cutOver, threads, chunkTime, maxLag, ending, limits);
  }

  public Orders toPause(boolean value) {
    return new Orders(abort, value, cutOver, threads, chunkTime, maxLag, ending, limits);
  }

  public Orders toCutOver() {
    return new Orders(abort, false, true, threads, chunkTime, maxLag, ending, limits);
  }

  /** The order to cut over was carried out, without success: another one is waited for. */
  public Orders withoutCutOver() {
    return new Orders(abort, pause, false, threads, chunkTime, maxLag, ending, limits);
  }

  /** With those limits that are given. */
  public Orders limited(Limits others) {
    return new Orders(abort, pause, cutOver, threads, chunkTime, maxLag, ending, others.or(limits));
  }

  /** With those limits that are given. */
  public Orders limited(
      Optional<Integer> workers, Optional<Duration> chunk, Optional<Duration> lag) {
    return new Orders(
        abort,
        pause,
        cutOver,
        workers.or(() -> threads),
        chunk.or(() -> chunkTime),
        lag.or(() -> maxLag),
        ending,
        limits);
  }

  /** To end in this way; empty to go on following. */
  public Orders ending(Optional<Ending> wanted) {
    return new Orders(abort, pause, cutOver, threads, chunkTime, maxLag, wanted, limits);
  }
}
