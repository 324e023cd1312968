package io.zdmosc.engine.lifecycle;

import io.zdmosc.engine.error.DivergenceException;
import io.zdmosc.engine.progress.PhaseMeter;
import io.zdmosc.engine.spi.Difference;
import io.zdmosc.engine.spi.Flusher;
import io.zdmosc.engine.spi.KeyRange;
import io.zdmosc.engine.throttle.Throttle;
import io.zdmosc.engine.verify.Repair;
import io.zdmosc.engine.verify.Verifier;
import io.zdmosc.engine.verify.VerifyReport;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.stream.Collectors;

/**
 * Verifies; what diverges is reported, repaired by flushing, and everything is verified again. Only
 * a clean pass leads to the cut-over.
 */
final class VerifyPhase {
  private static final int REPORTED = 20;

  private final RunContext context;
  private final LiveStream live;
  private final List<KeyRange> ranges;
  private final IntSupplier threads;
  private final Throttle throttle;

  VerifyPhase(
      RunContext context,
      LiveStream live,
      List<KeyRange> ranges,
      IntSupplier threads,
      Throttle throttle) {
    this.context = context;
    this.live = live;
    this.ranges = ranges;
    this.threads = threads;
    this.throttle = throttle;
  }

  /** The clean pass, with what an earlier one had found. */
  VerifyReport run(PhaseMeter meter) {
    VerifyReport first = pass(meter);
    if (first.isClean()) {
      return first;
    }
    report(first);
    repair(first.divergent());
    PhaseMeter again = new PhaseMeter(meter.total());
    VerifyReport second = pass(again);
    if (!second.isClean()) {
      throw new DivergenceException(
          second.divergent().size() + " rows differ even after repair:\n  " + list(second),
          "The source table is untouched.",
          "Please report this with the log file: it is a bug or a broken server.");
    }
    return new VerifyReport(second.rows(), first.divergent());
  }

  private VerifyReport pass(PhaseMeter meter) {
    return new Verifier(context.change(), ranges, live, meter, throttle, context.control())
        .pass(threads);
  }

  private void report(VerifyReport report) {
    context
        .listener()
        .onNote(
            "verification found "
                + report.divergent().size()
                + " rows that differ; repairing them:\n  "
                + list(report));
  }

  private static String list(VerifyReport report) {
    return report.divergent().stream()
        .limit(REPORTED)
        .map(Difference::toString)
        .collect(Collectors.joining("\n  "));
  }

  private void repair(List<Difference> divergent) {
    live.flushLoop().pause();
    try (Flusher flusher = context.change().openFlusher()) {
      new Repair(flusher)
          .of(divergent).stream()
              .limit(REPORTED)
              .forEach(
                  conflict ->
                      context
                          .listener()
                          .onNote(
                              "not repaired: key " + conflict.key() + ": " + conflict.reason()));
    } finally {
      live.flushLoop().resume();
    }
  }
}
