package io.zdmosc.engine.lifecycle;

import io.zdmosc.engine.cutover.CutOverResult;
import io.zdmosc.engine.spi.CopiedChunk;
import io.zdmosc.engine.spi.PreparedChange;

/** What the live phases did. */
record RunOutcome(
    long rowsCopied,
    long changesApplied,
    long verifiedRows,
    long divergentRows,
    CutOverResult cutOver) {

  /** With what was done while the retired table was kept in step. */
  RunOutcome with(FollowRun.End end) {
    return new RunOutcome(
        rowsCopied,
        changesApplied + end.changesApplied(),
        end.cutOver().isPresent() ? end.verifiedRows() : verifiedRows,
        divergentRows + end.divergentRows(),
        end.cutOver().orElse(cutOver));
  }

  /** For a swap that an earlier process has done: what it copied is all that is known. */
  static RunOutcome unknown(PreparedChange change) {
    long rows = change.copied().stream().mapToLong(CopiedChunk::rows).sum();
    return new RunOutcome(rows, 0, 0, 0, new CutOverResult(0, 0));
  }
}
