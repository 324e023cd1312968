package io.zdmosc.engine.spi;

import java.util.List;
import java.util.Optional;

/**
 * What the copier had handed out at one moment.
 *
 * @param frontier the upper bound of the last chunk handed out; empty while there is none
 * @param complete true when the last chunk, which has no upper bound, has been handed out
 * @param inFlight the ranges handed out whose chunk has not committed yet
 * @param version grows with every change of the layout
 */
public record CopyLayout(
    Optional<Key> frontier, boolean complete, List<KeyRange> inFlight, long version) {
  public CopyLayout {
    inFlight = List.copyOf(inFlight);
  }

  /** True when every key counts as copied. */
  public boolean allCopied() {
    return complete && inFlight.isEmpty();
  }
}
