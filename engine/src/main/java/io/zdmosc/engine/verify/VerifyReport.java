package io.zdmosc.engine.verify;

import io.zdmosc.engine.spi.Difference;
import java.util.List;

/**
 * What one pass over both tables found.
 *
 * @param rows rows of the source that were compared
 * @param divergent keys whose rows differ although no change of them was on its way
 */
public record VerifyReport(long rows, List<Difference> divergent) {
  public VerifyReport {
    divergent = List.copyOf(divergent);
  }

  public boolean isClean() {
    return divergent.isEmpty();
  }
}
