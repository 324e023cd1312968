package io.zdmosc.engine.spi;

import java.util.ArrayList;
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

  /** This and another of other keys. */
  public FlushResult and(FlushResult other) {
    List<Conflict> all = new ArrayList<>(conflicts);
    all.addAll(other.conflicts);
    return new FlushResult(rows + other.rows, all);
  }

  /** One key that could not be flushed, and why. */
  public record Conflict(Key key, String reason) {}
}
