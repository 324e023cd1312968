package io.zdmosc.engine.throttle;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * The limits of those signals that have them; what is empty is not watched.
 *
 * @param replicaLag in milliseconds; where it is empty, the limit of the change stream's lag holds
 * @param running statements of others that the server works on at the same time
 * @param commitTime of a small transaction of ours, in milliseconds
 * @param query the number that the throttle query gives
 */
public record Limits(
    Optional<Limit> replicaLag,
    Optional<Limit> running,
    Optional<Limit> commitTime,
    Optional<Limit> query) {
  public static final Limits NONE =
      new Limits(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  public Limits {
    requireNonNull(replicaLag, "replicaLag is null");
    requireNonNull(running, "running is null");
    requireNonNull(commitTime, "commitTime is null");
    requireNonNull(query, "query is null");
  }

  /** These, and for those that are empty the others. */
  public Limits or(Limits others) {
    return new Limits(
        replicaLag.or(others::replicaLag),
        running.or(others::running),
        commitTime.or(others::commitTime),
        query.or(others::query));
  }
}
