package io.zdmosc.engine.spi;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;

/**
 * What an operator wants of a migration, from whatever machine. It stays until it is changed.
 *
 * @param abort the migration is to stop, and what was built is to be removed
 * @param pause nothing new is to be begun; the change stream goes on
 * @param cutOver a cut-over that was postponed may begin
 * @param threads in place of the run's own
 * @param chunkTime in place of the run's own
 * @param maxLag in place of the run's own
 */
public record Orders(
    boolean abort,
    boolean pause,
    boolean cutOver,
    Optional<Integer> threads,
    Optional<Duration> chunkTime,
    Optional<Duration> maxLag) {
  /** Nothing is wanted. */
  public static final Orders NONE =
      new Orders(false, false, false, Optional.empty(), Optional.empty(), Optional.empty());

  public Orders {
    requireNonNull(threads, "threads is null");
    requireNonNull(chunkTime, "chunkTime is null");
    requireNonNull(maxLag, "maxLag is null");
  }

  public Orders toAbort() {
    return new Orders(true, pause, cutOver, threads, chunkTime, maxLag);
  }

  public Orders toPause(boolean value) {
    return new Orders(abort, value, cutOver, threads, chunkTime, maxLag);
  }

  public Orders toCutOver() {
    return new Orders(abort, false, true, threads, chunkTime, maxLag);
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
        lag.or(() -> maxLag));
  }
}
