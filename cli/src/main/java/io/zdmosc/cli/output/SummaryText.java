package io.zdmosc.cli.output;

import io.zdmosc.engine.DryRun;
import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.progress.Summary;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The end of a migration, for people. */
final class SummaryText {
  private SummaryText() {}

  static List<String> of(Summary summary) {
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add(headline(summary));
    lines.add(
        "  copied     "
            + Quantity.count(summary.rowsCopied(), "row")
            + ", then "
            + Quantity.count(summary.changesApplied(), "change")
            + " applied");
    lines.add(
        "  verified   "
            + Quantity.count(summary.verifiedRows(), "row")
            + ", "
            + (summary.divergentRows() == 0
                ? "no difference"
                : Quantity.count(summary.divergentRows(), "difference") + " repaired"));
    if (summary.dryRun() == DryRun.NONE) {
      lines.add(
          "  cut-over   "
              + String.format(
                  Locale.ROOT, "held writers %.0f ms at most, ", summary.cutOverStallMillis())
              + Quantity.count(summary.cutOverAttempts(), "attempt"));
    }
    lines.add("  time       " + Quantity.seconds(summary.seconds()));
    if (!summary.retiredTable().isEmpty()) {
      lines.add(
          (summary.state() == MigrationState.ROLLED_BACK ? "  new shape  " : "  old table  ")
              + summary.retiredTable());
    }
    for (String note : summary.notes()) {
      lines.add("  note       " + note);
    }
    return lines;
  }

  private static String headline(Summary summary) {
    return switch (summary.dryRun()) {
      case NONE ->
          switch (summary.state()) {
            case ROLLED_BACK -> "Rolled back: " + summary.newTable() + " has its old shape again.";
            default -> "Done: " + summary.newTable() + " has its new shape.";
          };
      case SAMPLE -> "Dry run done: everything that was built for it is removed.";
      case FULL ->
          "Full dry run done, short of the cut-over: everything that was built for it is removed.";
    };
  }
}
