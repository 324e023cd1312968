package io.zdmosc.cli.output;

import io.zdmosc.engine.error.LeftBehindException;
import io.zdmosc.engine.error.Problem;
import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.engine.error.ZdmException;
import java.util.ArrayList;
import java.util.List;

/** An error, for people: what, which object, what holds now, what to do next. */
public final class ErrorText {
  private ErrorText() {}

  public static List<String> of(ZdmException error) {
    List<String> lines = new ArrayList<>();
    if (error instanceof RefusedException refused && !refused.problems().isEmpty()) {
      List<Problem> problems = refused.problems();
      lines.add(
          problems.size() == 1 ? "Refused:" : "Refused, for " + problems.size() + " reasons:");
      for (Problem problem : problems) {
        lines.addAll(indented("  ", problem.object() + ": " + problem.what()));
        lines.addAll(indented("      ", problem.remedy()));
      }
    } else {
      lines.addAll(indented("", headline(error) + ": " + error.getMessage()));
    }
    lines.addAll(indented("", error.state()));
    for (Throwable suppressed : error.getSuppressed()) {
      if (suppressed instanceof LeftBehindException left) {
        lines.addAll(indented("", left.getMessage()));
        lines.addAll(indented("", "Next: " + left.next()));
      }
    }
    if (!error.next().isEmpty()) {
      lines.addAll(indented("", "Next: " + error.next()));
    }
    return lines;
  }

  private static String headline(ZdmException error) {
    return switch (error.exitCode()) {
      case REFUSED -> "Refused";
      case CUT_OVER_NOT_REACHED -> "No cut-over";
      case DIVERGED -> "Divergence";
      case ABORTED -> "Stopped";
      case INCOMPLETE -> "Not quite done";
      case DONE, INTERNAL, FAILED -> "Failed";
    };
  }

  private static List<String> indented(String indent, String text) {
    return text.lines().map(line -> indent + line).toList();
  }
}
