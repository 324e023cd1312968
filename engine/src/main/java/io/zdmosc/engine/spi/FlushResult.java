package io.zdmosc.engine.spi;

import java.util.List;

/**
 * What a flush did.
 *
 * @param rows rows written into the shadow table
 * @param conflicts keys that were left unflushed because their row meets another shadow row on a
 *     unique or exclusion constraint, each with the server's words
 */
public record FlushResult(long rows, List<Conflict> conflicts) {
  public FlushResult {
    conflicts = List.copyOf(conflicts);
  }

  /** One key that could not be flushed, and why. */
  public record Conflict(Key key, String reason) {}
}
