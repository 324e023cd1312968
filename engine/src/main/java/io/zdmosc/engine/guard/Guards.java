package io.zdmosc.engine.guard;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * When a migration gives up rather than hurt its server.
 *
 * @param maxRetainedBytes log that the server keeps for the migration; the server's own limit holds
 *     besides
 * @param minFreeBytes room that must be left on each of the server's disks that can be seen; empty
 *     for {@link #minFree(long)}; 0 watches none
 */
public record Guards(Optional<Long> maxRetainedBytes, Optional<Long> minFreeBytes) {
  public static final Guards DEFAULT = new Guards(Optional.empty(), Optional.empty());

  private static final long ENOUGH = 1L << 30;

  public Guards {
    requireNonNull(maxRetainedBytes, "maxRetainedBytes is null");
    requireNonNull(minFreeBytes, "minFreeBytes is null");
  }

  /** What must be left of a disk of this size: 1 GB, or a twentieth of it where that is less. */
  public long minFree(long totalBytes) {
    return minFreeBytes.orElse(Math.min(ENOUGH, totalBytes / 20));
  }
}
